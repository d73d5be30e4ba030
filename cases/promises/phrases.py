"""Reading due times: a small grammar of whole phrases. What it can't be sure of it does not read, and says why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta, tzinfo

from cases.promises import clocks, spans
from cases.promises.calendar import BUSINESS_ENDS, DAY_ENDS, instant, today, zone_of
from cases.promises.dates import Read
from cases.promises.days import When, day, is_free, over
from cases.promises.shapes import Due, Unread
from cases.promises.tokens import Line
from cases.promises.vague import ASK, EXCLUDED, LOOSE, OPEN_ENDED, counted_from, vague

_BY = (
    "by", "on", "in", "at", "within", "until", "till", "before", "no later than", "not later than", "latest by",
    "in under", "in less than", "within less than", "inside", "during", "over", "for", "between", "from",
)  # fmt: skip
_BETWEEN = ("at", "by", "before", "on", "in the", "in", "of", "no later than", "until", "until the", "between", "from")
_JOINS = ("and", "to", "or", "until", "-", "–", "—")


@dataclass
class _Phrase:
    """What one phrase has named so far."""

    day: Read | None = None
    clock: clocks.Clock | None = None
    part: str = ""
    zone: tzinfo | None = None
    length: spans.Length | None = None
    strictly: str = ""
    """``day`` or ``clock`` where it is told by "before"."""
    asks: list[str] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        return self.day is None and self.clock is None and self.length is None and not self.part


def due_read(text: str, at: datetime, zone: str, calendar: str = "") -> Due | Unread | None:
    """The time by which ``text`` promises something, what it says of time without naming one, or None.

    ``at`` is aware; what is said without a zone is meant in ``zone``. ``calendar`` names the holidays ("FI", "DE-BY").
    Two different times are none.
    """
    found = readings(text, at, zone, calendar)
    dues = [one for one in found if isinstance(one, Due)]
    last = [one for one in dues if text[one.end :].lstrip(" ,").lower().startswith(("at the latest", "latest"))]
    different = {one.at for one in dues}
    if len(different) == 1:
        return dues[0]
    if len(last) == 1:
        return last[0]
    if dues:
        named = " and ".join(f"“{one.phrase}”" for one in dues)
        return Unread(dues[0].phrase, f"Two times are named: {named}. Say which one holds.", dues[0].start, dues[0].end)
    return found[0] if found else None


def due_in(text: str, at: datetime, zone: str, calendar: str = "") -> Due | None:
    """The same where it is a time that can be held to, else None."""
    found = due_read(text, at, zone, calendar)
    return found if isinstance(found, Due) else None


def readings(text: str, at: datetime, zone: str, calendar: str = "") -> Sequence[Due | Unread]:
    """Every phrase about time in ``text``, in its order."""
    line, found, i = Line(text), [], 0
    while i < len(line):
        one, after = _phrase(line, i, at, zone, calendar)
        if one is not None:
            found.append(one)
        i = max(after, i + 1)
    return found


def _phrase(line: Line, i: int, at: datetime, zone: str, calendar: str) -> tuple[Due | Unread | None, int]:
    if (after := over(line, i)) > i:
        return None, after
    if (after := vague(line, i)) > i:
        return Unread(_text(line, i, after), ASK, *line.span(i, after)), after
    start = line.words(i, *EXCLUDED)
    read, after = _Phrase(), start if start > i else line.words(i, *_BY, *LOOSE, *OPEN_ENDED)
    said = " ".join(line[n].text for n in range(i, after))
    if said in LOOSE:
        read.asks.append("That is about when. Say by when at the latest.")
    elif said in OPEN_ENDED:
        read.asks.append("That says from when, not by when.")
    when = When(today(at, zone_of(zone)), calendar)
    after = _elements(line, after, read, when, strictly=said == "before")
    if read.empty:
        return None, i
    if start > i or counted_from(line, after) == "past":
        return None, after
    if _begun_before(line, i) and (read.clock or read.part) and read.length is None:
        read.asks.append("Write the time in figures, e.g. 15:30.")
    if line.words(after, "night", "in the night", "at night") > after and read.clock and read.clock.time.hour < 18:
        read.asks.append(clocks.ASK_CLOCK)
    if counted_from(line, after) == "event":
        read.asks.append("That counts from something that has not happened yet. Name a day.")
    return _made(line, i, after, read, at, zone, calendar), after


def _begun_before(line: Line, i: int) -> bool:
    """Something that belongs to a time of day stands before what could be read of it."""
    before = line[i - 1]
    return before.kind in ("number", "decimal") or before.text in ("past", "quarter", "half", "to")


def _elements(line: Line, i: int, read: _Phrase, when: When, *, strictly: bool) -> int:
    """Take what belongs together: a day, a time of it, a zone, in any order, each once."""
    while True:
        after = _element(line, i, read, when, strictly)
        if after > i:
            i = after
            continue
        comma = i + (line[i].kind == "comma")
        joined = line.words(comma, *_BETWEEN, *LOOSE)
        joined = joined if joined > comma else comma
        if read.empty or joined == i:
            return i
        said = " ".join(line[n].text for n in range(comma, joined))
        after = _element(line, joined, read, when, said == "before")
        if after == joined:
            return i
        if said in LOOSE:
            read.asks.append("That is about when. Say by when at the latest.")
        i = after


def _element(line: Line, i: int, read: _Phrase, when: When, strictly: bool) -> int:
    if read.length is None and read.empty and (found := spans.length(line, i)):
        read.length = found[0]
        return found[1]
    if read.length is not None:
        return i
    if not read.empty and (read.clock or read.part) and (zoned := clocks.zone(line, i)):
        if isinstance(zoned[0], str):
            read.asks.append(zoned[0])
        else:
            read.zone = zoned[0]
        return zoned[1]
    if read.day is None and (named := day(line, i, when)):
        read.day, read.strictly = named[0], "day" if strictly else read.strictly
        after = named[1]
        if after == i:  # "tonight" is a part of today
            read.part, after = line[i].text, i + 1
        elif line[after - 1].text in clocks.PARTS:
            read.part = line[after - 1].text
        return _range(line, after, read, when)
    if told := clocks.clock(line, i):
        return _clock(line, *told, read)
    return i


def _clock(line: Line, told: clocks.Clock, after: int, read: _Phrase) -> int:
    if told.part and not read.part:
        read.part = told.part
    elif not told.part and read.clock is None:
        read.clock = told
        joined = line.words(after, *_JOINS)
        if joined > after and (second := clocks.clock(line, joined)) and not second[0].part:
            read.clock, after = second  # of two times the last counts
    else:
        read.asks.append("Two times of day are named. Say which one holds.")
    return after


def _range(line: Line, i: int, read: _Phrase, when: When) -> int:
    """ "Friday or Monday", "24 November to 1 December": the last one counts."""
    joined = line.words(i, *_JOINS)
    if joined == i or not (second := day(line, joined, when)) or second[1] == joined:
        return i
    first, last = read.day, second[0]
    if first is None or first.day is None or last.day is None or last.day >= first.day:
        read.day = last if first is None or not first.ask else first
        return second[1]
    return i


def _made(line: Line, i: int, end: int, read: _Phrase, at: datetime, zone: str, calendar: str) -> Due | Unread:
    phrase, place = _text(line, i, end), line.span(i, end)
    if read.length is not None and not read.asks:
        due = spans.ends(read.length, at, zone_of(zone), calendar)
        return Due(due, spans.rule(read.length), phrase, *place)
    due_at, ask = _instant(read, at, zone, calendar)
    asks = [*read.asks, *([ask] if ask else [])]
    if due_at is None or asks:
        return Unread(phrase, asks[0] if asks else ASK, *place)
    if due_at < at.astimezone(UTC):
        return Unread(phrase, "That time is over. Say another.", *place)
    return Due(due_at, read.day.rule if read.day else "time-of-day", phrase, *place)


def _instant(read: _Phrase, at: datetime, zone: str, calendar: str) -> tuple[datetime | None, str]:
    where = read.zone or zone_of(zone)
    told, ask = _time(read)
    if ask:
        return None, ask
    if read.day is None:
        on = at.astimezone(where).date()
    elif read.day.day is None:
        return None, read.day.ask
    else:
        on = read.day.day
    if read.strictly == "day" and told is None:
        on, told = (read.day.first if read.day and read.day.first else on) - timedelta(days=1), DAY_ENDS
    if told == BUSINESS_ENDS and read.clock and is_free(on, When(on, calendar)):
        return None, "Nobody works on that day. Name another, or a time."
    return datetime.combine(on, told or DAY_ENDS, where).astimezone(UTC), ""


def _time(read: _Phrase) -> tuple[time | None, str]:
    if read.part == "midnight" and (read.clock or read.day and read.day.rule != "today"):
        return None, "Midnight begins a day and ends one. Say 23:59, or the day before or after."
    if read.clock is None:
        return (clocks.PARTS[read.part] if read.part else None), ""
    told = clocks.settled(read.clock, read.part) if read.part else read.clock
    if told is None:
        return None, "The time and the part of the day don’t fit together. Check them."
    return told.time, told.ask


def _text(line: Line, i: int, end: int) -> str:
    start, stop = line.span(i, end)
    return line.text[start:stop]


__all__ = ["due_in", "due_read", "instant", "readings"]
