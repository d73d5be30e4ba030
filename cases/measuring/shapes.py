"""What a measure is, what is observed, and the history it is observed in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal, NamedTuple

Unit = Literal["share", "mean", "duration", "count"]
Direction = Literal["up", "down", "none"]


@dataclass(frozen=True)
class Measure:
    """One measure, declared once. ``goal`` is a share, a mean or seconds; None where more or less is not better."""

    name: str
    title: str
    definition: str
    numerator: str
    denominator: str
    unit: Unit
    direction: Direction
    goal: float | None = None
    by_source: str = ""
    """What the source of an observation says, where observations have one."""
    efficiency: bool = False
    """Shown beside the measures of trust, never alone."""

    @property
    def formula(self) -> str:
        if self.unit == "duration":
            return f"median of: {self.numerator}"
        if self.unit == "count":
            return f"number of {self.numerator}"
        return f"{self.numerator} ÷ {self.denominator}"


class Happened(NamedTuple):
    """One event of a case, with its payload and what the case was about by then."""

    id: int
    seq: int
    kind: str
    actor_kind: str
    actor: str
    at: datetime
    data: Mapping[str, Any]
    statement: int | None = None
    team: str = ""
    question: str = ""

    @property
    def person(self) -> bool:
        return self.actor_kind == "person"

    @property
    def work(self) -> bool:
        """Whether somebody looked at the case as it was then, or did something in it; reviewing it later is neither."""
        return self.person and not self.kind.startswith("review.") and self.data.get("live") is not False

    @property
    def case_state(self) -> str:
        """What the case became with it; empty where it stayed. An answer's state is no state of the case."""
        return "" if self.kind == "answer.changed" else str(self.data.get("state", ""))


@dataclass(frozen=True)
class Replied:
    """A message in another case of the same matter: when it went, and when it was taken back, if it was."""

    at: datetime
    helped: str
    known_from: datetime
    """Since when that case is about the same matter."""
    withdrawn_at: datetime | None = None


@dataclass(frozen=True)
class History:
    """Everything that the measures read of one case: its own events in order, and what was said of its matter
    elsewhere."""

    events: tuple[Happened, ...]
    elsewhere: tuple[Replied, ...] = ()


class Seen(NamedTuple):
    """One observation. For a share ``met`` of ``of``; a duration has ``seconds``."""

    measure: str
    key: str
    event: Happened
    met: int = 0
    of: int = 1
    seconds: int | None = None
    source: str = ""

    @property
    def week(self) -> date:
        return week_of(self.event.at)


def week_of(at: datetime | date) -> date:
    """The Monday of its week, in UTC."""
    day = at.astimezone(UTC).date() if isinstance(at, datetime) else at
    return day - timedelta(days=day.weekday())


def seconds_between(start: datetime, end: datetime) -> int:
    """Whole seconds, rounded down; never below 0."""
    return max(0, (end - start) // timedelta(seconds=1))
