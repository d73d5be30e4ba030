"""Days named in English text: one day or a span of days, read at an explicit instant. Nothing rather than a guess."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

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

_MONTH = r"(?:january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b\.?"  # fmt: skip
_WEEKDAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?s?\b\.?"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?"
_YEAR = r"(?:,?\s+(?P<year>(?:19|20)\d\d))?"
_N = r"(?P<n>\d{1,3}|a couple of|couple of|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
_S = r"[\s\u00a0\u202f]"
_LEAD = rf"(?:(?P<weekday>{_WEEKDAY}),?{_S}+(?:the{_S}+)?)?"

_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(rf"(?<![\w/.-]){body}(?![\w/])", re.I))
    for name, body in (
        ("iso", r"(?P<year>20\d\d)-(?P<month>\d\d)-(?P<day>\d\d)"),
        ("figures", rf"{_LEAD}(?P<day>\d{{1,2}})(?P<sep>[./-])(?P<month>\d{{1,2}})(?P=sep)(?P<year>20\d\d|\d\d)"),
        ("month", rf"{_LEAD}(?P<day>{_DAY}){_S}+(?:of{_S}+)?(?P<word>{_MONTH}){_YEAR}"),
        ("month", rf"{_LEAD}(?P<word>{_MONTH}){_S}+(?:the{_S}+)?(?P<day>{_DAY})(?!{_S}?(?:am|pm|days|o.clock)){_YEAR}"),
        ("weekday", rf"(?P<which>this|next|last|coming|past){_S}+(?:coming{_S}+)?(?P<word>{_WEEKDAY})"),
        ("weekday", rf"(?P<word>{_WEEKDAY}){_S}+(?:of{_S}+)?(?P<week>last|next|this){_S}+week"),
        ("weekday", rf"(?P<word>{_WEEKDAY})(?:{_S}+(?P<after>week))?"),
        ("near", r"(?P<word>the day after tomorrow|day after tomorrow|the day before yesterday|day before yesterday|today|tonight|tomorrow|yesterday|this (?:morning|afternoon|evening)|last night)"),
        ("ago", rf"{_N}{_S}+(?P<unit>days?|weeks?|months?){_S}+(?:ago|earlier)"),
        ("ahead", rf"in{_S}+(?:about{_S}+)?{_N}{_S}+(?:calendar{_S}+)?(?P<unit>days?|weeks?|months?)(?:{_S}+time|['’]{_S}*time)?"),
        ("ahead", rf"{_N}{_S}+(?P<unit>days?|weeks?|months?){_S}+(?:from{_S}+(?:now|today)|later)"),
        ("whole", rf"(?P<word>{_MONTH}){_S}+(?:of{_S}+)?(?P<which>this|last|next){_S}+year"),
        ("weekday", rf"(?P<week>last|next|this){_S}+week(?:['’]s)?,?{_S}+(?:on{_S}+)?(?P<word>{_WEEKDAY})"),
        ("stretch", rf"(?P<which>last|past|next|coming){_S}+{_N}{_S}+(?P<unit>days?|weeks?|months?)"),
        ("period", rf"(?P<which>this|next|last|past|previous|current|coming){_S}+(?P<unit>week|month|year)"),
        ("end", rf"(?:the{_S}+)?end{_S}+of{_S}+(?P<which>this|next|the)?{_S}*(?P<unit>week|month|year)"),
        ("whole", rf"(?P<word>{_MONTH})(?:{_S}+(?P<year>20\d\d)|{_S}+(?P<which>this|last|next){_S}+year)?"),
        ("ordinal", rf"(?:the{_S}+)?(?P<day>(?:1st|2nd|3rd|[4-9]th|1\dth|2(?:1st|2nd|3rd|[04-9]th)|30th|31st))"),
    )
)  # fmt: skip
_NUMBER_BEFORE = re.compile(r"\d(?:st|nd|rd|th)?\s+(?:of\s+)?$", re.I)
_MAY = re.compile(r"\b(?:in|of|since|until|till|by|from|to|during|for|last|next|this|before|after|early|late|mid)\s*$", re.I)  # fmt: skip


@dataclass(frozen=True)
class Day:
    """``first`` to ``last``, both within it; None is open."""

    first: date | None
    last: date | None
    span: tuple[int, int]
    relative: bool = False
    """Named by its distance from today or its weekday, not by its number."""
    how: str = ""


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
    return tuple(_joined(text, sorted(atoms, key=lambda a: a.span), today, lean))


def _no_day(text: str, match: re.Match[str], how: str) -> bool:
    """Words that look like a day and are none: "may", "march", "sun", "sat", "second"."""
    word = match.groupdict().get("word") or ""
    if how == "whole" and _NUMBER_BEFORE.search(text[: match.start()]):
        return True
    if how == "whole":
        return len(word.rstrip(".")) < 9 and word.lower() in ("may", "march", "mar", "dec", "jan") and not (
            match.groupdict().get("year") or match.group("which") or (_MAY.search(text[: match.start()]) and word[0].isupper())
        )  # fmt: skip
    if how == "weekday" and word.lower().rstrip(".") in ("sun", "sat", "wed", "mon"):
        return not word[0].isupper()
    return False


Span = tuple[date, date]


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _one(day: date | None) -> Span | None:
    return (day, day) if day else None


def _digits(text: str) -> int:
    return int(re.sub(r"\D", "", text))


def _iso(match: re.Match[str], today: date, lean: Lean) -> Span | None:
    return _one(_date(int(match["year"]), int(match["month"]), int(match["day"])))


def _figures(match: re.Match[str], today: date, lean: Lean) -> Span | None:
    year, day, month = int(match["year"]), int(match["day"]), int(match["month"])
    if month > 12:  # only an American can have meant that
        day, month = month, day
    return _one(_date(year + 2000 if year < 100 else year, month, day))


def _named(match: re.Match[str], today: date, lean: Lean) -> Span | None:
    month, day = _MONTHS[match["word"].lower().rstrip(".")], _digits(match["day"])
    if match["year"]:
        return _one(_date(int(match["year"]), month, day))
    years = [_date(y, month, day) for y in range(today.year - 1, today.year + 2)]
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
    return _one(_leaning([_date(y, m + 1, _digits(match["day"])) for y, m in months], today, lean))


_READERS: dict[str, Callable[[re.Match[str], date, Lean], Span | None]] = {
    "iso": _iso, "figures": _figures, "month": _named, "weekday": _weekday, "near": _near,
    "ago": lambda m, today, lean: _shifted(m, today, -1), "ahead": lambda m, today, lean: _shifted(m, today, 1),
    "period": _period, "stretch": _stretch, "end": _end, "whole": _whole, "ordinal": _ordinal,
}  # fmt: skip


# -- spans of days --------------------------------------------------------------------------------------
_BETWEEN = re.compile(rf"^{_S}*(?:and|to|until|till|through|[–—-]){_S}*(?:the{_S}+)?$", re.I)
_LOOSE = re.compile(rf"^{_S}*(?:[–—]|to|until|till|through){_S}*(?:the{_S}+)?$", re.I)
_FROM = re.compile(rf"\b(?:between|from){_S}+(?:the{_S}+)?$", re.I)
_ENDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("by", re.compile(rf"\b(?:by|until|till|up to|no later than|not later than|latest|at the latest on|on or before){_S}+(?:the{_S}+)?$", re.I)),
    ("before", re.compile(rf"\b(?:before|prior to){_S}+(?:the{_S}+)?$", re.I)),
    ("after", re.compile(rf"\b(?:later than|after){_S}+(?:the{_S}+)?$", re.I)),
    ("from", re.compile(rf"\b(?:from|since|as of|starting(?: on)?|not before|no earlier than|earliest){_S}+(?:the{_S}+)?$", re.I)),
    ("on", re.compile(rf"\b(?:on|in|during|at){_S}+(?:the{_S}+)?$", re.I)),
)  # fmt: skip
_HALF = re.compile(rf"(?<![\w./-])(?P<day>{_DAY}){_S}*(?P<join>[–—-]|to|and|until){_S}*(?:the{_S}+)?$", re.I)


def _joined(text: str, atoms: list[Day], today: date, lean: Callable[[int], Lean]) -> Iterator[Day]:
    """Atoms with the words around them: "between … and …", "24–28 November", "by …", "from …"."""
    n = 0
    while n < len(atoms):
        day = _half(text, atoms[n])
        after = atoms[n + 1] if n + 1 < len(atoms) else None
        if after is not None and _is_range(text, day, after):
            day, n = _range(day, after), n + 1
        yield _opened(text, _ended(text, day))
        n += 1


def _is_range(text: str, day: Day, after: Day) -> bool:
    gap = text[day.span[1] : after.span[0]]
    opened = bool(_FROM.search(text[: day.span[0]]))
    return bool(_BETWEEN.match(gap)) if opened else bool(_LOOSE.match(gap)) and day.how != "near"


def _range(day: Day, after: Day) -> Day:
    first = day.first
    last = after.last
    if day.how == "ordinal" and first and after.first and after.how in ("month", "figures", "iso"):
        first = _beside(after.first, first.day, -1)  # "the 29th to the 6th of January"
    elif after.how == "ordinal" and first and last and day.how in ("month", "figures", "iso"):
        last = _beside(first, last.day, 1)  # "28 October to the 3rd"
    if first and last and first > last:
        first = _date(first.year - 1, first.month, first.day) or first
    return Day(first, last, (day.span[0], after.span[1]), day.relative and after.relative, "range")


def _beside(day: date, number: int, sign: int) -> date:
    """The day of this number in the same month, or, where that lies on the wrong side, in the month beside it."""
    for months in (0, sign, 2 * sign):
        year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
        found = _date(year, month + 1, number)
        if found and (found - day).days * sign >= 0:
            return found
    return day


def _half(text: str, day: Day) -> Day:
    """``24–28 November``: the first day stands without its month."""
    found = _HALF.search(text[: day.span[0]]) if day.how == "month" and day.first else None
    if found is None or day.first is None:
        return day
    opened = _FROM.search(text[: found.start()])
    if found["join"].lower() == "and" and not opened:
        return day
    first = _date(day.first.year, day.first.month, _digits(found["day"]))
    return (
        replace(day, first=first, span=(found.start(), day.span[1]), how="range")
        if first and first < day.first
        else day
    )


def _ended(text: str, day: Day) -> Day:
    before = text[: day.span[0]]
    opened = _FROM.search(before)
    if day.how == "range":
        return replace(day, span=(opened.start() if opened else day.span[0], day.span[1]))
    for name, pattern in _ENDS:
        found = pattern.search(before)
        if found is None:
            continue
        span = (found.start(), day.span[1])
        one = timedelta(days=1)
        return {
            "by": replace(day, first=None, span=span), "from": replace(day, last=None, span=span),
            "before": replace(day, first=None, last=day.first - one if day.first else None, span=span),
            "after": replace(day, first=day.last + one if day.last else None, last=None, span=span),
            "on": replace(day, span=span),
        }[name]  # fmt: skip
    return day


_LATER = re.compile(
    rf"^{_S}*(?:(?:or|and|at the){_S}+(?P<way>later|latest|earlier|sooner|earliest)\b|(?P<on>onwards?)\b)", re.I
)


def _opened(text: str, day: Day) -> Day:
    """``or later``, ``at the latest``: what follows opens one end."""
    found = _LATER.match(text[day.span[1] :])
    if found is None:
        return day
    span = (day.span[0], day.span[1] + found.end())
    if (found["way"] or "").lower() in ("latest", "earlier", "sooner"):
        return replace(day, first=None, span=span)
    return replace(day, last=None, span=span)


def spelt(day: Day) -> str:
    """``2026-11-24/2026-12-01``; ``..`` where one end is open."""
    return f"{day.first.isoformat() if day.first else '..'}/{day.last.isoformat() if day.last else '..'}"


def ends(value: str) -> tuple[date, date]:
    """The two ends of a spelt span; an open one is the calendar's own."""
    first, _, last = value.partition("/")
    return (date.min if first == ".." else date.fromisoformat(first),
            date.max if last in ("..", "") else date.fromisoformat(last))  # fmt: skip


def within(inner: str, outer: str) -> bool:
    """Whether everything that ``inner`` allows is allowed by ``outer``."""
    (a, b), (c, d) = ends(inner), ends(outer)
    return c <= a and b <= d
