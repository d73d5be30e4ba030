"""What one process knows of the rows of one type of one source. Pure: no database, no clock."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from connectors.host.services.drift.shapes import ROOT, Field, fields, parent

LEARN = 30
"""So many rows make a thing known: before that, whatever is new in it is learned without a word."""
GONE = 30
"""A field is told as lost when it is missing in so many rows in a row."""
MAX_FIELDS = 500


@dataclass
class News:
    """What some rows showed that was not known: ``told`` of it is drift, the rest is learned quietly."""

    learned: set[Field] = field(default_factory=set)
    told: set[Field] = field(default_factory=set)
    lost: set[str] = field(default_factory=set)
    back: set[str] = field(default_factory=set)


@dataclass
class Known:
    """``rows`` counts, for each path and shape, the rows that had it; ``pending`` those of them not stored yet."""

    rows: dict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))
    pending: Counter[Field] = field(default_factory=Counter)
    missing: Counter[str] = field(default_factory=Counter)
    lost: set[str] = field(default_factory=set)
    size: int = 0

    def learn(self, path: str, kind: str, rows: int) -> None:
        if kind not in self.rows[path]:
            self.size += 1
        self.rows[path][kind] = self.rows[path].get(kind, 0) + rows

    def seen(self, path: str) -> int:
        return sum(self.rows[path].values()) if path in self.rows else 0

    def note(self, bodies: Iterable[Any]) -> News:
        """Take these rows into account, and say what is new about them."""
        news = News()
        for body in bodies:
            found = fields(body)
            self._arrivals(found, news)
            self._absences(found, news)
            for path, kind in found:
                if kind in self.rows.get(path, ()):
                    self.learn(path, kind, 1)
                    self.pending[path, kind] += 1
        return news

    def _arrivals(self, found: set[Field], news: News) -> None:
        for path, kind in sorted(found):
            if kind in self.rows.get(path, ()) or self.size >= MAX_FIELDS:
                continue
            (news.told if self._is_news(path, kind) else news.learned).add((path, kind))
            self.learn(path, kind, 0)

    def _is_news(self, path: str, kind: str) -> bool:
        if path == ROOT:
            return False
        shapes = self.rows.get(path)
        if not shapes:
            above, container = parent(path)
            return container == "object" and self.rows[above].get(container, 0) >= LEARN
        others = [name for name in shapes if name != "null"]
        return kind != "null" and bool(others) and self.seen(path) >= LEARN

    def _absences(self, found: set[Field], news: News) -> None:
        here = {path for path, _ in found}
        for path in here & self.lost:
            news.back.add(path)
            self.lost.discard(path)
        for path in here & set(self.missing):
            del self.missing[path]
        for path in list(self.rows):
            if path in here or path in self.lost or "[]" in path or path == ROOT or parent(path) not in found:
                continue
            if self.missing[path] or self._was_always(path):
                self.missing[path] += 1
                if self.missing[path] == GONE:
                    news.lost.add(path)
                    self.lost.add(path)

    def _was_always(self, path: str) -> bool:
        """There in at least five of six rows: a few more misses, seen by another process, don't hide a loss."""
        above, container = parent(path)
        times, whole = self.seen(path), self.rows[above].get(container, 0)
        return times >= LEARN and 6 * times >= 5 * whole
