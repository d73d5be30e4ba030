"""What the pages, the API and the commands show of erasure and retention."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

LOST = {
    "host_fact": ("fact version", "fact versions"), "host_rawrow": ("raw row", "raw rows"),
    "host_malformed": ("row that could not be read", "rows that could not be read"),
    "host_inbound": ("delivery", "deliveries"), "host_check": ("asking’s details", "askings’ details"),
    "host_sourcelog": ("entry of a source’s log", "entries of sources’ logs"),
    "host_refvalue": ("reference", "references"), "cases_event": ("event’s words", "events’ words"),
    "cases_statement": ("statement", "statements"), "cases_inmail": ("letter", "letters"),
    "cases_access": ("reason for a look at them", "reasons for looks at them"),
    "access_accessgrant": ("reason for access", "reasons for access"),
    "customers_merge": ("reason for a merge", "reasons for merges"),
}  # fmt: skip
"""What rows of a table are, one and several."""


@dataclass(frozen=True)
class Against:
    """Something that stands against an erasure. ``choices`` are ``(value, words)``; none: it must end first.

    ``decided`` is the value that was chosen, or empty.
    """

    key: str
    sentence: str
    choices: tuple[tuple[str, str], ...] = ()
    decided: str = ""

    @property
    def blocks(self) -> bool:
        return not self.decided


@dataclass(frozen=True)
class Plan:
    """What an erasure would take: the dry run. ``rows`` are ids by kind of row; ``counts`` the same in words."""

    customer: int
    name: str
    members: tuple[int, ...]
    rows: Mapping[str, tuple[int, ...]]
    counts: tuple[tuple[str, int], ...]
    kept: tuple[tuple[str, int, str], ...]
    """Facts whose money a duty keeps: (kind, how many, until when at the latest)."""
    kept_ids: tuple[int, ...]
    against: tuple[Against, ...]
    shared: tuple[str, ...]
    """Refs that stand for somebody else, too, and stay theirs."""
    cases: tuple[int, ...]
    needles: tuple[str, ...] = field(repr=False, default=())
    digest: str = ""
    """Of all of it: whoever says yes says it to exactly this."""

    @property
    def ready(self) -> bool:
        return not any(a.blocks for a in self.against)


@dataclass(frozen=True)
class RequestView:
    """One request for erasure and what became of it."""

    id: int
    customer: int
    name: str
    state: str
    why: str
    decisions: Mapping[str, str]
    asked_by: str
    asked_by_id: int
    asked_at: datetime
    decided_by: str
    decided_at: datetime | None
    answer: str
    done_at: datetime | None
    counts: Mapping[str, int]

    @property
    def lost(self) -> tuple[tuple[str, int], ...]:
        """What lost its content, in words, the most first."""
        many = sorted(self.counts.items(), key=lambda item: (-item[1], item[0]))
        return tuple((LOST.get(table, (table, table))[n > 1], n) for table, n in many)


@dataclass(frozen=True)
class ErasureView:
    """One erasure that was done."""

    id: int
    at: datetime
    what: str
    asked_by: str
    done_by: str
    why: str
    counts: Mapping[str, int]


@dataclass(frozen=True)
class HoldView:
    id: int
    customer: int
    name: str
    why: str
    by: str
    at: datetime


@dataclass(frozen=True)
class RuleView:
    """A rule of retention: how long, and how far its sweep has come."""

    name: str
    what: str
    days: int
    ran_at: datetime | None
    removed: int

    @property
    def kept(self) -> str:
        """How long, in words."""
        if not self.days:
            return "for ever"
        years, rest = divmod(self.days, 365)
        if rest or not years:
            return f"{self.days} days"
        return "1 year" if years == 1 else f"{years} years"


@dataclass(frozen=True)
class Due:
    """What a rule would take now: the dry run of one rule."""

    rule: str
    what: str
    days: int
    before: datetime
    many: int
    more: bool
    """Whether there is more than was counted."""
    held: int = 0
    """How many are old enough and stay, for a legal hold or an open case."""
