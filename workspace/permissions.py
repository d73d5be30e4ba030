"""Who may use which route by which method: one table for every request, and a test proves that it covers every route.

Who sees which personal fields stands in ``workspace.access.fields``. Roles are the names of Django groups. A superuser
has all of them. A route that is not in the table is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

Person = AbstractBaseUser | AnonymousUser
ROLES = frozenset({"rep", "lead", "supervisor", "integrator", "administrator", "auditor", "program"})
PEOPLE = frozenset({"rep", "lead", "supervisor"})
SUPERVISORS = frozenset({"supervisor"})
OVERSEERS = frozenset({"supervisor", "auditor"})
"""Who reads reviews, measures and the ledger; an auditor changes nothing."""
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
EVERYONE = ROLES
INTEGRATORS = frozenset({"integrator"})
WATCHERS = PEOPLE | INTEGRATORS
ANYBODY: frozenset[str] = frozenset({"anybody"})
"""Signed in or not."""

PAGES: dict[str, frozenset[str]] = {
    "sign_in": ANYBODY,
    "sign_out": ANYBODY,
    # By the names that django-allauth leads to, at the same addresses or as a step of signing in.
    "account_login": ANYBODY,
    "account_logout": ANYBODY,
    "account_inactive": ANYBODY,
    "account_reset_password_from_key": ANYBODY,  # by a link that an administrator gave
    "account_reset_password_from_key_done": ANYBODY,
    "mfa_authenticate": ANYBODY,
    "mfa_login_webauthn": ANYBODY,
    "openid_connect_login": ANYBODY,
    "openid_connect_callback": ANYBODY,
    "socialaccount_login_cancelled": ANYBODY,
    "socialaccount_login_error": ANYBODY,
    "socialaccount_signup": ANYBODY,  # leads back: nobody signs up by themselves
    "account_reauthenticate": EVERYONE,
    "account_change_password": EVERYONE,
    "mfa_index": EVERYONE,
    "mfa_reauthenticate": EVERYONE,
    "mfa_activate_totp": EVERYONE,
    "mfa_deactivate_totp": EVERYONE,
    "mfa_view_recovery_codes": EVERYONE,
    "mfa_generate_recovery_codes": EVERYONE,
    "mfa_list_webauthn": EVERYONE,
    "mfa_add_webauthn": EVERYONE,
    "mfa_reauthenticate_webauthn": EVERYONE,
    "mfa_remove_webauthn": EVERYONE,
    "usersessions_list": EVERYONE,
    "access": EVERYONE,
    "access_ask": EVERYONE,
    "access_decide": GRANTERS,
    "access_end": EVERYONE,
    "access_log": OVERSEERS | ADMINISTRATORS,
    "erasures": ADMINISTRATORS | {"auditor"},
    "erasure": ADMINISTRATORS,
    "erasure_ask": ADMINISTRATORS,
    "erasure_answer": ADMINISTRATORS,
    "erasure_export": ADMINISTRATORS,
    "erasure_hold": ADMINISTRATORS,
    "retention": ADMINISTRATORS | {"auditor"},
    "people": ADMINISTRATORS,
    "people_add": ADMINISTRATORS,
    "people_one": ADMINISTRATORS,
    "people_change": ADMINISTRATORS,
    "people_link": ADMINISTRATORS,
    "people_token": ADMINISTRATORS,
    "people_token_end": ADMINISTRATORS,
    "healthz": ANYBODY,
    "metrics": ANYBODY,  # by its own token
    # Whoever signs as the source does may deliver for it: the signature is the right.
    "inbound": ANYBODY,
    "home": EVERYONE,
    "cases": READERS,
    "cases_matches": READERS,
    "cases_queue": READERS,
    "cases_stream": PEOPLE,
    "cases_find": PEOPLE,
    "cases_open": PEOPLE,
    "case": READERS,
    "case_live": READERS,
    "case_stream": PEOPLE | {"program"},
    "case_reply": PEOPLE,
    "case_verify": PEOPLE,
    "case_refs": PEOPLE,
    "case_customer": PEOPLE,
    "case_refresh": PEOPLE,
    "case_close": PEOPLE,
    "case_reopen": PEOPLE,
    "sources": WATCHERS | {"auditor"},
    "sources_live": WATCHERS | {"auditor"},
    "source": WATCHERS | {"auditor"},
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
    "teams": READERS | ADMINISTRATORS,
    "team_add": GRANTERS,
    "team": GRANTERS,
    "team_member": PEOPLE,
    "person_leave": GRANTERS,
    "case_actions": READERS,
    "case_act": PEOPLE,
    "case_act_again": PEOPLE,
    "case_act_decide": PEOPLE,
    "case_undo": PEOPLE,
    "demo_mailbox": PEOPLE,
    "letters": READERS,
    "letter": READERS,
    "letter_file": PEOPLE,
    "letter_original": PEOPLE,
    "letter_verb": PEOPLE,
    "case_question": PEOPLE,
    "case_earlier": READERS,
    "case_promise": PEOPLE,
    "case_told_check": PEOPLE,
    "case_told_use": PEOPLE,
    "case_told_correct": PEOPLE,
    "case_told_settle": PEOPLE,
    "case_promise_answer": PEOPLE,
    "case_promises_read": READERS,
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
    "replay": REVIEWERS | OVERSEERS,
    "replay_print": REVIEWERS | OVERSEERS,
    "trust": REVIEWERS | OVERSEERS,
    "trust_measure": REVIEWERS | OVERSEERS,
    "trust_letter": SUPERVISORS,
    "ledger": OVERSEERS,
    "ledger_live": OVERSEERS,
    "ledger_verify": SUPERVISORS,
    "ledger_anchors": OVERSEERS,
    "ledger_access": OVERSEERS,
    "case_export": REVIEWERS | OVERSEERS,
    "reviews": REVIEWERS | OVERSEERS,
    "review": PEOPLE | OVERSEERS,
    "review_next": REVIEWERS,
    "review_verdict": REVIEWERS,
    "review_decide": REVIEWERS,
    "reviews_mine": PEOPLE,
    "review_answer": PEOPLE,
}


# Programs push facts and ask what they may say; people use the same routes with their session.
CASEWORK = PEOPLE | {"program"}
CASEREADING = CASEWORK | {"auditor"}
API: dict[str, frozenset[str]] = {
    "api_cases": CASEREADING,
    "api_case": CASEREADING,
    "api_timeline": CASEREADING,
    "api_answer": CASEREADING,
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
    "api_handovers": READERS,
    "api_handover": PEOPLE,
    "api_draft": PEOPLE,
    "api_teams": CASEREADING,
    "api_team_members": CASEWORK,
    "api_next_case": PEOPLE,
    "api_person_deactivate": GRANTERS,
    "api_actions": READERS,
    "api_action_again": PEOPLE,
    "api_action_decide": PEOPLE,
    "api_action_withdraw": PEOPLE,
    "api_actions_waiting": READERS,
    "api_calls": CASEWORK,
    "api_message_undo": PEOPLE,
    "api_action_try": PEOPLE,
    "api_case_commitments": CASEREADING,
    "api_told": CASEREADING,
    "api_told_settle": PEOPLE,
    "api_draft_check": CASEWORK,
    "api_commitments": CASEREADING,
    "api_commitment": CASEREADING,
    "api_commitment_keep": CASEWORK,
    "api_commitment_break": CASEWORK,
    "api_commitment_withdraw": CASEWORK,
    "api_commitment_renegotiate": CASEWORK,
    "api_measures": REVIEWERS | OVERSEERS,
    "api_measure": REVIEWERS | OVERSEERS,
    "api_bundle": REVIEWERS | OVERSEERS,
    "api_ledger": OVERSEERS,
    "api_ledger_verify": SUPERVISORS,
    "api_ledger_anchors": OVERSEERS,
    "api_ledger_access": OVERSEERS,
    "api_reviews": REVIEWERS | OVERSEERS,
    "api_reviews_next": REVIEWERS,
    "api_reviews_agreement": REVIEWERS | OVERSEERS,
    "api_review": PEOPLE | OVERSEERS,
    "api_review_verdict": REVIEWERS,
    "api_review_decide": REVIEWERS,
    "api_review_answer": PEOPLE,
    "api_my_reviews": PEOPLE,
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
    "api_search": CASEREADING,
    "api_access": EVERYONE,
    "api_access_one": EVERYONE,
    "api_schema": ANYBODY,
    "api_nothing": ANYBODY,
}

TABLE: dict[str, frozenset[str]] = {**PAGES, **API}
ACCOUNT = frozenset(r for r in TABLE if r.startswith(("account_", "mfa_", "usersessions_"))) | {
    "sign_out", "access", "access_ask", "access_end", "api_access", "api_access_one", "home",
}  # fmt: skip
"""Routes about one's own account: read-only roles send them, and they stay open to those who still have to set up the
second step that their role requires."""


def roles_of(user: Person) -> frozenset[str]:
    """The roles a signed-in user has; empty for everybody else and for accounts that are switched off."""
    if not user.is_authenticated or not getattr(user, "is_active", False):
        return frozenset()
    if getattr(user, "is_superuser", False):
        return ROLES
    kept = getattr(user, "roles_in_this_request", None)
    if kept is not None:
        return kept  # type: ignore[no-any-return]
    return ROLES & frozenset(user.groups.values_list("name", flat=True))  # type: ignore[union-attr, attr-defined]


def reads_only(user: Person) -> bool:
    """True for those who change nothing: no source is asked, and no answer recorded, because they look."""
    having = roles_of(user)
    return bool(having) and having <= READ_ONLY


def may(user: Person, route: str, method: str = "GET") -> bool:
    """True where the table lets this user use this route by this method."""
    allowed = TABLE.get(route, frozenset())
    if allowed == ANYBODY:
        return True
    having = allowed & roles_of(user)
    return bool(having if method in SAFE or route in ACCOUNT else having - READ_ONLY)


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
        if match is None or is_api(request.path):
            return None
        remember_roles(request.user)
        if may(request.user, match.view_name, request.method or "GET"):
            return self._second_step(request, match.view_name)
        if request.user.is_authenticated:
            raise PermissionDenied(match.view_name)
        if request.headers.get("HX-Request"):
            return HttpResponse(status=403)
        return redirect_to_login(request.get_full_path() if request.method == "GET" else "/")

    def _second_step(self, request: HttpRequest, route: str) -> HttpResponseBase | None:
        """To where the second step is set up, for those whose role requires one and who have none."""
        if TABLE[route] == ANYBODY or route in ACCOUNT or not lacks_second_step(request.user, request.session):
            return None
        return HttpResponse(status=403) if request.headers.get("HX-Request") else redirect("mfa_index")


def remember_roles(user: Person) -> None:
    """Read a user's roles once for a request. Streams, which outlive a request, keep none."""
    if user.is_authenticated:
        user.roles_in_this_request = roles_of(user)  # type: ignore[union-attr, attr-defined]


def lacks_second_step(user: Person, session: Mapping[str, Any]) -> bool:
    """Whether this session's role requires a second step to sign in, and its account has none.

    Who came through single sign-on was asked there.
    """
    required = set(settings.REQUIRE_MFA)
    if not required or not user.is_authenticated or not required & roles_of(user):
        return False
    if any(step.get("method") == "socialaccount" for step in session.get("account_authentication_methods", ())):
        return False
    from allauth.mfa.models import Authenticator

    return not Authenticator.objects.filter(user_id=user.pk, type__in=("totp", "webauthn")).exists()


def is_api(path: str) -> bool:
    return path.startswith("/api/")


class RolePermission(BasePermission):
    """The same table for the API's views."""

    message = "Your account may not use this."

    def has_permission(self, request: Request, view: object) -> bool:
        match = request.resolver_match
        if match is None:
            return False
        remember_roles(request.user)
        if not may(request.user, match.view_name, request.method or "GET"):
            return False
        by_session = request.auth is None and TABLE[match.view_name] != ANYBODY and match.view_name not in ACCOUNT
        return not (by_session and lacks_second_step(request.user, request.session))
