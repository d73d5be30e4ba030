"""Who calls: programs by a token, people by their session. What each may use stands in ``workspace.permissions``."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.cache import caches
from rest_framework.authentication import TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.throttling import UserRateThrottle

from cases.services import Actor
from workspace.access.errors import AccessError
from workspace.access.services import token_user
from workspace.permissions import roles_of
from workspace.rights import PEOPLE

DEFAULT_RATES = {"all": "6000/min", "asking": "120/min"}
"""Calls of one account: of everything, and of what makes sources work."""


class Token(TokenAuthentication):
    """``Authorization: Token …``; only a digest of each token is kept."""

    def authenticate_credentials(self, key: str) -> Any:
        try:
            user = token_user(key)
        except AccessError as error:
            raise AuthenticationFailed(str(error)) from None
        return user, user.api_token


class Rate(UserRateThrottle):
    scope = "all"
    cache = caches["near"]  # counted in each process: a call of the API costs no query for it

    def get_rate(self) -> str:
        return {**DEFAULT_RATES, **getattr(settings, "API_RATES", {})}[self.scope]


class AskingRate(Rate):
    scope = "asking"


def is_program(user: Any) -> bool:
    """True for accounts that only a program uses."""
    roles = roles_of(user)
    return "program" in roles and not roles & PEOPLE


def actor(user: Any) -> Actor:
    """Whom history names for what this account does."""
    return Actor.program(user) if is_program(user) else Actor.person(user)
