"""Who answered for the case and when: transfers, the accountable person, and the figures of speed beside them."""

from __future__ import annotations

from collections.abc import Iterator

from cases.measuring.shapes import Happened, History, Seen, seconds_between

TRANSFERS = ("handover.accepted", "owner.changed")


def owned(history: History) -> Iterator[Seen]:
    opened = history.events[0] if history.events else None
    if opened is None or opened.kind != "case.opened":
        return
    moves = sum(e.kind in TRANSFERS for e in history.events)
    yield Seen("volume", "case", opened, 1)
    yield Seen("transfers", "case", opened, moves)
    yield Seen("transferred_twice", "case", opened, int(moves > 1))
    if not opened.person:  # whoever opens a case is there already
        yield from _since("human", opened, _person(history))
        yield from _since("first_response", opened, _response(history))
    yield from _since("resolution", opened, _closed(history))


def _since(measure: str, opened: Happened, event: Happened | None) -> Iterator[Seen]:
    if event is not None:
        yield Seen(measure, "case", event, 1, seconds=seconds_between(opened.at, event.at))


def _person(history: History) -> Happened | None:
    owner = ""
    for event in history.events:
        owner = str(event.data.get("owner", owner))
        if event.work and event.actor == owner:
            return event
    return None


def _response(history: History) -> Happened | None:
    back = {e.data.get("statement") for e in history.events if e.kind == "message.withdrawn"}
    for event in history.events:
        called = event.kind == "call.noted" and event.data.get("reached", True) and event.data.get("direction") == "out"
        if called or (event.kind == "message.out" and event.statement not in back):
            return event
    return None


def _closed(history: History) -> Happened | None:
    """The event that closed the case, where it is closed still."""
    closed = None
    for event in history.events:
        if event.case_state:
            closed = event if event.case_state == "closed" else None
    return closed
