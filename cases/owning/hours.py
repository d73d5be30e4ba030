"""Working hours of a team, in its own zone. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Hours = Mapping[str, tuple[str, str]]
"""By weekday, from and to: ``{"mon": ("09:00", "17:00")}``. A span that ends before it begins ends on the next day; an
absent day is free; an empty map is always open."""


def hours_read(given: Any) -> dict[str, tuple[str, str]]:
    """Hours as they are kept. Raises ValueError with a sentence."""
    if not isinstance(given, Mapping):
        raise ValueError('Working hours are given by weekday, e.g. {"mon": ["09:00", "17:00"]}.')
    found = {}
    for day, span in given.items():
        if day not in DAYS:
            raise ValueError(f"{str(day)[:20]!r} is not a weekday. Use one of: {', '.join(DAYS)}.")
        if not isinstance(span, list | tuple) or len(span) != 2:
            raise ValueError(f"{day} needs two times, from and to, e.g. 09:00 and 17:00.")
        found[day] = (_clock(span[0]), _clock(span[1]))
    return {day: found[day] for day in DAYS if day in found}


def _clock(text: Any) -> str:
    try:
        hour, minute = str(text).strip().split(":")
        if not (hour.isascii() and minute.isascii() and len(minute) == 2):
            raise ValueError(text)
        return f"{time(int(hour), int(minute)):%H:%M}"
    except ValueError:
        raise ValueError(f"{str(text)[:20]!r} is not a time of day. Write it as 09:00.") from None


def zone_read(name: str) -> str:
    """The name of a time zone. Raises ValueError with a sentence."""
    try:
        return str(ZoneInfo(name.strip()))
    except (ZoneInfoNotFoundError, ValueError, OSError, IsADirectoryError):
        raise ValueError(f"{name[:40]!r} is not a time zone. Use a name such as Europe/Helsinki.") from None


def is_open(hours: Hours, zone: str, at: datetime) -> bool:
    """True where a team works at this instant."""
    if not hours:
        return True
    here = at.astimezone(ZoneInfo(zone))
    before = DAYS[(here.weekday() - 1) % 7]
    return _within(hours.get(DAYS[here.weekday()]), here.time()) or _after_midnight(hours.get(before), here.time())


def _within(span: tuple[str, str] | None, now: time) -> bool:
    if span is None:
        return False
    begin, end = time.fromisoformat(span[0]), time.fromisoformat(span[1])
    return begin <= now < end if begin < end else now >= begin


def _after_midnight(span: tuple[str, str] | None, now: time) -> bool:
    if span is None:
        return False
    begin, end = time.fromisoformat(span[0]), time.fromisoformat(span[1])
    return end <= begin and now < end


def opens_at(hours: Hours, zone: str, at: datetime) -> datetime | None:
    """When a team that is closed at this instant next begins to work; None where it is open or never works."""
    if is_open(hours, zone, at):
        return None
    here = at.astimezone(ZoneInfo(zone))
    for ahead in range(8):
        day = here.date() + timedelta(days=ahead)
        span = hours.get(DAYS[day.weekday()])
        if span:
            begins = datetime.combine(day, time.fromisoformat(span[0]), here.tzinfo)
            if begins > at:
                return begins
    return None
