"""What the customer has told already, from this case's events and those of earlier cases. The past shows the past."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from cases.memory.reading import NOUNS, from_json, told_in
from cases.memory.shapes import Pinned, Told
from cases.views.case import EventView

MAX_PINS = 40
ORDER = ("wish", "time", "change", "sent", "ref", "detail", "identity")
SAYING = {"case.opened": "message", "message.in": "text"}
"""Events that hold a customer's words, and where."""


def pinned(
    events: Sequence[EventView], earlier: Iterable[tuple[str, Sequence[EventView]]], reference: str
) -> tuple[Pinned, ...]:
    """Pins of a case: wishes and times first, then the rest, the newest of each first.

    ``earlier`` are ``(reference, events)`` of the customer's earlier cases. Of two about the same thing the later one
    counts: who asked not to be called and then asks for a call may be called.
    """
    found: dict[str, Pinned] = {}
    told = [*(p for ref, past in earlier for e in past for p in _of(e, ref, False)),
            *(p for e in events for p in _of(e, reference, True))]  # fmt: skip
    for pin in sorted(told, key=lambda p: (p.at, p.event)):
        key = pin.ref or pin.key
        before = found.get(key)
        if before is not None and before.words and not pin.words:
            continue
        found[key] = pin
    ranked = sorted(found.values(), key=lambda p: (ORDER.index(p.kind), not p.here, -p.at.timestamp(), p.event, p.what))
    return tuple(ranked[:MAX_PINS])


def _of(event: EventView, reference: str, here: bool) -> Iterator[Pinned]:
    data = event.data or {}
    if event.kind in SAYING:
        read = data.get("read")
        words = str(data.get(SAYING[event.kind]) or "")
        for told in from_json(read) if read is not None else told_in(words):
            yield _pin(event, told, reference, here)
        if "@" in str(data.get("sender") or ""):
            mail = str(data["sender"])
            told = Told("email", "ref", f"E-mail {mail}", f"Wrote from {mail}", (0, 0), f"email:{mail}")
            yield _pin(event, told, reference, here)
    if here and event.kind in ("case.opened", "ref.added"):
        for ref in map(str, data.get("refs") or ()):
            scheme, _, value = ref.partition(":")
            if scheme in NOUNS:
                yield _pin(event, Told(scheme, "ref", f"{NOUNS[scheme]} {value}", "", (0, 0), ref), reference, here)
    if event.kind == "asker.verified":
        told = Told("identity", "identity", f"Verified by {event.actor_name}", "", (0, 0))
        yield _pin(event, told, reference, here)


def _pin(event: EventView, told: Told, reference: str, here: bool) -> Pinned:
    return Pinned(told.key, told.kind, told.what, told.words, event.at, reference, event.id, told.ref, here)
