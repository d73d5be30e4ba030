"""Reads of rights: what was asked and granted, who has which role, and their tokens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from django.utils import timezone

from workspace.access.fields import CLASS_WORDS
from workspace.access.models import AccessGrant, ApiToken
from workspace.rights import ROLES

LIMIT = 200
BROWSERS = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"), ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"), ("Safari/", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("iPhone", "an iPhone"), ("iPad", "an iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS X", "a Mac"),
    ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip
"""Marks in what browsers say they are; the first that fits counts, since each also claims to be those below it."""


@dataclass(frozen=True)
class GrantView:
    """One asking and what became of it. ``state``: waiting, granted, refused, ended."""

    id: int
    asker: str
    asker_id: int
    case: str
    classes: tuple[str, ...]
    words: str
    why: str
    minutes: int
    asked_at: datetime
    state: str
    decided_by: str
    decided_at: datetime | None
    answer: str
    until: datetime | None


@dataclass(frozen=True)
class PersonView:
    """One account as administrators see it."""

    id: int
    username: str
    name: str
    email: str
    roles: tuple[str, ...]
    active: bool
    last_login: datetime | None
    second_step: bool
    teams: tuple[str, ...]
    tokens: int


def grants_waiting(*, but: Any = None) -> list[GrantView]:
    """What nobody has decided, the oldest first; without what ``but`` has asked for."""
    rows = AccessGrant.objects.filter(decided_at=None).order_by("asked_at")
    return _grants(rows.exclude(asker=but) if but is not None else rows)


def grants_of(person: Any) -> list[GrantView]:
    """What somebody has asked for, the newest first."""
    return _grants(AccessGrant.objects.filter(asker=person).order_by("-asked_at", "-pk"))


def grants_list(*, case: int | None = None) -> list[GrantView]:
    """Everything asked for, the newest first; of one case where it is named."""
    rows = AccessGrant.objects.order_by("-asked_at", "-pk")
    return _grants(rows.filter(case=case) if case is not None else rows)


def grant_get(id: int) -> GrantView | None:
    return next(iter(_grants(AccessGrant.objects.filter(pk=id))), None)


def _grants(rows: QuerySet[AccessGrant]) -> list[GrantView]:
    return [_grant(row) for row in rows.select_related("asker", "decided_by")[:LIMIT]]


def _grant(row: AccessGrant) -> GrantView:
    over = row.ended_at is not None or (row.until is not None and row.until <= timezone.now())
    state = "waiting" if row.decided_at is None else "refused" if not row.granted else "ended" if over else "granted"
    return GrantView(
        id=row.pk, asker=named(row.asker), asker_id=row.asker_id, case=str(row.case_id or ""),
        classes=tuple(row.classes), words=", ".join(CLASS_WORDS.get(c, c) for c in row.classes), why=row.why,
        minutes=row.minutes, asked_at=row.asked_at, state=state,
        decided_by=named(row.decided_by) if row.decided_by else "", decided_at=row.decided_at,
        answer=row.answer or "", until=row.ended_at or row.until,
    )  # fmt: skip


def people_all() -> list[PersonView]:
    """Every account, those that are on first, by name."""
    users = get_user_model().objects.prefetch_related("groups", "places__team", "api_tokens")
    stepped = _stepped(None)
    return [_person(u, stepped) for u in users.order_by("-is_active", "first_name", "username")]


def person_get(username: str) -> Any:
    """The account of this user name, or None."""
    return get_user_model().objects.filter(username=username).first()


def person_view(user: Any) -> PersonView:
    return _person(user, _stepped(user))


def tokens_of(user: Any) -> Sequence[ApiToken]:
    """Tokens of an account, the newest first, ended ones too."""
    return list(ApiToken.objects.filter(user=user).select_related("made_by").order_by("-made_at", "-pk")[:LIMIT])


def browser_words(agent: str) -> str:
    """``Firefox on Windows``, of what a browser says it is; its own words where they are of none that is known."""
    name = next((word for mark, word in BROWSERS if mark in agent), "")
    system = next((word for mark, word in SYSTEMS if mark in agent), "")
    return f"{name} on {system}" if name and system else name or system or agent[:90]


def _stepped(user: Any) -> set[int]:
    rows = Authenticator.objects.filter(type__in=("totp", "webauthn"))
    return set((rows.filter(user=user) if user is not None else rows).values_list("user_id", flat=True))


def _person(user: Any, stepped: set[int]) -> PersonView:
    now = timezone.now()
    live = [t for t in user.api_tokens.all() if t.ended_at is None and (t.expires_at is None or t.expires_at > now)]
    held = {g.name for g in user.groups.all()}
    return PersonView(
        id=user.pk, username=user.get_username(), name=named(user), email=user.email,
        roles=tuple(sorted(ROLES & held)), active=user.is_active, last_login=user.last_login,
        second_step=user.pk in stepped, teams=tuple(sorted(p.team.title for p in user.places.all())), tokens=len(live),
    )  # fmt: skip


def named(user: Any) -> str:
    return str(user.get_full_name() or user.get_username())


__all__ = [
    "GrantView", "PersonView", "browser_words", "grant_get", "grants_list", "grants_of", "grants_waiting", "named",
    "people_all", "person_get", "person_view", "tokens_of",
]  # fmt: skip
