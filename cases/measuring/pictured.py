"""What people could see: when the picture was full, for how long, and where sources disagreed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from cases.measuring.shapes import Happened, History, Seen, seconds_between

LOOK = timedelta(minutes=10)
"""The longest that one look or deed counts as working time: looking again within it is the same look."""


def pictured(history: History) -> Iterator[Seen]:
    opened = history.events[0] if history.events else None
    if opened is None or opened.kind != "case.opened":
        return
    full = next((e for e in history.events if e.kind == "answer.shown" and _complete(e)), None)
    if full is not None:
        yield Seen("full_picture", "case", full, 1, seconds=seconds_between(opened.at, full.at))
    yield from _worked(history)
    conflict = any(_state(e) == "conflict" for e in history.events)
    yield Seen("disagreements", "case", opened, int(conflict))
    yield from _wrong(history)


def _complete(event: Happened) -> bool:
    """No source is missing that could change the answer. A gap is ``[source, reason, can change]``."""
    return not any(gap[2] for gap in (event.data.get("content") or {}).get("gaps", ()))


def _state(event: Happened) -> str:
    if event.kind == "answer.shown":
        return str((event.data.get("content") or {}).get("state", ""))
    return str(event.data.get("state", "")) if event.kind == "answer.changed" else ""


def _worked(history: History) -> Iterator[Seen]:
    """One observation for each stretch of work that ended in a reply, or in closing the case or waiting."""
    complete: bool | None = None
    last: Happened | None = None
    met = of = 0
    for event in history.events:
        ends = event.kind == "message.out" or event.case_state in ("closed", "waiting_customer")
        if not (event.work or ends):
            continue
        if last is not None and complete is not None:
            spent = min(seconds_between(last.at, event.at), LOOK // timedelta(seconds=1))
            met, of = met + spent * complete, of + spent
        last = event
        if event.kind == "answer.shown":
            complete = _complete(event)
        if ends:
            if of:
                yield Seen("picture_complete", f"e{event.id}", event, met, of)
            last, met, of = None, 0, 0


def _wrong(history: History) -> Iterator[Seen]:
    for event in history.events:
        ended = event.data.get("disagreed") if event.kind == "answer.changed" else None
        for source in sorted(set(ended or ())):
            gave = source in event.data.get("gave_way", ())
            yield Seen("source_wrong", f"e{event.id}.{source}", event, int(gave), source=source)
