"""What customers have told before, and what their words ask."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Exists, F, OuterRef, QuerySet

from cases.fold import LINKING
from cases.memory.pins import SAYING
from cases.memory.proposing import propose
from cases.memory.shapes import Proposal
from cases.models import Case, Event
from cases.questions.base import found
from cases.selectors.rows import event_view
from cases.views import EventView
from connectors.sdk import Ref
from customers.selectors import merges_of, same_person

MAX_EVENTS, MAX_CASES = 100, 50


def proposal_for(text: str, refs: Sequence[Ref] = ()) -> Proposal | None:
    """The question that these words ask; None where they speak for none."""
    return propose(text, found().values(), refs)


def proposal_of(events: Sequence[EventView], asked: Sequence[str]) -> Proposal | None:
    """What the customer's first message proposes, where that is not asked in the case yet and nobody has changed the
    question by hand: what a person chose is never put in doubt."""
    if any(e.kind == "question.changed" for e in events):
        return None
    for event in events:
        data = event.data or {}
        words = str(data.get(SAYING.get(event.kind, "")) or "")
        if words:
            refs = [Ref.parse(told["ref"]) for told in data.get("read") or () if told["ref"]]
            proposal = proposal_for(words, refs)
            return proposal if proposal and proposal.question not in asked else None
    return None


def earlier_ids(case: Case, customer: int | None, as_of: datetime) -> list[int]:
    """The customer's cases that were opened before this one, as known at ``as_of``, the latest first."""
    if customer is None:
        return []
    customers = same_person(customer, merges_of([customer], as_of))
    return list(_earlier(case, customers, as_of).order_by("-opened_at", "-pk").values_list("pk", flat=True)[:MAX_CASES])


def _earlier(case: Case, customers: Sequence[int], as_of: datetime) -> QuerySet[Case]:
    known = Event.objects.filter(case=OuterRef("pk"), kind__in=LINKING, at__lte=as_of)
    return Case.objects.filter(Exists(known), customer__in=customers, opened_at__lt=case.opened_at)


def earlier_words(
    case: Case, customers: Sequence[int], as_of: datetime
) -> list[tuple[str, tuple[EventView, ...]]]:  # fmt: skip
    """``(reference, events)`` of the earlier cases of a person who is these customers: the latest of what they wrote
    and how they were verified, as known at ``as_of``. One query."""
    if not customers:
        return []
    rows = (
        Event.objects.filter(
            case__in=_earlier(case, customers, as_of), kind__in=[*SAYING, "asker.verified"], at__lte=as_of
        )
        .annotate(content=F("payload__data"), by=F("payload__data__by"))
        .order_by("-at", "-pk")
        .values_list("case", "id", "seq", "kind", "actor_kind", "actor", "at", "content", "by")[:MAX_EVENTS]
    )
    found: dict[int, list[EventView]] = {}
    for of, *row in rows:
        found.setdefault(of, []).append(event_view(*row))
    return [(str(of), tuple(reversed(events))) for of, events in sorted(found.items())]
