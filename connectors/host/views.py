"""What host selectors hand upward: plain, immutable shapes. Rules and pages see these, never rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Literal

from connectors.sdk import Ref

Precision = Literal["instant", "day", "unknown"]
Status = Literal["live", "on_time", "late", "stale", "down", "waiting", "never", "fixed"]
Outcome = Literal["found", "nothing", "refused", "unreachable", "malformed"]


UNREAD = "Part of what it sent can’t be read."
"""Why an asking that brought rows which no one could read is not complete."""


PAUSED = "Paused by "
"""How the reason of a paused source begins."""


@dataclass(frozen=True)
class FactView:
    """One fact version as it stood at the view's ``as_of``."""

    id: int
    kind: str
    data: Mapping[str, Any]
    refs: tuple[Ref, ...]
    source: str
    source_title: str
    domain: str
    record_type: str
    record_id: str
    occurred: datetime | None
    day: date | None
    precision: Precision
    sort_at: datetime
    learned_at: datetime
    superseded_at: datetime | None
    version: int
    how: str
    """How it was learned: lookup, poll, push, import or action."""
    implied: bool
    said: str
    """The timeline sentence (a short title, no trailing full stop)."""
    url: str
    confirmed_at: datetime
    """When the source last said so: learned_at, or a later complete check or poll."""
    zone: str
    """The source's time zone, in which ``day`` is meant."""

    def ref(self, scheme: str) -> str | None:
        """The value of the first ref of this scheme, or None."""
        return next((r.value for r in self.refs if r.scheme == scheme), None)

    def ref_values(self, scheme: str) -> tuple[str, ...]:
        return tuple(r.value for r in self.refs if r.scheme == scheme)


@dataclass(frozen=True)
class CheckView:
    """An asking of one source about one ref: the latest answered, or the latest failure where it came after."""

    id: int
    source: str
    source_title: str
    domain: str
    ref: Ref
    at: datetime
    outcome: Outcome
    complete: bool
    kinds: tuple[str, ...]
    took_ms: int
    late: bool
    reason: str


@dataclass(frozen=True)
class SourceView:
    """One source as seen from one case: how fresh what it says about the case's refs is."""

    name: str
    title: str
    domain: str
    connector: str
    limit: timedelta
    status: Status
    checked_at: datetime | None
    """When it last answered about this case's refs (the oldest of them), by lookup or poll."""
    age_s: int | None
    took_ms: int | None
    since: datetime | None
    """Since when it is down or waiting."""
    reason: str
    asked: bool
    """False where nothing in this case is a ref that this source can be asked about (yet)."""
    complete: bool
    """True where every ref it accepts was answered, completely, within twice the limit."""

    @property
    def paused(self) -> bool:
        """True where somebody keeps it from being asked: it is down on purpose, and ``reason`` says who and why."""
        return self.status == "down" and self.reason.startswith(PAUSED)


@dataclass(frozen=True)
class Evidence:
    """Everything the stored record says about some refs at one moment: the input of every answer."""

    seeds: tuple[Ref, ...]
    refs: tuple[Ref, ...]
    """The matter's closure: seeds and all matter refs they lead to, with the person refs seen on them."""
    facts: tuple[FactView, ...]
    """Current facts of the closure at as_of, newest first by (sort_at, id)."""
    checks: tuple[CheckView, ...]
    sources: tuple[SourceView, ...]
    as_of: datetime
    """What is known: the record's own clock."""
    at: datetime
    """The instant at which ages and due dates are computed."""
    cut: tuple[str, ...] = ()
    """Sentences naming what a cap cut off."""
    superseded: Mapping[int, FactView] = field(default_factory=dict)
    """For a current fact whose source changed its story: the version before it, by fact id."""

    def of(self, *kinds: str) -> tuple[FactView, ...]:
        return tuple(f for f in self.facts if f.kind in kinds)

    def source(self, name: str) -> SourceView | None:
        return next((s for s in self.sources if s.name == name), None)

    def in_domain(self, domain: str) -> Sequence[SourceView]:
        return [s for s in self.sources if s.domain == domain]


@dataclass(frozen=True, order=True)
class NumberPattern:
    """How numbers of ``scheme`` look in what people write: a regular expression that a source's connector declares."""

    scheme: str
    pattern: str
    source: str
    """The source's title."""
