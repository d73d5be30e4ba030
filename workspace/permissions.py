"""Who may use which route: one table, applied to every request, and a test proves that it covers every route.

Roles are the names of Django groups. A superuser has all of them. A route that is not in the table is refused.
"""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

Person = AbstractBaseUser | AnonymousUser
ROLES = frozenset({"rep", "lead", "supervisor", "integrator", "administrator", "auditor", "program"})
PEOPLE = frozenset({"rep", "lead", "supervisor"})
SUPERVISORS = frozenset({"supervisor"})
OVERSEERS = frozenset({"supervisor", "auditor"})
"""Who reads reviews, measures and the ledger; an auditor changes nothing."""
EVERYONE = ROLES
INTEGRATORS = frozenset({"integrator"})
WATCHERS = PEOPLE | INTEGRATORS
READERS = PEOPLE | {"auditor"}
"""Who reads cases, letters and what was told."""
READ_ONLY = frozenset({"auditor"})
"""Roles that only read: whatever the table gives them, they send nothing but what concerns their own account."""
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
ADMINISTRATORS = frozenset({"administrator"})
GRANTERS = frozenset({"supervisor", "administrator"})
"""Who opens masked fields to somebody for a time."""
REVIEWERS = frozenset({"supervisor", "lead"})
"""Who signs off reviews: leads their own team's."""
ANYBODY: frozenset[str] = frozenset({"anybody"})
"""Signed in or not."""

PAGES: dict[str, frozenset[str]] = {
    "sign_in": ANYBODY,
    "sign_out": ANYBODY,
    "healthz": ANYBODY,
    "metrics": ANYBODY,  # by its own token
    # Whoever signs as the source does may deliver for it: the signature is the right.
    "inbound": ANYBODY,
    "home": EVERYONE,
    "cases": PEOPLE,
    "cases_matches": PEOPLE,
    "cases_queue": PEOPLE,
    "cases_stream": PEOPLE,
    "cases_find": PEOPLE,
    "cases_open": PEOPLE,
    "case": PEOPLE,
    "case_live": PEOPLE,
    "case_stream": PEOPLE | {"program"},
    "case_reply": PEOPLE,
    "case_verify": PEOPLE,
    "case_refs": PEOPLE,
    "case_customer": PEOPLE,
    "case_refresh": PEOPLE,
    "case_close": PEOPLE,
    "case_reopen": PEOPLE,
    "sources": WATCHERS,
    "sources_live": WATCHERS,
    "source": WATCHERS,
    "source_add": INTEGRATORS,
    "source_settings": INTEGRATORS,
    "source_deliveries": INTEGRATORS,
    "source_delivery": INTEGRATORS,
    "source_unread": INTEGRATORS,
    "source_console": INTEGRATORS,
    "source_pause": INTEGRATORS,
    "source_resume": INTEGRATORS,
    "source_retry": INTEGRATORS,
    "source_secret": INTEGRATORS,
    "source_cursor": INTEGRATORS,
    "source_backfill": INTEGRATORS,
    "source_drift": INTEGRATORS,
    "source_import": INTEGRATORS,
    "source_import_one": INTEGRATORS,
    "source_import_act": INTEGRATORS,
    "source_import_report": INTEGRATORS,
    "source_rerun": INTEGRATORS,
    "source_rerun_one": INTEGRATORS,
    "cases_next": PEOPLE,
    "case_handover": PEOPLE,
    "case_offer": PEOPLE,
    "case_draft": PEOPLE,
    "case_present": PEOPLE,
    "teams": PEOPLE,
    "team_add": SUPERVISORS,
    "team": SUPERVISORS,
    "team_member": PEOPLE,
    "person_leave": SUPERVISORS,
    "case_actions": PEOPLE,
    "case_act": PEOPLE,
    "case_act_again": PEOPLE,
    "case_act_decide": PEOPLE,
    "case_undo": PEOPLE,
    "demo_mailbox": PEOPLE,
    "letters": PEOPLE,
    "letter": PEOPLE,
    "letter_file": PEOPLE,
    "letter_original": PEOPLE,
    "letter_verb": PEOPLE,
    "case_question": PEOPLE,
    "case_earlier": PEOPLE,
    "case_promise": PEOPLE,
    "case_told_check": PEOPLE,
    "case_told_use": PEOPLE,
    "case_told_correct": PEOPLE,
    "case_told_settle": PEOPLE,
    "case_promise_answer": PEOPLE,
    "case_promises_read": PEOPLE,
    "day": PEOPLE,
    "day_live": PEOPLE,
    "day_seen": PEOPLE,
    "bell": PEOPLE,
    "subscriptions": INTEGRATORS,
    "subscription_add": INTEGRATORS,
    "subscription": INTEGRATORS,
    "subscription_change": INTEGRATORS,
    "subscription_switch": INTEGRATORS,
    "subscription_rotate": INTEGRATORS,
    "subscription_try": INTEGRATORS,
    "subscription_again": INTEGRATORS,
    "subscription_end": INTEGRATORS,
    "notice_again": INTEGRATORS,
}


