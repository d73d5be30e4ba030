"""Who has a case open and who is writing: told to open pages, true for a minute, never history."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.db import connection

from cases.models import Case, Presence
from cases.selectors.owning import TRUE_FOR, WRITING_FOR
from cases.services.record import CHANNEL
from connectors.host.selectors import moment

UPSERT = """
INSERT INTO cases_presence AS p (case_id, person_id, seen_at, typing_at)
VALUES (%(case)s, %(person)s, %(at)s, %(typing)s)
ON CONFLICT (case_id, person_id) DO UPDATE SET seen_at = greatest(p.seen_at, excluded.seen_at),
    typing_at = coalesce(excluded.typing_at, p.typing_at)
"""


def presence_beat(*, case: Case | int | str, person: Any, typing: bool = False) -> bool:
    """A person has the case open (and is writing). True where that is news, which open pages then hear."""
    id_, at = _id(case), moment()[1]
    before = Presence.objects.filter(case=id_, person=person.pk).values_list("seen_at", "typing_at").first()
    news = before is None or at - before[0] > TRUE_FOR or typing and not _writing(before[1], at)
    with connection.cursor() as cursor:
        cursor.execute(UPSERT, {"case": id_, "person": person.pk, "at": at, "typing": at if typing else None})
    if news:
        presence_notify(id_)
    return news


def presence_end(*, case: Case | int | str, person: Any) -> None:
    """They have closed it."""
    id_ = _id(case)
    if Presence.objects.filter(case=id_, person=person.pk).delete()[0]:
        presence_notify(id_)


def presences_forget(limit: int = 1000) -> int:
    """Rows that are no longer true are of no use to anybody; returns how many went. For the sweep."""
    old = Presence.objects.filter(seen_at__lt=moment()[1] - 10 * TRUE_FOR).values_list("pk", flat=True)[:limit]
    return Presence.objects.filter(pk__in=list(old)).delete()[0]


def presence_notify(case: int) -> None:
    """Tell every web process that somebody came, left or writes: the name of the case and nothing else."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, json.dumps({"present": str(case)})])


def _writing(typing_at: datetime | None, at: datetime) -> bool:
    return typing_at is not None and at - typing_at <= WRITING_FOR


def _id(case: Case | int | str) -> int:
    return int(case.pk if isinstance(case, Case) else case)
