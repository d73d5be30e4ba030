"""Working hours of a team, in its own zone. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
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


def worked_after(hours: Hours, zone: str, since: datetime, length: timedelta) -> datetime:
    """The instant at which a team has worked for ``length`` since another; a team that never works counts always."""
    left, last = length, since
    for begin, end in _spans(hours, zone, since, ahead=60):
        start = max(begin, since)
        if end <= start:
            continue
        if end - start >= left:
            return start + left
        left, last = left - (end - start), end
    return since + length if last == since else last + left


def last_worked(hours: Hours, zone: str, at: datetime, most: timedelta) -> datetime | None:
    """``most`` before a team that is closed at this instant last went home, or when it began on that day; None where it
    has not worked for a fortnight."""
    ended = [(begin, end) for begin, end in _spans(hours, zone, at - timedelta(days=14), ahead=14) if end <= at]
    return max(ended[-1][0], ended[-1][1] - most) if ended else None


def _spans(hours: Hours, zone: str, since: datetime, ahead: int) -> Iterator[tuple[datetime, datetime]]:
    """When a team works, from the day before an instant on; in UTC, since a day may have 23 hours."""
    first = since.astimezone(ZoneInfo(zone)).date() - timedelta(days=1)
    for day in (first + timedelta(days=n) for n in range(ahead + 2)):
        span = hours.get(DAYS[day.weekday()])
        if span:
            begin, end = (_instant(day, clock, zone) for clock in span)
            yield begin, end if begin < end else _instant(day + timedelta(days=1), span[1], zone)


def _instant(day: date, clock: str, zone: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), ZoneInfo(zone)).astimezone(UTC)


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
