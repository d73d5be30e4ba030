"""A day or a span of days as words name it, and how it is spelt and compared."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

SPACE = r"[\s\u00a0\u202f]"
NUMBER = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?"


@dataclass(frozen=True)
class Day:
    """``first`` to ``last``, both within it; None is open."""

    first: date | None
    last: date | None
    span: tuple[int, int]
    relative: bool = False
    """Named by its distance from today or its weekday, not by its number."""
    how: str = ""


def dated(year: int, month: int, day: int) -> date | None:
    """The day, where there is one."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def digits(text: str) -> int:
    return int(re.sub(r"\D", "", text))


def spelt(day: Day) -> str:
    """``2026-11-24/2026-12-01``; ``..`` where one end is open."""
    return f"{day.first.isoformat() if day.first else '..'}/{day.last.isoformat() if day.last else '..'}"


def ends(value: str) -> tuple[date, date]:
    """The two ends of a spelt span; an open one is the calendar's own."""
    first, _, last = value.partition("/")
    return (date.min if first == ".." else date.fromisoformat(first),
            date.max if last in ("..", "") else date.fromisoformat(last))  # fmt: skip


def within(inner: str, outer: str) -> bool:
    """Whether everything that ``inner`` allows is allowed by ``outer``."""
    (a, b), (c, d) = ends(inner), ends(outer)
    return c <= a and b <= d
