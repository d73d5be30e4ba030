"""How a promise's time is said to colleagues."""

from __future__ import annotations

from datetime import datetime

from cases.formats import day
from cases.promises.calendar import DAY_ENDS, zone_of


def due_words(due_at: datetime | str, zone: str, by: str = "by ") -> str:
    """``by Fri 27 Nov, 15:00`` in the promise's zone; the clock is left out where the whole day was promised."""
    try:
        due = datetime.fromisoformat(due_at) if isinstance(due_at, str) else due_at
    except ValueError:
        return ""
    local = due.astimezone(zone_of(zone))
    clock = "" if local.time().replace(second=0, microsecond=0) == DAY_ENDS else f", {local:%H:%M}"
    return f"{by}{day(local.date())}{clock}"
