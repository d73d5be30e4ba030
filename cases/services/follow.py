"""What follows a change of a case: its customer is recognised and its row in the queue is made anew."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from cases import questions
from cases.actors import Actor
from cases.answers import Answer
from cases.measuring.noting import gave_way, witnesses
from cases.models import Case, CaseSummary, Event, StatementStanding
from cases.people import person_names, person_refs
from cases.selectors.case import case_view
from cases.services.ending import ends_all
from cases.services.promise_rows import commitments_follow
from cases.services.record import case_locked, event_add
from cases.services.telling import statements_follow
from cases.views import CaseView
from connectors.host.selectors import moment
from connectors.host.services import refs_intern
from connectors.sdk import Ref
from customers.services import customer_find_or_create

log = logging.getLogger(__name__)
NEW = timedelta(minutes=10)
"""So long after it was opened a case that nobody has looked at is read by itself."""
BY_RULES = Actor.rule("answer", "The rules of the question")
BY_FACTS = Actor.rule("customer-from-facts", "Recognised from what sources say")
_TOUCHED: ContextVar[dict[int, Case] | None] = ContextVar("touched", default=None)


def case_follow(case: Case, *, at_once: bool = False) -> bool:
    """True where the answer has changed. What fails is logged: the change itself stands, and the next sweep tries it
    again. Raises only what ends all work: a task's time is up, or the database is gone.

    Call it outside the change's transaction: customers are tied under the clock, and no case may be locked after it.
    Within ``followed_once`` it waits for the end of that, unless ``at_once``.
    """
    touched = _TOUCHED.get()
    if touched is not None and not at_once:
        touched[case.pk] = case
        return False
    if touched is not None:
        touched.pop(case.pk, None)
    try:
        view = case_view(case=case)
        changed = customer_link(case=case, view=view)
        changed |= bool(commitments_follow(case, view))
        changed |= bool(statements_follow(case, view))
        return summary_refresh(case=case, view=case_view(case=case) if changed else view)
    except Exception as error:
        if ends_all(error):
            raise
        log.exception("The queue's row of case %s could not be made", case.pk)
        return False


@contextmanager
def followed_once() -> Iterator[None]:
    """Within it several verbs may touch a case: it is followed at the end, once."""
    token = _TOUCHED.set({})
    try:
        yield
    finally:
        touched = _TOUCHED.get() or {}
        _TOUCHED.reset(token)
        for case in touched.values():
            case_follow(case)


def customer_link(*, case: Case, view: CaseView) -> bool:
    """Tie the case to its customer, once its refs point to exactly one. True where that is new."""
    refs = person_refs(view.evidence)
    found = customer_find_or_create(
        refs=refs, names=person_names(view.evidence, refs), evidence=view.evidence.facts
    )  # fmt: skip
    if found is None or case.customer_id == found.pk:
        return False
    with case_locked(case) as locked:
        if locked.customer_id is not None:
            return False
        locked.customer = found
        locked.save(update_fields=["customer"])
        event_add(locked, "customer.linked", BY_FACTS, {"customer": found.pk, "name": found.name})
    case.customer_id = found.pk
    return True


def summary_refresh(*, case: Case, view: CaseView | None = None) -> bool:
    """Make one row of the queue anew from the live view; True where its answer has changed.

    A slower reader never overwrites what a later one has seen.
    """
    view = view or case_view(case=case)
    shown, read_at = _as_read(case, view)
    values = {
        "person": view.person.name[:2000], "question": view.question, "situation": shown.situation,
        "answer_state": shown.state, "answer_digest": view.answer.digest, "headline": str(shown.headline),
        "read_at": read_at,
        "next_promise_at": min((p.due_at for p in view.promises if p.state == "open"), default=None),
        "waiting_since": view.waiting_since, "refreshed_at": view.at,
        "changes_at": view.at if unread(view) else view.answer.changes_at,
        "broken_words": StatementStanding.objects.filter(statement__case=view.id, state="broken").count(),
        "ref_ids": sorted(refs_intern(_concerning(view)).values()),
    }  # fmt: skip
    rows = CaseSummary.objects.filter(pk=view.id)
    before = rows.first()
    if not rows.filter(refreshed_at__lte=view.at).update(**values):
        CaseSummary.objects.bulk_create([CaseSummary(case_id=view.id, **values)], ignore_conflicts=True)
    elif before is not None and (before.situation, before.headline) != (shown.situation, str(shown.headline)):
        _change_note(case, before, shown, view)
    return before is None or before.answer_digest != view.answer.digest


def unread(view: CaseView) -> bool:
    """True of a case just opened of which some source that could say something was never asked."""
    new = view.at - view.opened_at < NEW
    return new and any(s.asked and s.status == "never" for s in view.evidence.sources)


def _change_note(case: Case, before: CaseSummary, now: Answer, view: CaseView) -> None:
    """Into the history, once: what the case's answer was and what it has become. Growing old is no change."""
    with case_locked(case) as locked:
        told = Event.objects.filter(case=locked, kind="answer.changed").order_by("-seq")
        last = told.values_list("payload__data", flat=True).first() or {}
        if (last.get("situation"), last.get("headline")) == (now.situation, str(now.headline)):
            return
        event_add(
            locked, "answer.changed", BY_RULES,
            {"situation": now.situation, "state": now.state, "headline": str(now.headline),
             "digest": view.answer.digest,
             "was_situation": before.situation, "was_state": before.answer_state,
             **_disagreement(locked, before, now, view)},
        )  # fmt: skip


