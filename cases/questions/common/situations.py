"""A row of a question's table. The first that holds is the answer's situation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Situation:
    """``holds`` and ``days`` take the question's own reading of the matter."""

    name: str
    holds: Callable[[Any], object]
    domains: tuple[str, ...]
    """Domains whose sources could still change it."""
    closed: str
    """Why the others can't."""
    days: Callable[[Any], list[date | None]] = lambda r: []
    """Days that end it by themselves."""
    absent: tuple[str, ...] = ()
    """Kinds that it says are not there. Unless a complete check proves it, the answer is ``unknown``."""
    whole: bool = False
    """It is said only where nothing that could change it is missing."""


def first(table: Sequence[Situation], reading: Any) -> Situation:
    """The last row of every table always holds."""
    return next(s for s in table if s.holds(reading))
