"""Lengths of time: "in two hours", "within 3 working days", "within 5 to 7 business days" (the last one counts)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from cases.promises.calendar import DAY_ENDS, business_days, instant, month_later, today
from cases.promises.tokens import Line

_UNITS = {
    "minute": "minute", "minutes": "minute", "min": "minute", "mins": "minute", "hour": "hour", "hours": "hour",
    "hr": "hour", "hrs": "hour", "h": "hour", "day": "day", "days": "day", "week": "week", "weeks": "week",
    "fortnight": "fortnight", "month": "month", "months": "month",
    "weekday": "business", "weekdays": "business", "workdays": "business", "workday": "business",
}  # fmt: skip
_CALENDAR = ("calendar", "full")
_BUSINESS = ("business", "working", "banking", "bank", "work")
_LEADS = ("in", "within", "to", "under", "than", "most", "inside", "for", "about", "around", "over")
_MOST = {"minute": 60 * 24 * 30, "hour": 24 * 90, "day": 366, "week": 60, "fortnight": 30, "month": 24, "business": 250}
Length = tuple[str, float]


def length(line: Line, i: int) -> tuple[Length, int] | None:
    """The longest that is meant, as (unit, count), and the index after it."""
    if (after := line.words(i, "half an hour", "half hour")) > i:
        return ("minute", 30.0), after
    if (after := line.words(i, "an hour and a half", "one and a half hours")) > i:
        return ("minute", 90.0), after
    start = line.words(i, "the next", "next", "up to", "at most", "a maximum of", "max", "between", "from", "another")
    start = line.words(start, "the")
    if start > i and line[start].text in ("hour", "day", "week", "month") and line[i - 1].text in ("in", "within"):
        return (_UNITS[line[start].text], 1.0), start + 1
    if line[start].text in ("a", "an") and line[start - 1].text not in _LEADS and not _from_now(line, start + 2):
        return None
    counted = line.number(start)
    if counted is None:
        return None
    count, after = counted
    if line[after].kind == "dash" or line[after].text in ("to", "or", "and"):
        second = line.number(after + 1)
        if second and second[0] > count and line[after + 1].text not in ("a", "an"):
            count, after = second
    after += line[after].kind == "dash"
    return _unit(line, after, count)


def _unit(line: Line, i: int, count: float) -> tuple[Length, int] | None:
    """ "days", "business days", "full working days"."""
    after = line.words(i, *_CALENDAR)
    business = line.words(after, *_BUSINESS)
    unit = _UNITS.get(line[business].text)
    if business > after:
        unit = "business" if unit == "day" else None
    if unit is None or not 0 < count <= _MOST[unit] or (count != int(count) and unit not in ("hour", "minute")):
        return None
    end = business + 1
    if line[end].text == "or" and (second := line.number(end + 1)) and line[second[1]].text not in _UNITS:
        count, end = max(count, second[0]), second[1]  # "a day or two"
    return (unit, count), end + (line[end].text == "'" or line[end].text == "time")


def _from_now(line: Line, i: int) -> bool:
    return line[i].text == "from" or line[i + 1].text == "from"


def ends(found: Length, at: datetime, zone: ZoneInfo, holidays: str) -> datetime:
    """When that long after ``at`` is over: hours and minutes to the instant, days to the end of the last one."""
    unit, count = found
    if unit in ("minute", "hour"):
        minutes = count * (60 if unit == "hour" else 1)
        return at.astimezone(UTC) + timedelta(minutes=minutes)
    day, whole = today(at, zone), int(count)
    if unit == "business":
        last = business_days(day, whole, holidays)
    elif unit == "month":
        last = month_later(day, whole)
    else:
        last = day + timedelta(days=whole * {"day": 1, "week": 7, "fortnight": 14}[unit])
    return instant(last, DAY_ENDS, zone)


def rule(found: Length) -> str:
    return f"within-{'business-day' if found[0] == 'business' else found[0]}s"