def _disagreement(case: Case, was: CaseSummary, now: Answer, view: CaseView) -> dict[str, Any]:
    """Who disagrees now; or, where that has ended, who did and whose word has changed since."""
    if now.state == "conflict":
        return {"witnesses": witnesses(now)}
    said = Event.objects.filter(case=case, kind__in=("answer.changed", "answer.shown"))
    named = said.filter(payload__data__witnesses__0__isnull=False).order_by("-seq")
    before = named.values_list("payload__data__witnesses", flat=True).first()
    if was.answer_state != "conflict" or not before:
        return {}
    return {"disagreed": sorted({w["source"] for w in before}), "gave_way": gave_way(before, view.evidence)}


def _as_read(case: Case, view: CaseView) -> tuple[Answer, datetime | None]:
    """The answer for the queue, and when it was whole, where its sources' words have only grown old since: for a case
    that nobody has open. Opening it reads them again. A disagreement stands until then."""
    aged = [s.checked_at for s in view.evidence.sources if s.asked and s.status == "stale" and s.checked_at]
    if view.answer.state in ("partial", "unknown") and aged:
        read_at = max(aged)
        then = case_view(case=case, at=read_at).answer
        if then.state == "conflict":
            return then, None
        if then.state == "answered" and view.answer.situation in (then.situation, "unknown"):
            return replace(then, state=view.answer.state), read_at
    return view.answer, None


def _concerning(view: CaseView) -> set[Ref]:
    """Refs whose news may change the answer: what the case leads to, and the policies that its question calls for.

    Labels such as a market are left out, or every order of that market would be news to every case.
    """
    labels = [ref for q in view.questions if q in questions.names() for ref in questions.labels(q)]
    return {*view.refs, *view.evidence.refs, *(r for r in labels if r.joins)}


def summaries_due(limit: int = 200) -> list[int]:
    """Ids of cases whose answer changes by itself by now, or whose row is missing."""
    _, now = moment()
    due = CaseSummary.objects.filter(changes_at__lte=now).exclude(case__state="closed").order_by("changes_at")
    missing = Case.objects.filter(summary=None).order_by("pk")
    return [*due.values_list("pk", flat=True)[:limit], *missing.values_list("pk", flat=True)[:limit]]
