"""Rows of reviews to what one reader may see of them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from cases.actors import Actor
from cases.kinds import title
from cases.models import Event, Review, ReviewAnswer, ReviewReason, ReviewVerdict
from cases.reviewing import RULES
from cases.selectors.appeals import Deciders
from cases.views.reviewing import AnswerView, ReasonView, ReviewState, ReviewView, SystemView, VerdictView


def shaped(
    rows: list[Review], reader: Any, now: datetime, free: Collection[int], kept: Collection[int],
    known: Deciders,
) -> tuple[ReviewView, ...]:  # fmt: skip
    """In a fixed number of queries. ``free`` are the ids that the reader may sign off at ``now``, ``kept`` those that
    they read blind."""
    reasons = _reasons(rows)
    open_pairs = _unread(rows)
    return tuple(_shape(row, reader, now, reasons.get(row.first_id or row.pk, ()), row.pk in open_pairs,
                        row.pk in free, row.pk in kept, known) for row in rows)  # fmt: skip


def _reasons(rows: list[Review]) -> dict[int, list[ReasonView]]:
    found: dict[int, list[ReasonView]] = {}
    mine = ReviewReason.objects.filter(review__in=[r.first_id or r.pk for r in rows]).select_related("event")
    for reason in sorted(mine, key=lambda r: list(RULES).index(r.rule)):
        found.setdefault(reason.review_id, []).append(
            ReasonView(reason.rule, RULES[reason.rule], reason.event.at)
        )  # fmt: skip
    return found


def _unread(rows: list[Review]) -> set[int]:
    """Those of two independent reviews whose other is not signed off yet."""
    ids = [r.pk for r in rows]
    firsts = Review.objects.filter(first__in=ids, signed_at=None).values_list("first", flat=True)
    seconds = Review.objects.filter(pk__in=ids, first__signed_at=None, first__isnull=False)
    return {*(int(f) for f in firsts if f), *seconds.values_list("pk", flat=True)}


def _shape(
    row: Review, reader: Any, now: datetime, reasons: Collection[ReasonView], other_waits: bool, free: bool,
    kept: bool, known: Deciders,
) -> ReviewView:  # fmt: skip
    verdict: ReviewVerdict | None = getattr(row, "verdict", None)
    mine = row.person_id == reader.pk
    sealed = verdict is not None and other_waits and not mine and verdict.reviewer_id != reader.pk
    answer: ReviewAnswer | None = getattr(verdict, "answer", None) if verdict else None
    held = row.claimed_by is not None and row.claimed_until is not None and row.claimed_until > now
    name = _name(row.person)
    waits = bool(verdict and answer and answer.kind == "appeal" and not answer.decided_at)
    by = known.of(row, verdict.reviewer_id) if verdict and waits else ()
    return ReviewView(
        id=row.pk, reference=str(row.case_id), customer=_customer(row), at=row.event.at, seq=row.event.seq,
        statement=row.statement_id, words=row.statement.words if row.statement else _happened(row.event),
        person_id=row.person_id, person=name, first_name=name.split(" ")[0],
        team=row.team.name if row.team else "", team_title=row.team.title if row.team else "",
        blind=verdict.blind if verdict else kept, opened=free and row.blind and not kept, hidden=kept or sealed,
        sealed=sealed, reasons=() if kept or sealed else tuple(reasons),
        wanted_at=row.wanted_at, signed_at=row.signed_at, state="signed" if sealed else _state(verdict, answer, held),
        holder=_name(row.claimed_by) if held else "", holder_id=row.claimed_by_id if held else None,
        verdict=_verdict(verdict) if verdict and not sealed else None,
        answer=_answer(answer) if answer and not sealed else None, may_sign=free,
        deciders=() if sealed else tuple(map(_name, by)),
        may_decide=not other_waits and reader.pk in {u.pk for u in by},
        may_answer=bool(mine and verdict and verdict.to_person and answer is None),
    )  # fmt: skip


def _state(verdict: ReviewVerdict | None, answer: ReviewAnswer | None, held: bool) -> ReviewState:
    if verdict is None:
        return "held" if held else "waiting"
    if answer is None:
        return "signed"
    if answer.kind == "answer":
        return "answered"
    return "decided" if answer.decided_at else "appealed"


def _verdict(row: ReviewVerdict) -> VerdictView:
    said = _payload(row.event)
    system = said.get("system") or None
    return VerdictView(
        verdict=row.verdict, reviewer=_name(row.reviewer), reviewer_id=row.reviewer_id, at=row.at,
        note=str(said.get("note", "")), coaching=tuple(row.coaching),
        coaching_words=str(said.get("coaching_words", "")), blind=row.blind,
        system=SystemView(system["verdict"], system["sentence"], tuple(system["claims"])) if system else None,
    )  # fmt: skip


def _answer(row: ReviewAnswer) -> AnswerView:
    decided = _payload(row.decision) if row.decision else {}
    return AnswerView(
        how=row.kind, text=str(_payload(row.event).get("text", "")), at=row.at, outcome=row.outcome or "",
        verdict=row.new_verdict or "", why=str(decided.get("why", "")), decided_by=_name(row.decided_by),
        decided_at=row.decided_at,
    )  # fmt: skip


def _payload(event: Event) -> dict[str, Any]:
    """The words; nothing where they were erased."""
    found = getattr(event, "payload", None)
    return dict(found.data) if found is not None else {}


def _happened(event: Event) -> str:
    data = _payload(event)
    headline = data.get("headline") or (data.get("content") or {}).get("headline")
    if event.kind in ("answer.changed", "answer.shown") and headline:
        return str(headline)
    return title(event.kind, data or None, str(data.get("by", "")))


def _customer(row: Review) -> str:
    summary = getattr(row.case, "summary", None)
    return summary.person if summary else ""


def _name(user: Any) -> str:
    return Actor.person(user).name if user is not None else ""
