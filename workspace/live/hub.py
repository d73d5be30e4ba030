"""Who has which case open in this process, and what they are told: names of events, never content."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

CASE_CHANGED = "case-changed"
PRESENCE_CHANGED = "presence-changed"
QUEUE_CHANGED = "queue-changed"
CLOSE = "close"
MAX_STREAMS = 2000


@dataclass(eq=False)
class Stream:
    """One open connection, of a case or (``reference`` is empty) of a queue.

    ``session`` names the sign-in it belongs to, so that signing out ends it.
    """

    reference: str
    session: str = ""
    person: Any = None
    """The user who looks at the case's page; None for programs and queues."""
    names: set[str] = field(default_factory=set)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def tell(self, name: str) -> None:
        """Names wait in a set: a hundred changes before the next write are one event."""
        self.names.add(name)
        self.news.set()

    def take(self) -> list[str]:
        names, self.names = sorted(self.names), set()
        self.news.clear()
        return names


class Hub:
    """The open streams of one process. Used on the event loop alone."""

    def __init__(self) -> None:
        self._streams: dict[str, set[Stream]] = {}
        self.closing = False
        self.hearing = asyncio.Event()
        """Set while the process listens: what is committed from then on reaches its streams."""

    def __iter__(self) -> Iterator[Stream]:
        return iter([s for streams in self._streams.values() for s in streams])

    def __len__(self) -> int:
        return sum(map(len, self._streams.values()))

    def add(self, stream: Stream) -> None:
        self._streams.setdefault(stream.reference, set()).add(stream)

    def remove(self, stream: Stream) -> None:
        held = self._streams.get(stream.reference, set())
        held.discard(stream)
        if not held:
            self._streams.pop(stream.reference, None)

    def open_cases(self) -> list[str]:
        return [reference for reference in self._streams if reference]

    def tell_cases(self, references: Iterable[str], name: str = CASE_CHANGED) -> None:
        for reference in references:
            for stream in self._streams.get(reference, ()):
                stream.tell(name)

    def holds(self, reference: str, person: Any) -> bool:
        """True where this person still has the case open in this process."""
        return any(s.person is not None and s.person.pk == person.pk for s in self._streams.get(reference, ()))

    def tell_all(self, name: str) -> None:
        for stream in self:
            stream.tell(name)

    def signed_out(self, session: str) -> None:
        for stream in self:
            if session and stream.session == session:
                stream.tell(CLOSE)

    def close(self) -> None:
        """Every stream ends with its next turn of the loop, and no new one begins."""
        self.closing = True
        self.tell_all(CLOSE)


HUB = Hub()
