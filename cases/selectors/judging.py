"""What was said against what could be known: the same view as the live page, at the moment of sending."""

from __future__ import annotations

from datetime import datetime

from cases.judging.judge import Now, Then, judge
from cases.models import Case, Statement
from cases.promises.folding import promises_of
from cases.selectors.case import Answered, answer_before, case_view
from cases.selectors.rows import case_events, case_row
from cases.selectors.telling import days_of_talk
from cases.selectors.told_rows import statement_get, told_views
from cases.told.knowing import about, known, zone_name
from cases.views import CaseView, EventView, PromiseView, ToldView
from cases.views.judging import Judgement


def statement_judged(
    *, case: Case | int | str, statement: Statement | int, until: datetime | CaseView | None = None
) -> Judgement:
    """A message to the customer, claim by claim, against what could be known when it was sent.

    With ``until`` (an instant, or a view of this case that is read already) each claim also says what became of it by
    then. Raises CaseNotFound where the case or the statement is not there, and the host's BadMoment.
    """
    row = case_row(case)
    said = statement if isinstance(statement, Statement) else statement_get(case=row, id=int(statement))
    later = case_view(case=row, as_of=until) if isinstance(until, datetime) else until
    if later is None:
        return judged(said, Answered.of(case_view(case=row, as_of=said.as_of, at=said.at)), None, row)
    return judged(said, answer_before(later, row, said.as_of, said.at), later, row)


def judged(said: Statement, then: Answered, later: CaseView | None, row: Case) -> Judgement:
    """The same with both views at hand."""
    zone = zone_name(then.evidence)
    events = later.events if later is not None else case_events(row, said.at)
    told = _told(said, events, row, zone, about(then.question))
    facts = (*known(then.evidence, then.answer), *days_of_talk(then, zone))
    return judge(told, Then(then.evidence, facts, zone), _promises(events, said.pk),
                 Now.of(later) if later is not None else None)  # fmt: skip


def _told(said: Statement, events: tuple[EventView, ...], row: Case, zone: str, noun: str) -> ToldView:
    """As it was told; one that was taken back before it left is held against the facts all the same."""
    kept = [e for e in events if e.kind != "message.withdrawn"]
    return next(t for t in told_views(row, kept, said.at, zone, noun) if t.id == said.pk)


def _promises(events: tuple[EventView, ...], statement: int) -> tuple[PromiseView, ...]:
    """Those that these words made."""
    mine = {
        (e.data or {}).get("commitment") for e in events
        if e.kind == "commitment.made" and (e.data or {}).get("statement") == statement
    }  # fmt: skip
    return tuple(p for p in promises_of(events) if p.id in mine)
