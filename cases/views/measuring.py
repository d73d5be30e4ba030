"""Measures over some weeks: what pages, exports, the API and the weekly letter show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from cases.measuring.catalogue import BY_NAME, MEASURES
from cases.measuring.numbers import FEW, FEW_TIMES, wilson
from cases.measuring.shapes import Measure, week_of

__all__ = [
    "BY_NAME", "MEASURES", "Counted", "CountedPage", "Figure", "Measure", "MeasureDetail", "Part", "Point", "Tally",
    "TrustBoard", "TrustChoices", "week_of",
]  # fmt: skip


@dataclass(frozen=True)
class Tally:
    """What was counted of one measure: ``met`` of ``of`` in ``n`` observations, and the median of durations."""

    measure: Measure
    n: int = 0
    met: int = 0
    of: int = 0
    median_s: int | None = None

    @property
    def value(self) -> float | None:
        """A share or mean, seconds of the median, or a count; None where nothing was counted."""
        if self.measure.unit == "count":
            return float(self.n)
        if self.measure.unit == "duration":
            return None if self.median_s is None else float(self.median_s)
        return self.met / self.of if self.of else None

    @property
    def few(self) -> bool:
        """Too few to say anything but how many there were."""
        if self.measure.unit == "count":
            return False
        return self.n < (FEW_TIMES if self.measure.unit == "duration" else FEW)

    @property
    def interval(self) -> tuple[float, float] | None:
        """Where a share of things lies with 95 %. None for what is no share, and for shares of time."""
        if self.measure.unit != "share" or not self.n or self.of != self.n:
            return None
        return wilson(self.met, self.of)

    @property
    def good(self) -> bool | None:
        """Whether the goal is reached; None where there is no goal, nothing was counted, or too little."""
        value, goal = self.value, self.measure.goal
        if value is None or goal is None or (self.few and goal != 0):
            return None
        return value >= goal if self.measure.direction == "up" else value <= goal

    def as_json(self) -> dict[str, Any]:
        """``value`` is a share or mean, seconds of a median, or a count; ``low`` and ``high`` bound a share."""
        low, high = self.interval or (None, None)
        return {
            "value": _short(self.value), "numerator": self.met, "denominator": self.of, "observations": self.n,
            "low": _short(low), "high": _short(high), "few": self.few,
        }  # fmt: skip


def _short(value: float | None) -> float | None:
    return None if value is None else round(value, 6)


@dataclass(frozen=True)
class Point:
    """One stretch of weeks in a chart; ``until`` is the day after its last."""

    since: date
    until: date
    tally: Tally


@dataclass(frozen=True)
class Figure:
    """One measure over the weeks asked about, beside the weeks that it is compared with."""

    measure: Measure
    now: Tally
    before: Tally | None
    points: tuple[Point, ...]
    applies: bool = True
    """False where a source was asked for and this measure has none."""

    @property
    def change(self) -> float | None:
        """How much the value differs; None where either is missing or counted on too few."""
        if self.before is None or self.now.few or self.before.few:
            return None
        if self.now.value is None or self.before.value is None:
            return None
        return self.now.value - self.before.value

    def as_json(self) -> dict[str, Any]:
        measure = self.measure
        return {
            "measure": measure.name, "title": measure.title, "definition": measure.definition,
            "formula": measure.formula, "unit": measure.unit, "better": measure.direction, "goal": measure.goal,
            "efficiency": measure.efficiency, "applies": self.applies, "now": self.now.as_json(),
            "before": self.before.as_json() if self.before else None,
            "points": [{"since": p.since.isoformat(), "until": p.until.isoformat(), **p.tally.as_json()}
                       for p in self.points],
        }  # fmt: skip


@dataclass(frozen=True)
class TrustBoard:
    """Every measure for one choice of weeks, team, question and source. Weeks are whole, Monday to Sunday in UTC."""

    since: date
    until: date
    """The day after the last."""
    compare_since: date | None
    compare_until: date | None
    figures: tuple[Figure, ...]
    counted_to: datetime | None
    """The last event that was counted; None where none was yet."""

    def figure(self, name: str) -> Figure:
        return next(f for f in self.figures if f.measure.name == name)

    def as_json(self) -> dict[str, Any]:
        return {**self.weeks_json(), "measures": [f.as_json() for f in self.figures]}

    def weeks_json(self) -> dict[str, Any]:
        """Which weeks, and up to which event everything is counted."""
        return {
            "since": self.since.isoformat(), "until": self.until.isoformat(),
            "compare_since": self.compare_since.isoformat() if self.compare_since else None,
            "compare_until": self.compare_until.isoformat() if self.compare_until else None,
            "counted_to": self.counted_to.isoformat() if self.counted_to else None,
        }  # fmt: skip


@dataclass(frozen=True)
class Part:
    """One team, question or source of a measure."""

    name: str
    title: str
    tally: Tally

    def as_json(self) -> dict[str, Any]:
        return {"name": self.name, "title": self.title, **self.tally.as_json()}


@dataclass(frozen=True)
class MeasureDetail:
    """One measure, taken apart."""

    board: TrustBoard
    figure: Figure
    teams: tuple[Part, ...]
    questions: tuple[Part, ...]
    sources: tuple[Part, ...]
    choices: TrustChoices


@dataclass(frozen=True)
class Counted:
    """One observation in the list behind a number. ``at`` is the moment at which the case shows it."""

    reference: str
    at: datetime
    seq: int
    kind: str
    team: str
    question: str
    source: str
    met: int
    of: int
    seconds: int | None

    def as_json(self) -> dict[str, Any]:
        return {
            "case": self.reference, "at": self.at.isoformat(), "event": self.seq, "kind": self.kind, "team": self.team,
            "question": self.question, "source": self.source, "numerator": self.met, "denominator": self.of,
            "seconds": self.seconds,
        }  # fmt: skip


@dataclass(frozen=True)
class CountedPage:
    rows: tuple[Counted, ...]
    total: int
    next_cursor: str | None


@dataclass(frozen=True)
class TrustChoices:
    """What can be asked for: ``(name, title)`` each."""

    teams: tuple[tuple[str, str], ...]
    questions: tuple[tuple[str, str], ...]
    sources: tuple[tuple[str, str], ...]
