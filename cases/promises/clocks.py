"""Times of day: "14:00", "3pm", "noon", "this afternoon", "end of day", and the zones they are told in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time, timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from cases.promises.calendar import BUSINESS_ENDS, DAY_ENDS
from cases.promises.tokens import Line

PARTS = {
    "morning": time(12), "noon": time(12), "midday": time(12), "lunch": time(12), "lunchtime": time(12),
    "afternoon": time(18), "evening": time(22), "tonight": DAY_ENDS, "midnight": DAY_ENDS,
}  # fmt: skip
"""When each part of a day is over."""
_STARTS = {"morning": time(0), "afternoon": time(12), "evening": time(16)}
_FIXED = {
    "utc": 0, "gmt": 0, "z": 0, "wet": 0, "west": 1, "cet": 1, "cest": 2, "eet": 2, "eest": 3, "msk": 3, "jst": 9,
    "est": -5, "edt": -4, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7,
}  # fmt: skip
_SEVERAL = {"cst", "ist", "bst", "ast", "ect", "wst", "amt", "gst"}
"""Abbreviations that more than one zone goes by."""
_AFTER_HOUR = {"tomorrow", "today", "tonight", "on", "in", "at", "this", "and", "to", "or", "the", "latest", "next"}
ASK_CLOCK = "Say whether that is in the morning or in the afternoon, e.g. 15:00."
ASK_DOTTED = "That could be a time or a date. Write it as 14:30, or with the month’s name."
ASK_ZONE = "More than one zone is called so. Name a city or give the difference to UTC."


@dataclass(frozen=True)
class Clock:
    """A time of day as it was written; ``ask`` where it could be two times."""

    time: time
    part: str = ""
    """``morning`` … where only a part of a day is named."""
    ask: str = ""


def clock(line: Line, i: int) -> tuple[Clock, int] | None:
    """The time of day that stands here, and the index after it."""
    for read in (_end_of_day, _part, _past_or_to, _spaced, _written):
        if (found := read(line, i)) is not None:
            return found
    return None


def _end_of_day(line: Line, i: int) -> tuple[Clock, int] | None:
    after = line.words(i, "the")
    day = line.words(after, "end of the business day", "end of the working day", "end of business day",
                     "end of business", "end of working day", "close of business", "cob", "close of play")  # fmt: skip
    if day > after:
        return Clock(BUSINESS_ENDS), day
    day = line.words(after, "end of the day", "end of day", "end of today", "eod", "day's end")
    if day > after:
        return Clock(DAY_ENDS), day - (line[day - 1].text == "today")
    return None


def _part(line: Line, i: int) -> tuple[Clock, int] | None:
    name = line[i].text
    return (Clock(PARTS[name], name), i + 1) if name in PARTS else None


def _past_or_to(line: Line, i: int) -> tuple[Clock, int] | None:
    """ "half past 11 p.m.", "quarter to six", "25 past 4"; "5 to 7" may as well be two hours."""
    minutes = {"half": 30.0, "quarter": 15.0}.get(line[i].text)
    after = i + 1
    if minutes is None:
        if line[i].text in ("a", "an") or (counted := line.number(i)) is None:
            return None
        minutes, after = counted[0], line.words(counted[1], "minutes", "min", "mins")
    way, hour = line[after].text, line.number(after + 1)
    end = hour[1] if hour else after + 2
    if way not in ("past", "to") or minutes not in range(1, 60) or not (hour or line[after + 1].kind == "hour"):
        return None
    told = _digits(line[after + 1].text) if line[after + 1].kind == "hour" else None
    if hour and hour[0] in range(24):
        told = Clock(time(int(hour[0])), ask=ASK_CLOCK)
    if told is None or (way == "to" and minutes in range(1, 13) and line[i].text not in ("half", "quarter")):
        return None
    minute = told.time.hour * 60 + (int(minutes) if way == "past" else -int(minutes))
    ask = "" if told.time.hour > 12 else told.ask
    return Clock(time(minute // 60 % 24, minute % 60), ask=ask), end


def _spaced(line: Line, i: int) -> tuple[Clock, int] | None:
    """ "13 50", "5 10 p.m.": as it is spoken."""
    first, second = line[i], line[i + 1]
    if first.kind != "number" or len(first.text) > 2 or not re.fullmatch(r"[0-5]\d(?:\s?[ap]\.?m?\.?)?", second.text):
        return None
    if second.kind not in ("number", "hour") or second.start - first.end != 1:
        return None
    found = _digits(f"{first.text}:{second.text}")
    follows = line[i + 2]
    counts = follows.kind == "word" and follows.text not in (*_AFTER_HOUR, *PARTS, "night")
    return None if found is None or counts else (found, i + 2)


def _written(line: Line, i: int) -> tuple[Clock, int] | None:
    token = line[i]
    if token.kind in ("clock", "hour"):
        found = _digits(token.text)
        return (found, i + 1) if found else None
    hour = line.number(i)
    if hour and line[hour[1]].text == "o'clock" and hour[0] in range(1, 13):
        return Clock(time(int(hour[0]) % 24), ask=ASK_CLOCK), hour[1] + 1
    return _bare(line, i, hour) if line[i - 1].text in ("by", "at", "before", "until", "between", "from") else None


def _bare(line: Line, i: int, hour: tuple[float, int] | None) -> tuple[Clock, int] | None:
    """ "by 5": a time of day where nothing is counted by it, and not one that can be held to."""
    if hour is None or hour[0] not in range(1, 24) or line[i].text in ("a", "an"):
        return None
    follows = line[hour[1]]
    counts = follows.kind == "word" and follows.text not in _AFTER_HOUR
    return None if counts or follows.kind in ("money", "ref") else (Clock(time(int(hour[0])), ask=ASK_CLOCK), hour[1])


def _digits(text: str) -> Clock | None:
    match = re.fullmatch(r"(\d{1,2})(?:([:.])(\d{2}))?\s?(?:([ap])\.?m?\.?)?", text)
    if match is None:
        return None
    hour, minute, half = int(match[1]), int(match[3] or 0), match[4]
    if minute > 59 or hour > 23:
        return None
    if half:
        return Clock(time(hour % 12 + (12 if half == "p" else 0), minute)) if 1 <= hour <= 12 else None
    if match[2] == "." and hour >= 1 and 1 <= minute <= 12:
        return Clock(time(hour, minute), ask=ASK_DOTTED)
    doubtful = hour in range(1, 7) and len(match[1]) == 1
    return Clock(time(hour, minute), ask=ASK_CLOCK if doubtful else "")


def settled(found: Clock, part: str) -> Clock | None:
    """A time with the part of the day that it is told with: "5 o'clock in the afternoon". None where they disagree."""
    hour = found.time.hour
    if part in ("afternoon", "evening", "tonight") and hour < 12:
        found, hour = Clock(found.time.replace(hour=hour + 12)), hour + 12
    if found.ask == ASK_CLOCK and part == "morning":
        return Clock(found.time)
    begins, ends = _STARTS.get(part, time(0)), PARTS.get(part, DAY_ENDS)
    return found if begins <= found.time <= ends else None


def zone(line: Line, i: int) -> tuple[tzinfo | str | None, int] | None:
    """A zone that stands here: its tzinfo, None for the reader's own, or a sentence that asks which one is meant."""
    token = line[i]
    if token.kind == "offset":
        match = re.fullmatch(r"(?:utc|gmt)\s?([+-])(\d{1,2}):?(\d{2})?", token.text)
        hours, minutes = (int(match[2]), int(match[3] or 0)) if match else (99, 0)
        if match and hours <= 14 and minutes < 60:
            return timezone((1 if match[1] == "+" else -1) * timedelta(hours=hours, minutes=minutes)), i + 1
        return ASK_ZONE, i + 1
    if (after := line.words(i, "your time", "local time")) > i:
        return None, after
    if (after := line.words(i, "our time", "my time")) > i:
        return "Say in which zone, or give the time in the customer's own.", after
    if token.text in _SEVERAL:
        return ASK_ZONE, i + 1
    if token.text in _FIXED:
        return timezone(timedelta(hours=_FIXED[token.text])), i + 1
    for length in (2, 1):
        city = " ".join(line[i + n].text for n in range(length))
        if line[i + length].text == "time" and city in _cities():
            return ZoneInfo(_cities()[city]), i + length + 1
    return None


@cache
def _cities() -> dict[str, str]:
    """Cities that are called so in one zone alone."""
    found: dict[str, set[str]] = {}
    for name in available_timezones():
        area, _, city = name.rpartition("/")
        if area and area not in ("Etc", "posix", "right", "SystemV"):
            found.setdefault(city.replace("_", " ").lower(), set()).add(name)
    return {city: names.pop() for city, names in found.items() if len(names) == 1}
