"""Tokens of programs and people for the API: made and shown once, kept as digests."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from cases.services import Actor, access_record
from workspace.access.errors import AccessError
from workspace.access.models import ApiToken
from workspace.permissions import must_second_step
from workspace.rights import SCOPES

USED_EVERY = timedelta(minutes=10)


def token_make(
    *, user: Any, name: str = "", by: Any = None, expires_at: datetime | None = None, key: str = "",
    scopes: Iterable[str] = (), second_step: bool = False,
) -> tuple[ApiToken, str]:  # fmt: skip
    """A new token of this account, and what it is: nobody can read it again. ``key`` names one that exists (a demo's).

    ``scopes`` narrow what it may; ``second_step`` says that whoever makes it is signed in in two steps. Raises
    AccessError for an account that is switched off, an unknown scope, and without a second step where one is required.
    """
    if not user.is_active:
        raise AccessError("The account is switched off, so it gets no token. Switch it on first.")
    if unknown := set(scopes) - set(SCOPES):
        raise AccessError(f"{min(unknown)!r} is no scope. Use any of: {', '.join(SCOPES)}.", "scopes")
    if must_second_step(user) and not second_step:
        raise AccessError("This account’s role needs a second step, so who makes its tokens signs in in two.")
    key = key or secrets.token_hex(20)
    given = {
        "user": user, "name": name.strip()[:100], "ending": key[-4:], "made_by": by, "made_at": timezone.now(),
        "expires_at": expires_at, "scopes": [scope for scope in SCOPES if scope in set(scopes)],
        "second_step": second_step,
    }  # fmt: skip
    with transaction.atomic():
        if by is not None:  # whoever holds it acts as this account
            access_record(actor=Actor.person(by), what="token made", route="people_token", why=user.get_username())
        return ApiToken.objects.get_or_create(digest=digest(key), defaults=given)[0], key


def token_end(*, id: int, at: datetime | None = None) -> None:
    """From now on nobody may use this token. Ending an ended one changes nothing."""
    ApiToken.objects.filter(pk=id, ended_at=None).update(ended_at=at or timezone.now())


def token_user(key: str) -> Any:
    """Whose token this is; ``api_token`` of the account is the token, which may narrow its rights.

    Raises AccessError where it is nobody's, ended, of an account that is switched off, or made without the second step
    that its account's role requires.
    """
    now = timezone.now()
    live = ApiToken.objects.filter(Q(expires_at=None) | Q(expires_at__gt=now), digest=digest(key), ended_at=None)
    held = live.select_related("user").first() if key.isascii() and key.isalnum() else None
    if held is None or not held.user.is_active:
        raise AccessError("Invalid token.")
    if not held.second_step and must_second_step(held.user):
        raise AccessError("This token was made without the second step that its role needs. Make a new one.")
    if held.used_at is None or now - held.used_at > USED_EVERY:
        ApiToken.objects.filter(pk=held.pk).update(used_at=now)
    held.user.api_token = held  # type: ignore[attr-defined]
    return held.user


def digest(key: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(key.encode()).hexdigest()
