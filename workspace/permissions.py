"""Who may use which route by which method: one table for every request, and a test proves that it covers every route.

Who sees which personal fields stands in ``workspace.access.fields``. Roles are the names of Django groups. A superuser
has all of them. A route that is not in the table is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from workspace.rights import ACCOUNT, ANYBODY, PROOFS, READ_ONLY, ROLES, SAFE, SCOPES, TABLE

Person = AbstractBaseUser | AnonymousUser


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
    """True where the table lets this user use this route by this method, and their token is not narrowed to less."""
    allowed = TABLE.get(route, frozenset())
    if allowed == ANYBODY:
        return True
    token = getattr(user, "api_token", None)
    if token is not None and not in_scope(token.scopes, route, method):
        return False
    having = allowed & roles_of(user)
    return bool(having if method in SAFE or route in ACCOUNT | PROOFS else having - READ_ONLY)


def in_scope(scopes: Collection[str], route: str, method: str) -> bool:
    """Whether a token of these scopes reaches a route; without any it reaches whatever its account does."""
    found = {scope for scope in scopes if route in SCOPES.get(scope, ())}
    return not scopes or bool(found - {"read"}) or ("read" in found and method in SAFE)


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


def must_second_step(user: Person) -> bool:
    """Whether a role of this user may be used only after a second step."""
    return bool(settings.REQUIRE_MFA) and not roles_of(user).isdisjoint(settings.REQUIRE_MFA)


def has_second_step(user: Person, session: Mapping[str, Any]) -> bool:
    """Whether this session was opened in two steps: here, or through single sign-on, which has asked there."""
    if any(step.get("method") == "socialaccount" for step in session.get("account_authentication_methods", ())):
        return True
    from allauth.mfa.models import Authenticator

    return bool(Authenticator.objects.filter(user_id=user.pk, type__in=("totp", "webauthn")).exists())


def lacks_second_step(user: Person, session: Mapping[str, Any]) -> bool:
    """Whether this session may not be used yet: a role requires a second step, and there is none."""
    return must_second_step(user) and not has_second_step(user, session)


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
            if scopes := getattr(request.auth, "scopes", ()):
                self.message = f"This token is for {' and '.join(scopes)} alone. Use another one for this."
            return False
        by_session = request.auth is None and TABLE[match.view_name] != ANYBODY and match.view_name not in ACCOUNT
        return not (by_session and lacks_second_step(request.user, request.session))
