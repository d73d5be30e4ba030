"""Dates as they are written: "25 November", "Nov 25th", "25.11.", "2026-11-25". What could be two dates is neither."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from cases.formats import day as printed
from cases.promises.calendar import month_end
from cases.promises.tokens import Line

_NAMES = "january february march april may june july august september october november december".split()
MONTHS = {name: n for n, name in enumerate(_NAMES, 1)} | {name[:3]: n for n, name in enumerate(_NAMES, 1)} | {"sept": 9}
FARTHEST = timedelta(days=320)
"""A date without a year lies no farther ahead."""
_BEFORE_ORDINAL = ("by", "on", "until", "till", "before", "than", "to")
_AFTER_ORDINAL = (
    "at", "by", "before", "in", "and", "or", "to", "until", "latest", "between", "from", "this", "next", "with",
    "about", "for", "so", "as", "we", "you", "because",
)  # fmt: skip
ASK_NAME = "Write the month’s name: that could be two dates."


@dataclass(frozen=True)
class Read:
    """A day, or (``day`` is None) why none can be held to. ``first`` is the first day of a longer time."""

    day: date | None
    rule: str
    ask: str = ""
    first: date | None = None


def dated(line: Line, i: int, today: date) -> tuple[Read, int] | None:
    """The date that stands here, and the index after it."""
    token = line[i]
    if token.kind == "iso":
        year, month, day = map(int, token.text.split("-"))
        return _exact(year, month, day, today), i + 1
    if token.kind == "dotted_date":
        day, month, *rest = (int(n) for n in token.text.split(".") if n)
        return (_exact(rest[0], month, day, today) if rest else _yearless(month, day, today)), i + 1
    if token.kind == "slashed":
        return _slashed(token.text, today), i + 1
    return _named(line, i, today) or _ordinal(line, i, today)


def _exact(year: int, month: int, day: int, today: date) -> Read:
    try:
        found = date(year, month, day)
    except ValueError:
        return Read(None, "date", "There is no such date. Check it.")
    if not today <= found < today + timedelta(days=1100):
        return Read(None, "date", f"{printed(found, today)} is over, or years away. Check the date.")
    return Read(found, "date")


def _yearless(month: int, day: int, today: date) -> Read:
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return Read(None, "date", "There is no such date. Check it.")
    for year in (today.year, today.year + 1):
        if day <= month_end(year, month).day and today <= date(year, month, day) <= today + FARTHEST:
            return Read(date(year, month, day), "date")
    return Read(None, "date", "That date is over, or far ahead. Add the year.")


def _slashed(text: str, today: date) -> Read:
    first, second, *rest = (int(n) for n in text.split("/"))
    if rest and rest[0] < 1000:
        return Read(None, "date", ASK_NAME)
    both = {(first, second), (second, first)}
    fitting = {(day, month) for day, month in both if 1 <= month <= 12 and 1 <= day <= 31}
    if len(fitting) != 1:
        return Read(None, "date", ASK_NAME if fitting else "There is no such date. Check it.")
    day, month = fitting.pop()
    return _exact(rest[0], month, day, today) if rest else _yearless(month, day, today)


def _named(line: Line, i: int, today: date) -> tuple[Read, int] | None:
    """ "25 November 2026", "25th of November", "November 25th, 2026"."""
    start = line.words(i, "the")
    number, name = _day_number(line, start), line.words(start + 1, "of")
    if number and line[name].text in MONTHS:
        month, after = MONTHS[line[name].text], name + 1
    elif line[start].text in MONTHS and (number := _day_number(line, line.words(start + 1, "the"))):
        month, after = MONTHS[line[start].text], line.words(start + 1, "the") + 1
    else:
        return None
    after += line[after].text == "." and line[after - 1].end == line[after].start and line[after + 1].kind == "number"
    comma = after + (line[after].kind == "comma")
    if line[comma].kind == "number" and re.fullmatch(r"(?:19|20)\d\d", line[comma].text):
        return _exact(int(line[comma].text), month, number, today), comma + 1
    return _yearless(month, number, today), after


def _ordinal(line: Line, i: int, today: date) -> tuple[Read, int] | None:
    """ "the 25th": of this month, else of the next; "the 25th of next month"."""
    start = line.words(i, "the")
    number = _day_number(line, start)
    if line[start].kind != "ordinal":
        return None
    this, next_ = (today.year, today.month), (today.year + today.month // 12, today.month % 12 + 1)
    for said, month in (("this month", this), ("next month", next_)):
        if (after := line.words(start + 1, said, f"of {said}", f"of the {said}")) > start + 1:
            return _fitting(number, month, today), after
    named = start > i or line[i - 1].text in _BEFORE_ORDINAL
    if not named or line[start + 1].kind == "word" and line[start + 1].text not in _AFTER_ORDINAL:
        return None  # "the 2nd parcel"
    if number == today.day:
        return Read(None, "date", "Add the month’s name."), start + 1
    return _fitting(number, this if number > today.day else next_, today), start + 1


def _fitting(number: int, month: tuple[int, int], today: date) -> Read:
    if not number or number > month_end(*month).day or date(*month, number) < today:
        return Read(None, "date", "There is no such day ahead. Add the month’s name.")
    return Read(date(*month, number), "date")


def _day_number(line: Line, i: int) -> int:
    token = line[i]
    if token.kind not in ("number", "ordinal"):
        return 0
    number = int(re.match(r"\d+", token.text)[0]) if len(token.text) <= 4 else 0  # type: ignore[index]
    return number if 1 <= number <= 31 else 0
