"""What only review asks for: whether history holds, and who was shown what."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from cases.chain import Link, Verdict, told_digest, verify
from cases.kinds import EVENT_KINDS, public_payload
from cases.models import Case, ErasedRow, Event, Statement
from cases.selectors.rows import case_row


def chain_verify(case: Case | int | str) -> Verdict:
    """Walk the case's chain of events and say whether anything in it was changed or is missing."""
    row = case_row(case)
    events = Event.objects.filter(case=row).order_by("seq").select_related("payload")
    return verify((link_of(e) for e in events.iterator(500)), lambda link: _is_erased(row, link.seq))


def told_verify(statement: Statement) -> str:
    """``told`` where a statement is word for word what its event says, whoever has had the database since; ``erased``
    where its words have gone and that is on record; else ``changed``."""
    if told_matches(statement.event, statement):
        return "told"
    gone = not statement.words and ErasedRow.objects.filter(what="cases_statement", row=statement.pk).exists()
    return "erased" if gone else "changed"


def told_matches(event: Event, statement: Statement) -> bool:
    """Whether its words are those of the event."""
    payload = getattr(event, "payload", None)
    if payload is None:
        return False
    more = {"said": statement.said, "kept": statement.kept, "helped": statement.helped,
            "recipients": statement.recipients} if "helped" in payload.data else None  # fmt: skip
    found = told_digest(statement.words, statement.claims, statement.unchecked, more)
    return bool(payload.data.get("told_digest") == found)


def answers_shown(case: Case | int | str, as_of: datetime | None = None) -> tuple[Mapping[str, Any], ...]:
    """The answers that people were shown, oldest first: each payload with ``event``, ``shown_at`` and ``actor``."""
    rows = Event.objects.filter(case=case_row(case), kind="answer.shown").order_by("seq")
    if as_of is not None:
        rows = rows.filter(at__lte=as_of)
    return tuple(
        {**data, "event": id_, "shown_at": at, "actor": actor}
        for id_, at, actor, data in rows.values_list("id", "at", "actor", "payload__data")
        if data is not None
    )


def event_kinds() -> tuple[str, ...]:
    """Every kind of event that a case can have."""
    return tuple(EVENT_KINDS)


def events_since(at: datetime, limit: int, kinds: Collection[str]) -> list[dict[str, Any]]:
    """What happened after ``at`` by the record's clock, oldest first, with what of it may leave the house: id, case,
    kind, at, actor_kind, data. At least ``limit`` where there are as many, and never a part of one instant."""
    rows = Event.objects.filter(at__gt=at, kind__in=kinds).order_by("at", "pk")
    last = rows.values_list("at", flat=True)[limit - 1 : limit]
    until = list(last)
    chosen = rows.filter(at__lte=until[0]) if until else rows
    return [
        {"id": e.pk, "case": str(e.case_id), "kind": e.kind, "at": e.at, "actor_kind": e.actor_kind,
         "data": public_payload(e.kind, e.payload.data if hasattr(e, "payload") else None)}
        for e in chosen.select_related("payload")
    ]  # fmt: skip


def _is_erased(case: Case, seq: int) -> bool:
    event = Event.objects.filter(case=case, seq=seq).values_list("pk", flat=True)[0]
    return ErasedRow.objects.filter(what__in=("cases_event", "cases_eventpayload"), row=event).exists()


def link_of(event: Event) -> Link:
    """An event as the chain sees it."""
    payload = getattr(event, "payload", None)
    return Link(
        event.case_id, event.seq, event.kind, event.actor_kind, event.actor, event.at, event.prev_digest,
        event.payload_digest, event.digest, payload.salt if payload else None, payload.data if payload else None,
    )  # fmt: skip
