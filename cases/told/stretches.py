"""Days with the words around them: "between … and …", "24–28 November", "by …", "… at the latest"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from cases.told.dayparts import NUMBER, SPACE, Day, dated, digits

_BETWEEN = re.compile(rf"^{SPACE}*(?:and|to|until|till|through|[–—-]){SPACE}*(?:the{SPACE}+)?$", re.I)
_LOOSE = re.compile(rf"^{SPACE}*(?:[–—]|to|until|till|through){SPACE}*(?:the{SPACE}+)?$", re.I)
_FROM = re.compile(rf"\b(?:between|from){SPACE}+(?:the{SPACE}+)?$", re.I)
_ENDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("by", re.compile(rf"\b(?:by|until|till|up to|no later than|not later than|latest|at the latest on|"
                      rf"on or before){SPACE}+(?:the{SPACE}+)?$", re.I)),
    ("before", re.compile(rf"\b(?:before|prior to){SPACE}+(?:the{SPACE}+)?$", re.I)),
    ("after", re.compile(rf"\b(?:later than|after){SPACE}+(?:the{SPACE}+)?$", re.I)),
    ("from", re.compile(rf"\b(?:from|since|as of|starting(?: on)?|not before|no earlier than|"
                        rf"earliest){SPACE}+(?:the{SPACE}+)?$", re.I)),
    ("on", re.compile(rf"\b(?:on|in|during|at){SPACE}+(?:the{SPACE}+)?$", re.I)),
)  # fmt: skip
_HALF = re.compile(rf"(?<![\w./-])(?P<day>{NUMBER}){SPACE}*(?P<join>[–—-]|to|and|"
                   rf"until){SPACE}*(?:the{SPACE}+)?$", re.I)


def joined(text: str, atoms: list[Day]) -> Iterator[Day]:
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
        first = dated(first.year - 1, first.month, first.day) or first
    return Day(first, last, (day.span[0], after.span[1]), day.relative and after.relative, "range")


def _beside(day: date, number: int, sign: int) -> date:
    """The day of this number in the same month, or, where that lies on the wrong side, in the month beside it."""
    for months in (0, sign, 2 * sign):
        year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
        found = dated(year, month + 1, number)
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
    first = dated(day.first.year, day.first.month, digits(found["day"]))
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
    rf"^{SPACE}*(?:(?:or|and|at the){SPACE}+(?P<way>later|latest|earlier|sooner|earliest)\b|(?P<on>onwards?)\b)", re.I
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
