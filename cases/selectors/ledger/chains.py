"""Whether the chains of cases hold, and whether what was told is what their events say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from itertools import groupby
from typing import Any

from cases.chain import Link, verify
from cases.models import Event, Statement
from cases.selectors.history import link_of, told_matches
from cases.selectors.ledger.kinds import CHAINED, STATEMENTS, erased_of
from cases.selectors.ledger.verdicts import CHUNK, More, Stopped, Verdict
from connectors.host.services.digests import Fault, start_of


def cases_fault(verdict: Verdict, since: date | None, after: int, more: More) -> Fault | None:
    """Walk the chains of all cases in order, or of those with events from ``since`` on."""
    events = Event.objects.filter(case_id__gt=after)
    if since:
        events = events.filter(case__in=Event.objects.filter(at__gte=start_of(since)).values("case_id"))

    def stop(case_id: int) -> None:
        if not more():
            raise Stopped(case_id)

    return chains_fault(verdict, events, stop)


def chains_fault(verdict: Verdict, events: Any, stop: Callable[[int], None]) -> Fault | None:
    """The first broken link in the chains of these events; ``stop`` is called behind each case."""
    rows = events.order_by("case_id", "seq").select_related("payload", "statement").iterator(CHUNK)
    for case_id, mine in groupby(rows, key=lambda e: e.case_id):
        this = _Chain(verdict)
        found = verify(this.links(mine), this.is_lawful)
        verdict.add(cases=1, events=found.events, erased=found.erased)
        if found.fault:
            return Fault("event", f"Case {case_id}: {found.fault}", id=case_id)
        if this.told:
            return this.told
        stop(case_id)
    return None


class _Chain:
    """One case on the way: its links, and the first statement that is not what its event says."""

    def __init__(self, verdict: Verdict) -> None:
        self.verdict = verdict
        self.told: Fault | None = None
        self.event = 0

    def links(self, events: Iterator[Event]) -> Iterator[Link]:
        for event in events:
            self.event = event.pk
            statement = getattr(event, "statement", None)
            if statement is not None:
                self.verdict.add(told=1)
                self.told = self.told or self._told_fault(event, statement)
            yield link_of(event)

    def is_lawful(self, link: Link) -> bool:
        """Asked of the link that was just given."""
        return bool(erased_of(CHAINED, [self.event]))

    def _told_fault(self, event: Event, statement: Statement) -> Fault | None:
        if told_matches(event, statement):
            return None
        if erased_of(CHAINED, [event.pk]) or erased_of(STATEMENTS.tables, [statement.pk]):
            return None
        what = f"Case {event.case_id}: what was told with event {event.seq} was changed (statement {statement.pk})."
        return Fault("statement", what, id=statement.pk)
