"""Days named in English text: one day or a span of days, read at an explicit instant. Nothing rather than a guess."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Literal

from cases.told.dayparts import NUMBER, SPACE, Day, dated, digits
from cases.told.stretches import joined

Lean = Literal["past", "future", "near"]
"""Where a day without its year or month is looked for: behind, ahead, or wherever it is nearest."""

_MONTHS = {name.lower(): n for n in range(1, 13) for name in (calendar.month_name[n], calendar.month_abbr[n])} | {
    "sept": 9
}
_WEEKDAYS = {name.lower(): n for n in range(7) for name in (calendar.day_name[n], calendar.day_abbr[n])} | {
    "tues": 1, "wednes": 2, "thur": 3, "thurs": 3,
}  # fmt: skip
_COUNTS = {w: n for n, w in enumerate("a one two three four five six seven eight nine ten eleven twelve".split())} | {
    "a": 1, "an": 1, "couple of": 2, "a couple of": 2,
}  # fmt: skip

_MONTH = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december|"
    r"jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b\.?"
)
_WEEKDAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?s?\b\.?"
_YEAR = r"(?:,?\s+(?P<year>(?:19|20)\d\d))?"
_N = r"(?P<n>\d{1,3}|a couple of|couple of|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
_LEAD = rf"(?:(?P<weekday>{_WEEKDAY}),?{SPACE}+(?:the{SPACE}+)?)?"

_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(rf"(?<![\w/.-]){body}(?![\w/])", re.I))
    for name, body in (
        ("iso", r"(?P<year>20\d\d)-(?P<month>\d\d)-(?P<day>\d\d)"),
        ("figures", rf"{_LEAD}(?P<day>\d{{1,2}})(?P<sep>[./-])(?P<month>\d{{1,2}})(?P=sep)(?P<year>20\d\d|\d\d)"),
        ("month", rf"{_LEAD}(?P<day>{NUMBER}){SPACE}+(?:of{SPACE}+)?(?P<word>{_MONTH}){_YEAR}"),
        ("month", rf"{_LEAD}(?P<word>{_MONTH}){SPACE}+(?:the{SPACE}+)?(?P<day>{NUMBER})(?!{SPACE}?(?:am|pm|"
                  rf"days|o.clock)){_YEAR}"),
        ("weekday", rf"(?P<which>this|next|last|coming|past){SPACE}+(?:coming{SPACE}+)?(?P<word>{_WEEKDAY})"),
        ("weekday", rf"(?P<word>{_WEEKDAY}){SPACE}+(?:of{SPACE}+)?(?P<week>last|next|this){SPACE}+week"),
        ("weekday", rf"(?P<word>{_WEEKDAY})(?:{SPACE}+(?P<after>week))?"),
        ("near", r"(?P<word>the day after tomorrow|day after tomorrow|the day before yesterday|"
                 r"day before yesterday|today|tonight|tomorrow|yesterday|this (?:morning|afternoon|evening)|"
                 r"last night)"),
        ("ago", rf"{_N}{SPACE}+(?P<unit>days?|weeks?|months?){SPACE}+(?:ago|earlier)"),
        ("ahead", rf"in{SPACE}+(?:about{SPACE}+)?{_N}{SPACE}+(?:calendar{SPACE}+)?(?P<unit>days?|weeks?|"
                  rf"months?)(?:{SPACE}+time|['’]{SPACE}*time)?"),
        ("ahead", rf"{_N}{SPACE}+(?P<unit>days?|weeks?|months?){SPACE}+(?:from{SPACE}+(?:now|today)|later)"),
        ("whole", rf"(?P<word>{_MONTH}){SPACE}+(?:of{SPACE}+)?(?P<which>this|last|next){SPACE}+year"),
        ("weekday", rf"(?P<week>last|next|this){SPACE}+week(?:['’]s)?,?{SPACE}+(?:on{SPACE}+)?(?P<word>{_WEEKDAY})"),
        ("stretch", rf"(?P<which>last|past|next|coming){SPACE}+{_N}{SPACE}+(?P<unit>days?|weeks?|months?)"),
        ("period", rf"(?P<which>this|next|last|past|previous|current|coming){SPACE}+(?P<unit>week|month|year)"),
        ("end", rf"(?:the{SPACE}+)?end{SPACE}+of{SPACE}+(?P<which>this|next|the)?{SPACE}*(?P<unit>week|month|year)"),
        ("whole", rf"(?P<word>{_MONTH})(?:{SPACE}+(?P<year>20\d\d)|{SPACE}+(?P<which>this|last|next){SPACE}+year)?"),
        ("ordinal", rf"(?:the{SPACE}+)?(?P<day>(?:1st|2nd|3rd|[4-9]th|1\dth|2(?:1st|2nd|3rd|[04-9]th)|30th|31st))"),
    )
)  # fmt: skip
_NUMBER_BEFORE = re.compile(r"\d(?:st|nd|rd|th)?\s+(?:of\s+)?$", re.I)
_MAY = re.compile(r"\b(?:in|of|since|until|till|by|from|to|during|for|last|next|this|before|after|early|late|"
                  r"mid)\s*$", re.I)  # fmt: skip


def days_in(text: str, today: date, lean: Callable[[int], Lean] = lambda at: "near") -> tuple[Day, ...]:
    """Every day and span of days, in its order. ``lean(position)`` says where the words there look."""
    atoms: list[Day] = []
    for how, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            start, end = match.start(), match.start() + len(match.group().rstrip("."))
            if any(start < a.span[1] and end > a.span[0] for a in atoms):
                continue
            day = _READERS[how](match, today, lean(start))
            if day is not None and not _no_day(text, match, how):
                atoms.append(Day(day[0], day[1], (start, end), how not in ("iso", "figures", "month", "whole"), how))
    return tuple(joined(text, sorted(atoms, key=lambda a: a.span)))


def _no_day(text: str, match: re.Match[str], how: str) -> bool:
    """Words that look like a day and are none: "may", "march", "sun", "sat", "second"."""
    word = match.groupdict().get("word") or ""
    if how == "whole" and _NUMBER_BEFORE.search(text[: match.start()]):
        return True
    if how == "whole":
        return len(word.rstrip(".")) < 9 and word.lower() in ("may", "march", "mar", "dec", "jan") and not (
            match.groupdict().get("year") or match.group("which")
            or (_MAY.search(text[: match.start()]) and word[0].isupper())
        )  # fmt: skip
    if how == "weekday" and word.lower().rstrip(".") in ("sun", "sat", "wed", "mon"):
        return not word[0].isupper()
    return False


Span = tuple[date, date]


def _one(day: date | None) -> Span | None:
    return (day, day) if day else None


def _iso(match: re.Match[str], today: date, lean: Lean) -> Span | None:
    return _one(dated(int(match["year"]), int(match["month"]), int(match["day"])))


def _figures(match: re.Match[str], today: date, lean: Lean) -> Span | None:
    year, day, month = int(match["year"]), int(match["day"]), int(match["month"])
    if month > 12:  # only an American can have meant that
        day, month = month, day
    return _one(dated(year + 2000 if year < 100 else year, month, day))


def _named(match: re.Match[str], today: date, lean: Lean) -> Span | None:
    month, day = _MONTHS[match["word"].lower().rstrip(".")], digits(match["day"])
    if match["year"]:
        return _one(dated(int(match["year"]), month, day))
    years = [dated(y, month, day) for y in range(today.year - 1, today.year + 2)]
    if match["weekday"]:  # it says which year is meant
        wanted = _number(match["weekday"])
        years = [d for d in years if d and d.weekday() == wanted] or years
    return _one(_leaning(years, today, lean, timedelta(days=60)))


def _leaning(choices: list[date | None], today: date, lean: Lean, slack: timedelta = timedelta()) -> date | None:
    found = [c for c in choices if c is not None]
    if lean == "past":
        found = [c for c in found if c <= today]
    elif lean == "future":
        found = [c for c in found if c >= today - slack]
    return min(found, key=lambda c: (abs((c - today).days), c), default=None)


def _number(weekday: str) -> int:
    word = weekday.lower().rstrip(".")
    return _WEEKDAYS[word] if word in _WEEKDAYS else _WEEKDAYS[word.removesuffix("s")]


def _weekday(match: re.Match[str], today: date, lean: Lean) -> Span | None:
    given = match.groupdict()
    wanted = _number(given["word"])
    monday = today - timedelta(days=today.weekday())
    week, which = (given.get("week") or "").lower(), (given.get("which") or "").lower()
    if week or which in ("this", "next"):
        shift = {"last": -7, "this": 0, "next": 7}[week or which]
        return _one(monday + timedelta(days=shift + wanted))
    ahead = (wanted - today.weekday()) % 7
    behind = (today.weekday() - wanted) % 7
    if which in ("last", "past"):
        return _one(today - timedelta(days=behind or 7))
    if given.get("after"):
        return _one(today + timedelta(days=(ahead or 7) + 7))
    if lean == "past":
        return _one(today - timedelta(days=behind))
    return _one(today + timedelta(days=(ahead or 7) if which == "coming" else ahead))


def _near(match: re.Match[str], today: date, lean: Lean) -> Span | None:
    word = match["word"].lower()
    shift = 2 if "after tomorrow" in word else -2 if "before yesterday" in word else 1 if word == "tomorrow" else (
        -1 if word in ("yesterday", "last night") else 0)  # fmt: skip
    return _one(today + timedelta(days=shift))


def _shifted(match: re.Match[str], today: date, sign: int) -> Span | None:
    n, unit = match["n"].lower(), match["unit"].lower()
    count = sign * (int(n) if n.isdigit() else _COUNTS[n])
    if unit.startswith("month"):
        months = today.year * 12 + today.month - 1 + count
        year, month = divmod(months, 12)
        return _one(date(year, month + 1, min(today.day, calendar.monthrange(year, month + 1)[1])))
    return _one(today + timedelta(days=count * (7 if unit.startswith("week") else 1)))


def _period(match: re.Match[str], today: date, lean: Lean) -> Span | None:
    shift = {"next": 1, "coming": 1, "last": -1, "past": -1, "previous": -1}.get((match["which"] or "").lower(), 0)
    return _unit(match["unit"].lower(), today, shift)


def _stretch(match: re.Match[str], today: date, lean: Lean) -> Span | None:
    sign = 1 if match["which"].lower() in ("next", "coming") else -1
    end = _shifted(match, today, sign)
    return (min(today, end[0]), max(today, end[0])) if end else None


def _unit(unit: str, today: date, shift: int) -> Span:
    if unit == "week":
        monday = today - timedelta(days=today.weekday() - 7 * shift)
        return monday, monday + timedelta(days=6)
    if unit == "year":
        return date(today.year + shift, 1, 1), date(today.year + shift, 12, 31)
    year, month = divmod(today.year * 12 + today.month - 1 + shift, 12)
    return _month(year, month + 1)


def _month(year: int, month: int) -> Span:
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


def _end(match: re.Match[str], today: date, lean: Lean) -> Span | None:
    last = _unit(match["unit"].lower(), today, 1 if (match["which"] or "").lower() == "next" else 0)[1]
    return last, last


def _whole(match: re.Match[str], today: date, lean: Lean) -> Span | None:
    month, which = _MONTHS[match["word"].lower().rstrip(".")], (match["which"] or "").lower()
    if year := match.groupdict().get("year"):
        return _month(int(year), month)
    if which:
        return _month(today.year + {"last": -1, "this": 0, "next": 1}[which], month)
    spans = [_month(y, month) for y in range(today.year - 1, today.year + 2)]
    fits = {"past": lambda s: s[0] <= today, "future": lambda s: s[1] >= today, "near": lambda s: True}[lean]
    return min(filter(fits, spans), key=lambda s: abs((s[0] - today).days), default=None)


def _ordinal(match: re.Match[str], today: date, lean: Lean) -> Span | None:
    months = [divmod(today.year * 12 + today.month - 1 + n, 12) for n in (-1, 0, 1)]
    return _one(_leaning([dated(y, m + 1, digits(match["day"])) for y, m in months], today, lean))


_READERS: dict[str, Callable[[re.Match[str], date, Lean], Span | None]] = {
    "iso": _iso, "figures": _figures, "month": _named, "weekday": _weekday, "near": _near,
    "ago": lambda m, today, lean: _shifted(m, today, -1), "ahead": lambda m, today, lean: _shifted(m, today, 1),
    "period": _period, "stretch": _stretch, "end": _end, "whole": _whole, "ordinal": _ordinal,
}  # fmt: skip
