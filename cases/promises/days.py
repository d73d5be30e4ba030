"""Days: "tomorrow", "by Friday", "25 November", "end of next week"."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from cases.formats import day as printed
from cases.promises.calendar import business_days, is_business_day, last_business_day, month_end
from cases.promises.dates import MONTHS, Read, dated
from cases.promises.tokens import Line

_LONG = "monday tuesday wednesday thursday friday saturday sunday".split()
WEEKDAYS = {name: n for n, name in enumerate(_LONG)} | {
    name: n for n, names in enumerate(["mon", "tue tues", "wed", "thu thur thurs", "fri", "sat", "sun"])
    for name in names.split()
}  # fmt: skip


@dataclass(frozen=True)
class When:
    """In what a text is read: the day it is there, and the holidays."""

    today: date
    holidays: str

    @property
    def monday(self) -> date:
        return self.today - timedelta(days=self.today.weekday())


def day(line: Line, i: int, when: When) -> tuple[Read, int] | None:
    """The day that stands here, and the index after it. A day is the last one that still counts."""
    for read in (_near, _next_business, _week, _ends, _weekday, dated_here):
        if (found := read(line, i, when)) is not None:
            return found
    return None


def dated_here(line: Line, i: int, when: When) -> tuple[Read, int] | None:
    return dated(line, i, when.today)


def _near(line: Line, i: int, when: When) -> tuple[Read, int] | None:
    if (after := line.words(i, "the day after tomorrow", "day after tomorrow")) > i:
        return Read(when.today + timedelta(days=2), "day-after-tomorrow"), after
    if (after := line.words(i, "tomorrow", "tmrw")) > i:
        return Read(when.today + timedelta(days=1), "tomorrow"), after
    if (after := line.words(i, "later today", "today", "this day", "the same day")) > i:
        return Read(when.today, "today"), after
    if line[i].text == "this" and line[i + 1].text in ("morning", "afternoon", "evening"):
        return Read(when.today, "today"), i + 1
    return (Read(when.today, "today"), i) if line[i].text == "tonight" else None


def _next_business(line: Line, i: int, when: When) -> tuple[Read, int] | None:
    after = line.words(i, "the")
    end = line.words(after, "next business day", "next working day", "following business day", "following working day")
    if end == after:
        return None
    return Read(business_days(when.today, 1, when.holidays), "next-business-day"), end


def _week(line: Line, i: int, when: When) -> tuple[Read, int] | None:
    after = line.words(i, "the")
    for said, week in (("next week", 1), ("this week", 0)):
        start = line.words(after, said)
        if start > after and line[line.words(start, "on")].text in WEEKDAYS:
            on = line.words(start, "on")
            found = when.monday + timedelta(days=7 * week + WEEKDAYS[line[on].text])
            over = found < when.today
            return Read(None if over else found, "weekday-next-week", "That day is over." if over else ""), on + 1
    if (end := line.words(after, "end of next week", "next week")) > after:
        return _of_week(when.monday + timedelta(weeks=1), when, "next-week"), end
    if (end := line.words(after, "end of the week", "end of this week", "end of week", "this week", "eow")) > after:
        return _of_week(when.monday, when, "this-week"), end
    start = line.words(after, "the", "this")
    if (end := line.words(start, "weekend")) > start and line[i].text in ("the", "this", "weekend"):
        return Read(when.monday + timedelta(days=6), "weekend", first=when.monday + timedelta(days=5)), end
    return None


def _of_week(monday: date, when: When, rule: str) -> Read:
    last = last_business_day(monday, when.holidays)
    if last is None or last < when.today:
        return Read(None, rule, "The week’s working days are over. Name the day.")
    return Read(last, rule, first=monday)


def _ends(line: Line, i: int, when: When) -> tuple[Read, int] | None:
    start = line.words(line.words(i, "the"), "end of")
    here = start > i and line[start - 1].text == "of"
    start = line.words(start, "the") if here else i
    year, month = when.today.year, when.today.month
    end = line.words(start, "month", "this month") if here else line.words(i, "this month", "eom")
    if end > start:
        return Read(month_end(year, month), "this-month", first=date(year, month, 1)), end
    if (end := line.words(start, "next month")) > start:
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
        return Read(month_end(year, month), "next-month", first=date(year, month, 1)), end
    if here and (end := line.words(start, "year", "this year")) > start:
        return Read(date(year, 12, 31), "this-year", first=date(year, 1, 1)), end
    named = line[start].text
    if named in MONTHS and (here or line[i - 1].text == "in") and line[start + 1].kind not in ("number", "ordinal"):
        year += MONTHS[named] < month
        return Read(month_end(year, MONTHS[named]), "month", first=date(year, MONTHS[named], 1)), start + 1
    return None


def _weekday(line: Line, i: int, when: When) -> tuple[Read, int] | None:
    start = line.words(i, "this coming", "the coming", "coming", "this", "next", "the")
    said = line[start - 1].text if start > i else ""
    number = WEEKDAYS.get(line[start].text)
    name = line[start]
    if number is None or (len(name.text) < 6 and not line.text[name.start].isupper()):
        return None  # "it sat in the sun"
    first = when.today + timedelta(days=(number - when.today.weekday()) % 7)
    if (end := line.words(start + 1, "next week")) > start + 1:
        return Read(when.monday + timedelta(days=7 + number), "weekday-next-week"), end
    if (end := line.words(start + 1, "week")) > start + 1:
        return Read(None, "weekday", "Name the day with its date."), end
    end = start + 1
    with_date = dated(line, end + (line[end].kind == "comma"), when.today)
    if with_date:
        return _agreeing(with_date[0], number), with_date[1]
    return _chosen(said, number, first, when), end


def _chosen(said: str, number: int, first: date, when: When) -> Read:
    """Which of the days of that name is meant; where two could be, both are named and nothing is chosen."""
    later = first + timedelta(weeks=1)
    both = f"That could be {printed(first)} or {printed(later)}. Give the date."
    if said == "this":
        over = when.monday + timedelta(days=number) < when.today
        return Read(None, "weekday", "That day of this week is over.") if over else Read(first, "weekday")
    if said == "coming":
        return Read(first if first > when.today else later, "weekday")
    if said == "next":
        if first == when.today:
            return Read(later, "next-weekday")
        return Read(first, "next-weekday") if first >= when.monday + timedelta(weeks=1) else Read(None, "weekday", both)
    return Read(None, "weekday", both) if first == when.today else Read(first, "weekday")


def _agreeing(dated_: Read, number: int) -> Read:
    if dated_.day is not None and dated_.day.weekday() != number:
        return Read(None, "date", f"{printed(dated_.day)} is another day of the week. Check the date.")
    return dated_


def over(line: Line, i: int) -> int:
    """The index after a day that is said to be past: "yesterday", "last week Monday", "Saturday last week"."""
    start = i + (line[i].text in WEEKDAYS)
    end = line.words(start, "last week", "last month", "last year", "yesterday")
    return i if end == start else end + (line[end].text in WEEKDAYS)


def is_free(read: date, when: When) -> bool:
    return not is_business_day(read, when.holidays)
