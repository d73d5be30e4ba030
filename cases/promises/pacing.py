"""When a promise's owner is warned, and when others hear that it is late."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from cases.promises.calendar import DAY_ENDS, instant, zone_of

LEAST, MOST = timedelta(minutes=10), timedelta(hours=4)
DAY_WARNING = time(15, 0)
"""A promise for a whole day is warned of while people still work on that day."""
ESCALATE_AFTER = timedelta(hours=1)
"""So long a late promise is its owner's own matter."""


def warn_at(made_at: datetime, due_at: datetime, zone: str) -> datetime:
    """A quarter of the promise's time before it is due, from ten minutes to four hours; never before it was made."""
    where = zone_of(zone)
    due = due_at.astimezone(where)
    if due.time().replace(second=0, microsecond=0) == DAY_ENDS:
        on_the_day = instant(due.date(), DAY_WARNING, where)
        if on_the_day > made_at:
            return on_the_day
    before = min(max((due_at - made_at) / 4, LEAST), MOST)
    return max(due_at - before, made_at)
