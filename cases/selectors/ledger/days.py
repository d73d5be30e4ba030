"""Whether the rows of each day are those that its digests were made of."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import connection

from cases.models import Event
from cases.selectors.ledger.kinds import BY_NAME, HEADS, dated, erased_of
from cases.selectors.ledger.verdicts import More, Stopped, Verdict
from connectors.host.selectors import moment
from connectors.host.services.digests import (
    Counted,
    Fault,
    Paused,
    day_verify,
    digest_last,
    digested_days,
    digests_since,
    earlier_fault,
)

DONE = "-1"
"""In the place of a part: all of them."""


def days_fault(verdict: Verdict, since: date | None, after: str, more: More) -> Fault | None:
    """Compare each day's rows with its digests, today's too, in order. ``after`` is where to go on: day, kind, part."""
    first, today = digested_days().first() or digests_since(dated()), moment()[0].date()
    if first is None:
        return None
    if not since and not after:
        for kind in dated():
            if found := earlier_fault(kind, first):
                return found
    names, day, part = list(BY_NAME), max(since or first, first), 0
    if after:
        begun, name, number = after.split("/")
        day, part = date.fromisoformat(begun), max(0, int(number))
        names = names[names.index(name) + (number == DONE) :]
    while day <= today:
        for name in names:
            if found := _day_fault(verdict, name, day, part, more):
                return found
            if not more():
                raise Stopped(f"{day}/{name}/{DONE}")
            part = 0
        verdict.add(days=1)
        day, names = day + timedelta(days=1), list(BY_NAME)
    return None


def _day_fault(verdict: Verdict, name: str, day: date, part: int, more: More) -> Fault | None:
    counted = Counted()
    try:
        found = day_verify(BY_NAME[name], day, erased_of, counted, part, more)
    except Paused as paused:
        raise Stopped(f"{day}/{name}/{paused.args[0]}") from paused
    finally:
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
    """Whether one case has, for each day with digests, the event that was its last in them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT case_id, seq, digest, at FROM cases_event WHERE case_id = %s ORDER BY seq", [case_id])
        now = {HEADS.leaf(HEADS.named(row), "") for row in cursor.fetchall()}
    for day, leaf in digest_last(HEADS.name, case_id).items():
        verdict.add(days=1)
        if leaf not in now:
            return _head_said(Fault("heads", "", day.isoformat(), case_id))
    return None
