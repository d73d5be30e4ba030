"""Promises: kept in time, late, broken, and whether each had an owner and a date."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from cases.measuring.shapes import Happened, History, Seen


@dataclass
class _Promise:
    due_at: datetime | None
    late: Happened | None = None
    end: Happened | None = None


def promised(history: History) -> Iterator[Seen]:
    found: dict[int, _Promise] = {}
    for event in history.events:
        if event.kind == "commitment.made":
            due = event.data.get("due_at")
            id_ = int(event.data["commitment"])
            found[id_] = _Promise(datetime.fromisoformat(due) if due else None)
            yield Seen("promises_ownerless", f"p{id_}", event, int(not event.data.get("promise_owner")))
            yield Seen("promises_undated", f"p{id_}", event, int(not due))
        elif event.kind.startswith("commitment.") and event.data.get("commitment") in found:
            _on(found[int(event.data["commitment"])], event)
    for id_, promise in sorted(found.items()):
        yield from _ended(id_, promise)


def _on(promise: _Promise, event: Happened) -> None:
    if event.kind == "commitment.late":
        promise.late = promise.late or event
    elif event.kind in ("commitment.kept", "commitment.broken", "commitment.renegotiated", "commitment.withdrawn"):
        promise.end = event
        if event.kind != "commitment.withdrawn" and promise.due_at and event.at > promise.due_at:
            promise.late = promise.late or event


def _ended(id_: int, promise: _Promise) -> Iterator[Seen]:
    ended = promise.end.kind if promise.end else ""
    if ended == "commitment.withdrawn" or (ended in ("", "commitment.renegotiated") and promise.late is None):
        return
    broken = ended == "commitment.broken"
    late = promise.late if not broken else None
    at = late or promise.end
    if at is None:
        return
    for name, met in (("promises_kept", not (broken or late)), ("promises_late", bool(late)),
                      ("promises_broken", broken)):  # fmt: skip
        yield Seen(name, f"p{id_}", at, int(met))
