"""Business days by the policy's calendar, and the instants at which days end."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import holidays


def zone_of(name: Any) -> ZoneInfo:
    """The named zone; UTC where no such zone exists."""
    try:
        return ZoneInfo(str(name))
    except (ValueError, OSError, KeyError):  # ZoneInfoNotFoundError is a KeyError
        return ZoneInfo("UTC")


@lru_cache(maxsize=256)
def _free(calendar: str, year: int) -> frozenset[date]:
    country, _, region = calendar.partition("-")
    try:
        return frozenset(holidays.country_holidays(country, subdiv=region or None, years=year))
    except (NotImplementedError, KeyError):
        return frozenset()  # no such calendar is known: weekends alone are free


def is_business_day(day: date, calendar: str) -> bool:
    return day.weekday() < 5 and day not in _free(calendar, day.year)


def business_days(start: date, count: int, calendar: str) -> date:
    """The ``count``-th business day after ``start``; the day itself is not counted."""
    day = start
    while count > 0:
        day += timedelta(days=1)
        count -= is_business_day(day, calendar)
    return day


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """The first instant after the day."""
    return datetime.combine(day + timedelta(days=1), time(), zone)
