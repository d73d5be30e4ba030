"""Days and clock times in the customer's zone, and the days on which people work there."""

from __future__ import annotations

import calendar as months
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from cases.questions.common.due import business_days, is_business_day, zone_of

DAY_ENDS = time(23, 59)
"""A day that is promised ends here: the minute still shows whose day it is."""
BUSINESS_ENDS = time(17, 0)

__all__ = [
    "BUSINESS_ENDS", "DAY_ENDS", "business_days", "instant", "is_business_day", "last_business_day", "month_end",
    "month_later", "today", "zone_of",
]  # fmt: skip


def today(at: datetime, zone: ZoneInfo) -> date:
    return at.astimezone(zone).date()


def instant(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """That local time as an instant, in UTC."""
    return datetime.combine(day, clock, zone).astimezone(UTC)


def last_business_day(monday: date, holidays: str) -> date | None:
    """The last day of that week on which people work; None where the whole week is free."""
    week = (monday + timedelta(days=n) for n in range(6, -1, -1))
    return next((day for day in week if is_business_day(day, holidays)), None)


def month_end(year: int, month: int) -> date:
    return date(year, month, months.monthrange(year, month)[1])


def month_later(day: date, count: int) -> date:
    """The same day of a later month, or that month's last one."""
    number = day.year * 12 + day.month - 1 + count
    last = month_end(number // 12, number % 12 + 1)
    return last.replace(day=min(day.day, last.day))
