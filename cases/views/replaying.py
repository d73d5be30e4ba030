"""A case replayed: one moment of its history, what came before and after, and who saw what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from cases.answers import Answer
from cases.views.case import CaseView, TimelineEntry
from cases.views.judging import Judgement

Clock = Literal["known", "happened"]
"""``known`` orders by when we learned of it, ``happened`` by when it happened."""


@dataclass(frozen=True)
class Stop:
    """One event or fact version of the history. ``moment`` is the instant at which it can be looked at: the page did
    not exist before its case was open."""

    entry: TimelineEntry
    moment: datetime
    reached: bool
    """Whether the replayed moment has come to it, by the chosen clock."""
    known: bool
    """Whether it was known by then: what has happened need not be."""


@dataclass(frozen=True)
class Recorded:
    """The answer that was on record as shown to somebody at the replayed moment."""

    event: int
    shown_at: datetime
    to: str
    digest: str
    rules: str
    answer: Answer
    """As it was recorded; gaps and steps carry their words alone."""
    current: bool
    """Whether it is what the page said at the replayed moment. Where not, the facts had moved on and nobody had looked
    again."""
    differs: tuple[str, ...] = ()
    """Where today's rules, over the same facts, say otherwise: a sentence each."""


@dataclass(frozen=True)
class Look:
    """The last time that one person had the case open, by the replayed moment."""

    actor: str
    who: str
    at: datetime
    digest: str
    headline: str
    """Of the answer they saw; empty where it is not on record."""
    same: bool
    """Whether it is the answer of the replayed moment."""


@dataclass(frozen=True)
class Replay:
    """Everything of one case at one moment. A function of ``(case, as_of)`` and of what is known now."""

    view: CaseView
    """The page as it was; its answer is the recorded one, where one was recorded for that moment."""
    today: Answer
    """What today's rules make of the same facts."""
    now: CaseView
    clock: Clock
    stops: tuple[Stop, ...]
    """All of history by the chosen clock, oldest first."""
    at_stop: int
    """Index of the stop that stands for the moment."""
    is_now: bool
    recorded: Recorded | None
    looks: tuple[Look, ...]
    judgement: Judgement | None
    """Of the last message to the customer by then, with what became of it since."""
    seq: int
    digest: str
    """The head of the case's chain at that moment."""

    @property
    def known(self) -> int:
        return sum(s.known for s in self.stops)

    @property
    def differs(self) -> tuple[str, ...]:
        return self.recorded.differs if self.recorded and self.recorded.current else ()
