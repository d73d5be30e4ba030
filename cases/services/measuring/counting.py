"""Counting: cases with news are observed anew, and what differs moves the weekly sums. One counts at a time, in one
transaction with the cursor, so nothing is counted twice or lost, whoever is killed when."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import chain, islice
from typing import TypeVar

from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from cases.measuring import EDITION
from cases.models import Case, Event, EventPayload, MeasureCursor, MeasureWeek, Observation
from cases.services.measuring.writing import cases_count, cases_observe, sums_rebuild

T = TypeVar("T")
AT_ONCE = 2_000
CASES_AT_ONCE = 400
_NEWS = """
SELECT id, case_id, at FROM cases_event WHERE at >= %s AND (at, id) > (%s, %s) ORDER BY at, id LIMIT %s
"""


def measures_follow(*, limit: int = AT_ONCE) -> int:
    """Count the next events, at most ``limit``; returns how many there were. 0 where nothing is new, or where somebody
    else is counting. Definitions that have changed since begin anew."""
    with transaction.atomic():
        cursor = _held(wait=False)
        if cursor is None:
            return 0
        if cursor.edition != EDITION:
            _forget()
            sums_rebuild()
            cursor.at, cursor.event, cursor.edition = None, 0, EDITION
        news = _news(cursor, limit)
        if news:
            cases_count(sorted({case for _, case, _ in news}))
            cursor.event, _, cursor.at = news[-1]
        cursor.save()
    return len(news)


def measures_rebuild() -> int:
    """Forget what was counted and count all of it again, in one transaction; returns how many cases. Of a case of which
    something was erased, what was counted stands."""
    with transaction.atomic():
        cursor = _held(wait=True)
        assert cursor is not None
        last = Event.objects.order_by("-at", "-id").values_list("id", "at").first()
        _forget()
        count = 0
        for ids in _batches(_cases(), CASES_AT_ONCE):
            cases_observe(ids)
            count += len(ids)
        sums_rebuild()
        cursor.event, cursor.at = last or (0, None)
        cursor.edition = EDITION
        cursor.save()
    return count


def measures_check() -> bool:
    """Whether counting everything anew would give the same numbers. Counts what is new first; changes nothing else."""
    while measures_follow():
        pass
    with transaction.atomic():
        before = measures_digest()
        measures_rebuild()
        same = before == measures_digest()
        transaction.set_rollback(True)
    return same


def measures_digest() -> str:
    """SHA-256 over every number, in one order: the same history gives the same digest, however it was counted."""
    digest = hashlib.sha256()
    for row in chain(_all(Observation), _all(MeasureWeek)):
        digest.update(repr(row).encode())
    return digest.hexdigest()


def _all(model: type[Observation] | type[MeasureWeek]) -> Iterator[tuple[object, ...]]:
    names = [f.attname for f in model._meta.concrete_fields if f.attname != "id"]
    return model.objects.order_by(*names).values_list(*names).iterator(10_000)  # type: ignore[return-value]


def _held(*, wait: bool) -> MeasureCursor | None:
    """The cursor's row, locked; None where another has it and this one does not ``wait``."""
    MeasureCursor.objects.bulk_create([MeasureCursor(pk=1)], ignore_conflicts=True)
    return MeasureCursor.objects.select_for_update(skip_locked=not wait).filter(pk=1).first()


def _news(cursor: MeasureCursor, limit: int) -> list[tuple[int, int, datetime]]:
    if cursor.at is None:
        rows = Event.objects.order_by("at", "id").values_list("id", "case_id", "at")
        return list(rows[:limit])
    with connection.cursor() as db:
        db.execute(_NEWS, [cursor.at, cursor.at, cursor.event, limit])
        return list(db.fetchall())


def _cases() -> Iterable[int]:
    return Case.objects.order_by("pk").values_list("pk", flat=True).iterator(10_000)


def _forget() -> None:
    """All observations but those of cases of which something was erased. The sums are still to be made."""
    erased = Event.objects.filter(case=OuterRef("case_id")).exclude(
        Exists(EventPayload.objects.filter(event=OuterRef("pk")))
    )
    Observation.objects.exclude(Exists(erased)).delete()


def _batches(found: Iterable[T], size: int) -> Iterator[list[T]]:
    rest = iter(found)
    while some := list(islice(rest, size)):
        yield some
