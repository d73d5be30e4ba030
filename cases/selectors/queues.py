"""Lists of cases, read from the projection."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Case as Choose
from django.db.models import F, Q, QuerySet, When

from cases.errors import BadInput
from cases.models import Case, CaseRef
from cases.models.case import STATES
from cases.people import initials
from cases.selectors.case import question_title
from cases.selectors.news import cases_led_to
from cases.views import QueueItem
from connectors.host.selectors import moment
from connectors.host.selectors.refs import ref_ids
from connectors.sdk import Ref

LABELS = {
    "answered": "Answer ready",
    "conflict": "Sources disagree",
    "choose": "Needs your decision",
    "partial": "Partly known",
    "unknown": "Not known yet",
}
BROKEN = "What you told no longer holds"
READ_EARLIER = "Read earlier"
"""The answer stood when its sources were last asked, and nothing but age stands against it."""


QUEUE = 100


def queue(*, owner: Any = None, limit: int = QUEUE) -> tuple[QueueItem, ...]:
    """What somebody (None: everybody) has on the table, in the order of the next case: a late promise, then words to a
    customer that hold no longer, then who waits longest, then who we wait for."""
    rows = Case.objects.exclude(state="closed")
    if owner is not None:
        rows = rows.filter(owner=owner)
    waits = F("summary__waiting_since").asc(nulls_last=True)
    at = moment()[1]
    late = Choose(When(summary__next_promise_at__lte=at, then=F("summary__next_promise_at")))
    turn = Choose(When(late__isnull=False, then=0), When(summary__broken_words__gt=0, then=1), default=2)
    rows = rows.annotate(late=late).annotate(turn=turn)
    return _items(rows.order_by("turn", F("late").asc(nulls_last=True), waits, "-opened_at", "-pk")[:limit])


def waiting_count(*, owner: Any) -> int:
    """How many customers wait for somebody: what the queue's head says, and what the next case is the longest of."""
    return Case.objects.filter(owner=owner, state="open", summary__waiting_since__isnull=False).count()


def cases_list(
    *, owner: Any = None, state: str = "", ids: Iterable[int] | None = None, before: int | None = None, limit: int = 50,
    ref: Ref | None = None, situation: str = "", opened_by: datetime | None = None,
) -> tuple[QueueItem, ...]:  # fmt: skip
    """Cases, newest first. ``before`` is the reference that the last page ended with. Raises BadInput.

    ``ref`` is one that the case is about or leads to, ``situation`` that of the stored answer, ``opened_by`` the
    instant up to which cases were opened.
    """
    rows = Case.objects.order_by("-pk")
    if state:
        if state not in dict(STATES):
            raise BadInput(f"{state[:40]!r} is not a state. Use one of: {', '.join(dict(STATES))}.", "state")
        rows = rows.filter(state=state)
    if owner is not None:
        rows = rows.filter(owner=owner)
    if ids is not None:
        rows = rows.filter(pk__in=list(ids))
    if before is not None:
        rows = rows.filter(pk__lt=before)
    if ref is not None:
        rows = rows.filter(_about(ref))
    if situation:
        rows = rows.filter(summary__situation=situation)
    if opened_by is not None:
        rows = rows.filter(opened_at__lte=opened_by)
    return _items(rows[:limit])


def _about(ref: Ref) -> Q:
    ids = list(ref_ids([ref]))
    named = CaseRef.objects.filter(ref_id__in=ids, removed_at=None).values("case")
    return Q(pk__in=cases_led_to(ids)) | Q(pk__in=named)


def _items(rows: QuerySet[Case]) -> tuple[QueueItem, ...]:
    found: Sequence[Case] = list(rows.select_related("owner", "summary"))
    if not found:
        return ()
    now = moment()[1]
    return tuple(_item(case, now) for case in found)


def _item(case: Case, now: Any) -> QueueItem:
    row = getattr(case, "summary", None)
    state, person = (row.answer_state, row.person) if row else ("unknown", "")
    question = row.question if row else ""
    return QueueItem(
        reference=case.reference, person=person, initials=initials(person), question=question,
        question_title=question_title(question) if question else "", state=case.state,  # type: ignore[arg-type]
        situation=row.situation if row else "", answer_state=state,
        label=BROKEN if row and row.broken_words else label(case.state, state, aged=bool(row and row.read_at)),
        headline=row.headline if row else "", owner=case.owner.get_full_name() or case.owner.get_username(),
        owner_id=case.owner_id, opened_at=case.opened_at, waiting_since=row.waiting_since if row else None,
        changes_at=row.changes_at if row else None, refreshed_at=row.refreshed_at if row else now,
        next_promise_at=row.next_promise_at if row else None, broken_words=row.broken_words if row else 0,
    )  # fmt: skip


def label(state: str, answer_state: str, aged: bool = False) -> str:
    """The one state that a queue shows."""
    if state == "waiting_customer":
        return "Waiting for customer"
    if aged and state != "closed":
        return READ_EARLIER
    return "Closed" if state == "closed" else LABELS.get(answer_state, "Not known yet")