# Programs push facts and ask what they may say; people use the same routes with their session.
CASEWORK = PEOPLE | {"program"}
API: dict[str, frozenset[str]] = {
    "api_cases": CASEWORK,
    "api_case": CASEWORK,
    "api_timeline": CASEWORK,
    "api_answer": CASEWORK,
    "api_messages": CASEWORK,
    "api_refresh": CASEWORK,
    "api_notes": CASEWORK,
    "api_verify": CASEWORK,
    "api_close": PEOPLE,
    "api_reopen": PEOPLE,
    "api_refs": CASEWORK,
    "api_customer": PEOPLE,
    "api_customers_merge": PEOPLE,
    "api_customers_unmerge": PEOPLE,
    "api_question": CASEWORK,
    "api_owner": frozenset({"supervisor", "program"}),
    "api_handovers": PEOPLE,
    "api_handover": PEOPLE,
    "api_draft": PEOPLE,
    "api_teams": CASEWORK,
    "api_team_members": CASEWORK,
    "api_next_case": PEOPLE,
    "api_person_deactivate": SUPERVISORS,
    "api_actions": PEOPLE,
    "api_action_again": PEOPLE,
    "api_action_decide": PEOPLE,
    "api_action_withdraw": PEOPLE,
    "api_actions_waiting": PEOPLE,
    "api_calls": CASEWORK,
    "api_message_undo": PEOPLE,
    "api_action_try": PEOPLE,
    "api_case_commitments": CASEWORK,
    "api_told": CASEWORK,
    "api_told_settle": PEOPLE,
    "api_draft_check": CASEWORK,
    "reviews": REVIEWERS | OVERSEERS,
    "review": PEOPLE | OVERSEERS,
    "review_next": REVIEWERS,
    "review_verdict": REVIEWERS,
    "review_decide": REVIEWERS,
    "reviews_mine": PEOPLE,
    "review_answer": PEOPLE,
    "api_commitments": CASEWORK,
    "api_commitment": CASEWORK,
    "api_commitment_keep": CASEWORK,
    "api_commitment_break": CASEWORK,
    "api_commitment_withdraw": CASEWORK,
    "api_commitment_renegotiate": CASEWORK,
    "api_my_day": PEOPLE,
    "api_my_alerts_seen": PEOPLE,
    "api_subscriptions": INTEGRATORS,
    "api_subscription": INTEGRATORS,
    "api_subscription_rotate": INTEGRATORS,
    "api_subscription_try": INTEGRATORS,
    "api_subscription_again": INTEGRATORS,
    "api_notices": INTEGRATORS,
    "api_notice_again": INTEGRATORS,
    "api_sources": EVERYONE,
    "api_source": EVERYONE,
    "api_facts": frozenset({"program", "integrator"}),
    "api_fact": EVERYONE,
    "api_search": CASEWORK,
    "api_schema": ANYBODY,
    "api_nothing": ANYBODY,
}

TABLE: dict[str, frozenset[str]] = {**PAGES, **API}


def roles_of(user: Person) -> frozenset[str]:
    """The roles a signed-in user has; empty for everybody else and for accounts that are switched off."""
    if not user.is_authenticated or not getattr(user, "is_active", False):
        return frozenset()
    if getattr(user, "is_superuser", False):
        return ROLES
    return ROLES & frozenset(user.groups.values_list("name", flat=True))  # type: ignore[union-attr, attr-defined]


def may(user: Person, route: str) -> bool:
    """True where the table lets this user use this route."""
    allowed = TABLE.get(route, frozenset())
    return allowed == ANYBODY or bool(allowed & roles_of(user))


class RouteRights:
    """Middleware for pages: sends people without a session to the sign-in page and refuses what the table does.

    The API authenticates inside its views (tokens), so there the same table is applied by ``RolePermission``.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: object) -> HttpResponseBase | None:
        match = request.resolver_match
        if match is None or is_api(request.path) or may(request.user, match.view_name):
            return None
        if request.user.is_authenticated:
            raise PermissionDenied(match.view_name)
        if request.headers.get("HX-Request"):
            return HttpResponse(status=403)
        return redirect_to_login(request.get_full_path() if request.method == "GET" else "/")


def is_api(path: str) -> bool:
    return path.startswith("/api/")


class RolePermission(BasePermission):
    """The same table for the API's views."""

    message = "Your account may not use this."

    def has_permission(self, request: Request, view: object) -> bool:
        match = request.resolver_match
        return match is not None and may(request.user, match.view_name)
