"""What was said: whether it held, what was caught, what helped, how fresh the facts were."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from cases.measuring.catalogue import HOLDS_FOR_DAYS
from cases.measuring.shapes import Happened, History, Seen

UNHELPFUL = ("sympathy", "nothing")


def told(history: History) -> Iterator[Seen]:
    back = {e.data.get("statement") for e in history.events if e.kind == "message.withdrawn"}
    sent = [e for e in history.events if e.kind == "message.out" and e.statement not in back]
    yield from _held(history, sent)
    yield from _contradictions(history, sent)
    for event in sent:
        if event.data.get("helped"):
            yield Seen("not_helped", f"e{event.id}", event, int(event.data["helped"] in UNHELPFUL))
        for used in event.data.get("used", ()):
            yield Seen("facts_fresh", f"e{event.id}.{used['fact']}", event, int(used["within"]), source=used["source"])
        for n in range(int(event.data.get("undated", 0))):
            yield Seen("promises_undated", f"e{event.id}.{n}", event, 1)


def told_facts(data: Mapping[str, Any]) -> bool:
    return bool(data.get("claims")) or data.get("helped") == "fact"


def _held(history: History, sent: list[Happened]) -> Iterator[Seen]:
    broken: dict[Any, list[Happened]] = {}
    for event in history.events:
        if event.kind == "told.broken":
            broken.setdefault(event.data.get("statement"), []).append(event)
    for event in sent:
        limit = event.at + timedelta(days=HOLDS_FOR_DAYS)
        against = next((b for b in broken.get(event.statement, ()) if b.at <= limit), None)
        if against is not None or told_facts(event.data):
            yield Seen("held_up", f"s{event.statement}", event, int(against is None), source=_first(against))


def _first(against: Happened | None) -> str:
    found = (against.data.get("sources") if against else None) or [""]
    return str(found[0])


def _contradictions(history: History, sent: list[Happened]) -> Iterator[Seen]:
    """Each contradiction once: caught before, said knowingly, or found after."""
    warned: dict[str, str] = {}
    gone = {e.id for e in sent}
    for event in history.events:
        if event.kind == "draft.warned":
            warned |= {str(f["key"]): str((f.get("sources") or [""])[0]) for f in event.data.get("found", ())}
        elif event.id in gone:
            said = {str(key) for key in event.data.get("against", ())}
            for n, key in enumerate(sorted({*warned, *said})):
                yield from _pair(event, f"e{event.id}.{n}", int(key not in said), 0, warned.get(key, ""))
            warned = {}
        elif event.kind == "told.broken":
            for n, _ in enumerate(event.data.get("keys", ())):
                yield from _pair(event, f"e{event.id}.{n}", 0, 1, _first(event))


def _pair(event: Happened, key: str, before: int, after: int, source: str) -> Iterator[Seen]:
    yield Seen("caught_before", key, event, before, source=source)
    yield Seen("found_after", key, event, after, source=source)
