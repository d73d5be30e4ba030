"""Whether the rows of each day are those that its digests were made of."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import connection

from cases.models import Event
from cases.selectors.ledger.kinds import BY_NAME, DATED, HEADS, KINDS, erased_of
from cases.selectors.ledger.verdicts import CHUNK, More, Stopped, Verdict
from connectors.host.selectors import moment
from connectors.host.services.digests import (
    Counted,
    Fault,
    Kind,
    day_rows,
    day_verify,
    digest_days,
    digest_find,
    digested_days,
    digests_since,
    earlier_fault,
    row_fault,
)


def days_fault(verdict: Verdict, since: date | None, after: str, more: More) -> Fault | None:
    """Compare each day's rows with its digests, in order. ``after`` is the last day and kind that were."""
    first = digested_days().first()
    if first is None:
        return None
    if not since and not after:
        for kind in DATED:
            if found := earlier_fault(kind, first):
                return found
    begun, _, done = after.partition("/")
    begin = date.fromisoformat(begun) if begun else since or first
    for day in digested_days(begin).iterator(CHUNK):
        names = list(digest_days(day))
        for name in names[names.index(done) + 1 :] if done and day == begin else names:
            if name in BY_NAME and (found := _day_fault(verdict, name, day)):
                return found
            verdict.add(days=int(name == names[-1]))
            if not more():
                raise Stopped(f"{day}/{name}")
    return None


def _day_fault(verdict: Verdict, name: str, day: date) -> Fault | None:
    counted = Counted()
    found = day_verify(BY_NAME[name], day, erased_of, counted)
    verdict.add(**{name: counted.rows}, erased=counted.erased)
    return _head_said(found) if found and name == HEADS.name else found


def _head_said(fault: Fault) -> Fault:
    """A head that is not there any more, as a sentence about its case."""
    if fault.id is None:
        return fault
    if not Event.objects.filter(case=fault.id).exists():
        return Fault("case", f"Case {fault.id} is missing: it had events on {fault.day}.", fault.day, fault.id)
    what = f"Case {fault.id} does not end on {fault.day} where it ended then: events were removed, added or changed."
    return Fault("case", what, fault.day, fault.id)


def head_fault(verdict: Verdict, case_id: int) -> Fault | None:
    """Whether one case ended, on each anchored day, with the event that its chain has."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT ON ((at AT TIME ZONE 'UTC')::date) (at AT TIME ZONE 'UTC')::date, case_id, seq, digest"
            " FROM cases_event WHERE case_id = %s ORDER BY (at AT TIME ZONE 'UTC')::date, seq DESC", [case_id],
        )  # fmt: skip
        now = {day: HEADS.leaf(HEADS.named(row), "") for day, *row in cursor.fetchall()}
    for day, leaf in digest_find(HEADS.name, case_id):
        verdict.add(days=1)
        if now.get(day) != leaf:
            return _head_said(Fault("heads", "", day.isoformat(), case_id))
    return None


def open_fault(verdict: Verdict) -> Fault | None:
    """Rows of days that no anchor covers yet: what they say of themselves."""
    last = digested_days().last()
    day = last + timedelta(days=1) if last else digests_since(DATED)
    end = moment(None)[0].date()
    while day is not None and day <= end:
        for kind in (kind for kind in KINDS if kind.check):
            if found := _rows_fault(verdict, kind, day):
                return found
        day += timedelta(days=1)
    return None


def _rows_fault(verdict: Verdict, kind: Kind, day: date) -> Fault | None:
    counted = Counted()
    with day_rows(kind, day) as rows:
        for row in rows:
            counted.rows += 1
            if found := row_fault(kind, row, lambda id_: bool(erased_of(kind.tables, [id_])), counted, day):
                return found
    verdict.add(**{kind.name: counted.rows}, erased=counted.erased)
    return None
