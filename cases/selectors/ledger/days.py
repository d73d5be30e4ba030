"""Whether the rows of each day are those that its digests were made of."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import connection

from cases.models import Event
from cases.selectors.ledger.kinds import BY_NAME, DATED, HEADS, KINDS, erased_of
from cases.selectors.ledger.verdicts import More, Stopped, Verdict
from connectors.host.selectors import moment
from connectors.host.services.digests import (
    Counted,
    Fault,
    day_verify,
    digest_last,
    digested_days,
    digests_since,
    earlier_fault,
)

NAMES = tuple(kind.name for kind in KINDS)


def days_fault(verdict: Verdict, since: date | None, after: str, more: More) -> Fault | None:
    """Compare each day's rows with its digests, today's too, in order. ``after`` is the last day and kind that were."""
    first, today = digested_days().first() or digests_since(DATED), moment()[0].date()
    if first is None:
        return None
    if not since and not after:
        for kind in DATED:
            if found := earlier_fault(kind, first):
                return found
    begun, _, done = after.partition("/")
    day = date.fromisoformat(begun) if begun else max(since or first, first)
    while day <= today:
        for name in NAMES[NAMES.index(done) + 1 :] if done else NAMES:
            if found := _day_fault(verdict, name, day):
                return found
            if not more():
                raise Stopped(f"{day}/{name}")
        verdict.add(days=1)
        day, done = day + timedelta(days=1), ""
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
    """Whether one case has, for each day with digests, the event that was its last in them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT case_id, seq, digest, at FROM cases_event WHERE case_id = %s ORDER BY seq", [case_id])
        now = {HEADS.leaf(HEADS.named(row), "") for row in cursor.fetchall()}
    for day, leaf in digest_last(HEADS.name, case_id).items():
        verdict.add(days=1)
        if leaf not in now:
            return _head_said(Fault("heads", "", day.isoformat(), case_id))
    return None
