"""Asking to see masked fields, and another person's yes or no. Each step is also a row of the access log."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from cases import selectors
from cases.errors import CaseNotFound
from cases.services import Actor, access_record
from connectors.sdk.personal import CLASSES
from workspace.access.errors import AccessError, NotYours
from workspace.access.fields import CLASS_WORDS
from workspace.access.models import AccessGrant
from workspace.permissions import roles_of
from workspace.rights import GRANTERS, READERS

MINUTES = 60
LONGEST = 8 * 60
MAX_WHY = 500


@transaction.atomic
def access_ask(
    *, asker: Any, case: str | int | None, classes: Iterable[str], why: str, minutes: int = MINUTES,
    at: datetime | None = None,
) -> AccessGrant:  # fmt: skip
    """Ask to see these classes of one case (None: of what belongs to none, such as raw rows) for so many minutes.

    ``at`` (default: now) is when. Raises AccessError where the reason, the classes or the time can't be used, or the
    same waits already.
    """
    now = at or timezone.now()
    wanted, why = [c for c in CLASSES if c in set(classes)], " ".join(str(why).split())
    if not wanted:
        raise AccessError(f"Say what you need to see: {', '.join(CLASSES)}.", "classes")
    if len(why) < 5:
        raise AccessError("Say why you need it: whoever decides, and whoever looks later, reads it.", "why")
    if not 1 <= minutes <= LONGEST:
        raise AccessError(f"Ask for 1 to {LONGEST} minutes.", "minutes")
    found = None
    if case is not None:
        if not roles_of(asker) & (READERS | {"program"}):
            raise AccessError("Your account reads no cases.", "case")
        try:
            found = selectors.case_get(case)
        except CaseNotFound as error:
            raise AccessError(str(error), "case") from error
    open_ = AccessGrant.objects.filter(asker=asker, case=found, decided_at=None, classes=wanted)
    if open_.filter(asked_at__gt=now - timedelta(days=1)).exists():
        raise AccessError("You have asked for this already; nobody has decided yet.", "classes")
    made = AccessGrant.objects.create(
        asker=asker, case=found, classes=wanted, why=why[:MAX_WHY], minutes=minutes, asked_at=now
    )
    _record(asker, "access asked", made, made.why, at)
    return made


@transaction.atomic
def access_decide(
    *, id: int, by: Any, grant: bool, answer: str = "", at: datetime | None = None
) -> AccessGrant:  # fmt: skip
    """Grant or refuse what was asked for; granted access begins then (``at``, default: now) and ends by itself.

    Raises NotYours for one's own and for who may not decide, AccessError where it is decided already.
    """
    asked = AccessGrant.objects.select_for_update().filter(pk=id).first()
    if asked is None:
        raise AccessError(f"Nobody has asked for access under the number {id}.")
    if asked.asker_id == by.pk:
        raise NotYours("Nobody grants access to themselves. Ask a supervisor or an administrator.")
    if not roles_of(by) & GRANTERS:
        raise NotYours("Only a supervisor or an administrator decides who sees masked fields.")
    if asked.decided_at is not None:
        raise AccessError("This is decided already.")
    now = at or timezone.now()
    asked.decided_by, asked.decided_at, asked.granted, asked.answer = by, now, grant, answer.strip()[:MAX_WHY]
    asked.until = now + timedelta(minutes=asked.minutes) if grant else None
    asked.save(update_fields=["decided_by", "decided_at", "granted", "answer", "until"])
    _record(by, "access granted" if grant else "access refused", asked, asked.why, at)
    return asked


@transaction.atomic
def access_end(*, id: int, by: Any, at: datetime | None = None) -> AccessGrant:
    """End granted access before its time: whoever has it, or whoever may grant. Ending twice changes nothing."""
    held = AccessGrant.objects.select_for_update().filter(pk=id, granted=True).first()
    if held is None:
        raise AccessError(f"There is no granted access under the number {id}.")
    if held.asker_id != by.pk and not roles_of(by) & GRANTERS:
        raise NotYours("Only who has this access, a supervisor or an administrator ends it.")
    if held.ended_at is None:
        held.ended_at, held.ended_by = at or timezone.now(), by
        held.save(update_fields=["ended_at", "ended_by"])
        _record(by, "access ended", held, "", at)
    return held


def _record(who: Any, what: str, row: AccessGrant, why: str, at: datetime | None) -> None:
    why = f"{', '.join(CLASS_WORDS[c] for c in row.classes)}: {why}".strip(": ")
    access_record(actor=Actor.person(who), what=what, route="access", case=row.case_id, why=why, at=at)
