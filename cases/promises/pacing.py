"""When a promise's owner is warned, and when others hear that it is late."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from cases.owning.hours import Hours, is_open, last_worked, opens_at, worked_after
from cases.promises.calendar import DAY_ENDS, instant, zone_of

LEAST, MOST = timedelta(minutes=10), timedelta(hours=4)
DAY_WARNING = time(15, 0)
"""A promise for a whole day is warned of while people still work on that day."""
ESCALATE_AFTER = timedelta(hours=1)
"""So long a late promise is its owner's own matter, in the team's working time."""
IN_TIME = timedelta(hours=1)
"""So long before it is due a warning must come, where the team is closed when it would have come."""


def warn_at(
    made_at: datetime, due_at: datetime, zone: str, hours: Hours | None = None, team_zone: str = "UTC"
) -> datetime:  # fmt: skip
    """When to warn of a promise: while the team works. Where it is closed at the usual time, when it opens, if that is
    an hour before the promise is due; else in the last hour that it works before. When it is due never moves."""
    usual = _usually(made_at, due_at, zone)
    if not hours or is_open(hours, team_zone, usual):
        return usual
    opens, before = opens_at(hours, team_zone, usual), last_worked(hours, team_zone, usual, IN_TIME)
    if opens is not None and opens <= due_at - IN_TIME:
        return opens
    if before is not None and before >= made_at:
        return before
    return opens if opens is not None and opens < due_at else usual


def escalate_at(due_at: datetime, hours: Hours | None = None, team_zone: str = "UTC") -> datetime:
    """When others hear of a late promise: after an hour in which the team worked."""
    return worked_after(hours, team_zone, due_at, ESCALATE_AFTER) if hours else due_at + ESCALATE_AFTER


def _usually(made_at: datetime, due_at: datetime, zone: str) -> datetime:
    """A quarter of the promise's time before it is due, from ten minutes to four hours; never before it was made."""
    where = zone_of(zone)
    due = due_at.astimezone(where)
    if due.time().replace(second=0, microsecond=0) == DAY_ENDS:
        on_the_day = instant(due.date(), DAY_WARNING, where)
        if on_the_day > made_at:
            return on_the_day
    before = min(max((due_at - made_at) / 4, LEAST), MOST)
    return max(due_at - before, made_at)
