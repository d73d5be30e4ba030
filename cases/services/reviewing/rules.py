"""What asks for a review, rule by rule: from one event of a case's history to what is to be reviewed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db.models.fields.json import KeyTextTransform

from cases.models import Commitment, Event, ReviewReason, Statement
from cases.reviewing.chances import drawn
from cases.reviewing.words import MANY_TRANSFERS, OVERDUE, TRANSFERS

WATCHED = (
    "message.out", "commitment.broken", "commitment.escalated", "told.broken", "told.settled", "answer.changed",
    "answer.shown", *TRANSFERS,
)  # fmt: skip


@dataclass(frozen=True)
class Wanted:
    """One reason for one review. ``subject`` is what is reviewed, ``event`` what the rule saw."""

    rule: str
    subject: Event
    event: Event
    statement: Statement | None = None
    person: int | None = None
    """Whose work it is."""
    involved: tuple[int, ...] = field(default=())


def wanted(event: Event) -> Iterator[Wanted]:
    """What one event asks for, whether or not it was asked for before. Erased events ask for nothing."""
    payload = getattr(event, "payload", None)
    if payload is not None:
        rule = _RULES[event.kind]
        yield from rule(event, payload.data)


def _sent(event: Event, data: Mapping[str, Any]) -> Iterator[Wanted]:
    """A reply: by chance, and where its writer kept to it against a warning."""
    told = Statement.objects.filter(event=event).first()
    if told is None:
        return
    if drawn(settings.SECRET_KEY, "review.random", f"{event.case_id}:{event.seq}", settings.REVIEW_SHARE):
        yield _of(told, "random", event)
    if told.kept:
        yield _of(told, "overridden", event)


def _promise(event: Event, data: Mapping[str, Any]) -> Iterator[Wanted]:
    """A promise that was not kept, or is so late that others had to be told."""
    promise = Commitment.objects.filter(pk=int(data["commitment"])).select_related("statement__event").first()
    if promise is None:
        return
    if promise.statement is not None:
        yield _of(promise.statement, "promise_broken", event, promise.owner_id)
        return
    made = Event.objects.filter(case=event.case_id, kind="commitment.made", payload__data__commitment=promise.pk)
    subject = made.first() or event
    yield Wanted("promise_broken", subject, event, None, promise.owner_id, _people(subject, event))


def _contradicted(event: Event, data: Mapping[str, Any]) -> Iterator[Wanted]:
    told = _statement(data.get("statement"))
    if told is not None:
        yield _of(told, "told_broken", event)


def _settled(event: Event, data: Mapping[str, Any]) -> Iterator[Wanted]:
    """A person says that what the system found broken need not be put right, or puts right what a program told."""
    told = _statement(data.get("statement"))
    if told is None or event.actor_kind != "person":
        return
    if data.get("how") == "said" or (data.get("how") == "correction" and told.actor_kind == "program"):
        yield _of(told, "overridden", event)


def _transferred(event: Event, data: Mapping[str, Any]) -> Iterator[Wanted]:
    """The third change of owner, once for each case."""
    moved = Event.objects.filter(case=event.case_id, kind__in=TRANSFERS, seq__lte=event.seq).count()
    if moved >= MANY_TRANSFERS and not _asked("transfers", event):
        yield Wanted("transfers", event, event, None, _owner(event), _people(event))


def _overdue(event: Event, data: Mapping[str, Any]) -> Iterator[Wanted]:
    """An answer that says so, once for each case: it changed to that, was shown, or was so when the case came."""
    if data.get("situation") in OVERDUE and not _asked("overdue", event):
        yield Wanted("overdue", event, event, None, _owner(event))


_RULES = {
    "message.out": _sent, "commitment.broken": _promise, "commitment.escalated": _promise,
    "told.broken": _contradicted, "told.settled": _settled, "answer.changed": _overdue, "answer.shown": _overdue,
    **dict.fromkeys(TRANSFERS, _transferred),
}  # fmt: skip


def _of(told: Statement, rule: str, event: Event, *more: int) -> Wanted:
    person = int(told.actor) if told.actor_kind == "person" else None
    return Wanted(rule, told.event, event, told, person, (*_people(told.event, event), *more))


def _people(*events: Event) -> tuple[int, ...]:
    return tuple(int(e.actor) for e in events if e.actor_kind == "person")


def _statement(id_: Any) -> Statement | None:
    return Statement.objects.select_related("event").filter(pk=id_).first() if isinstance(id_, int) else None


def _asked(rule: str, event: Event) -> bool:
    return ReviewReason.objects.filter(rule=rule, review__case=event.case_id).exists()


def _owner(event: Event) -> int | None:
    """Who owned the case right after an event."""
    said = Event.objects.filter(case=event.case_id, seq__lte=event.seq, payload__data__has_key="owner")
    found = said.order_by("-seq").values_list(KeyTextTransform("owner", "payload__data"), flat=True).first()
    return int(found) if found and str(found).isdigit() else None
