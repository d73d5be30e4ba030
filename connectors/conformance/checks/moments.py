"""Times: aware, the same on every machine, and in the source's zone where the source gives none."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from connectors.conformance.checking import NotHere, check, fail, need
from connectors.conformance.subject import Subject, said
from connectors.sdk import Fact, Row

_NAIVE = re.compile(r"^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?$")
_SUMMER, _SKIPPED = "2026-07-01T12:00:00", "2026-03-29T03:30:00"


@check("times-aware", "Every time is an instant with its zone, or a plain day.")
def times_aware(subject: Subject) -> None:
    for row, fact in subject.facts:
        when = fact.occurred
        if isinstance(when, datetime):
            need(when.tzinfo, f"{row.type} {row.id}: {fact.kind} occurred at {when}, without a zone: "
                 "use sdk.times.instant(text, self.zone).")  # fmt: skip
        need(when is None or isinstance(when, date), f"{row.type} {row.id}: {fact.kind}: occurred must be a datetime, "
             f"a date or None, not {type(when).__name__}.")  # fmt: skip
        need(when is None or 1900 <= when.year <= 2200, f"{row.type} {row.id}: nothing happened on {when}.")


@check("times-implied", "A milestone that is only implied has no time of its own.")
def times_implied(subject: Subject) -> None:
    for row, fact in subject.facts:
        need(not (fact.implied and fact.occurred), f"{row.type} {row.id}: {fact.kind} is implied, and yet has a time: "
             "leave occurred empty, or implied out.")  # fmt: skip


@check("times-machine", "The zone of the machine changes no fact.")
def times_machine(subject: Subject) -> None:
    reader, rows, told = subject.reader(), subject.rows, []
    for zone in ("UTC", "Pacific/Kiritimati"):
        with _machine_in(zone):
            told.append([repr(_utc(said(reader, row))) for row in rows])
    for row, here, there in zip(rows, *told, strict=True):
        need(here == there, f"{row.type} {row.id} says another time on a machine in another zone: "
             "use sdk.times, and never fromtimestamp or astimezone without a zone.")  # fmt: skip


@check("times-source-zone", "A time without a zone is read in the source's zone.")
def times_source_zone(subject: Subject) -> None:
    for row, body in _with_naive(subject, _SUMMER):
        for zone, hour in (("Europe/Helsinki", 9), ("America/New_York", 16)):
            facts = _read(subject.reader(zone=zone), replace(row, body=body))
            got = {f.occurred.astimezone(UTC) for f in facts or () if isinstance(f.occurred, datetime)}
            need(facts is None or not got or datetime(2026, 7, 1, hour, tzinfo=UTC) in got,
                 f"{row.type} {row.id}: 12:00 in {zone} was not read as {hour:02}:00 UTC: "
                 "use sdk.times.instant(text, self.zone).")  # fmt: skip


@check("times-skipped-hour", "A local time that the clocks skipped is refused, not moved.")
def times_skipped_hour(subject: Subject) -> None:
    wrong = {datetime(2026, 3, 29, hour, 30, tzinfo=UTC) for hour in (0, 1)}
    for row, body in _with_naive(subject, _SKIPPED):
        facts = _read(subject.reader(zone="Europe/Helsinki"), replace(row, body=body))
        got = {f.occurred.astimezone(UTC) for f in facts or () if isinstance(f.occurred, datetime)}
        need(not got & wrong, f"{row.type} {row.id}: 2026-03-29 03:30 never was in Helsinki, and was read all the "
             "same: use sdk.times.instant(text, self.zone).")  # fmt: skip


def _with_naive(subject: Subject, text: str) -> list[tuple[Row, Any]]:
    """The rows that hold a time without a zone, and their bodies with ``text`` in its place."""
    found = []
    for row in subject.rows:
        body = deepcopy(row.body)
        changed = _put(body, text)
        if changed != row.body:
            found.append((row, changed))
    if not found:
        raise NotHere("No recording holds a time without a zone.")
    return found


def _put(value: Any, text: str) -> Any:
    if isinstance(value, dict):
        return {key: _put(inner, text) for key, inner in value.items()}
    if isinstance(value, list):
        return [_put(inner, text) for inner in value]
    if isinstance(value, str) and _NAIVE.match(value):
        return text.replace("T", value[10])[: max(16, min(len(value), 19))]
    return value


def _read(reader: Any, row: Row) -> list[Fact] | None:
    """The facts of a row, or None where it is refused."""
    try:
        return [one for one in reader.read(row) if isinstance(one, Fact)]
    except Exception:  # noqa: BLE001 a changed row may well be refused
        return None


def _utc(facts: list[Any]) -> list[Any]:
    for one in facts:
        if isinstance(one, Fact) and isinstance(one.occurred, datetime) and one.occurred.tzinfo is None:
            fail(f"{one.kind} occurred at {one.occurred}, without a zone: use sdk.times.instant(text, self.zone).")
    return [
        (one, one.occurred.astimezone(UTC)) if isinstance(one, Fact) and isinstance(one.occurred, datetime) else one
        for one in facts
    ]


@contextmanager
def _machine_in(zone: str) -> Iterator[None]:
    before = os.environ.get("TZ")
    try:
        os.environ["TZ"] = zone
        time.tzset()
        yield
    finally:
        if before is None:
            os.environ.pop("TZ", None)
        else:
            os.environ["TZ"] = before
        time.tzset()
