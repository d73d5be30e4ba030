"""A file taken apart into records, from any place on, in flat memory. Nothing in it can stop the rest of it."""

from __future__ import annotations

import csv
import json
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NoReturn

MAX_LINE = 1_048_576
MAX_RECORD_LINES = 200
SHOWN = 300
"""So many characters of a refused line are kept."""
csv.field_size_limit(MAX_LINE)


@dataclass(frozen=True)
class Line:
    """One line of the file: its number from 1, the bytes behind it, and its text, or why it can't be read."""

    number: int
    offset: int
    text: str
    reason: str = ""


@dataclass(frozen=True)
class Record:
    """One record of the file. ``line`` is its first line; reading goes on behind ``last`` and ``offset``."""

    line: int
    last: int
    offset: int
    text: str
    body: dict[str, Any] | None = None
    reason: str = ""
    size: int = 0
    """Characters of the whole of it."""


class Unfit(ValueError):
    """A line that can't be read; the sentence says why."""


def lines_of(chunks: Iterable[bytes], line: int, offset: int, encoding: str = "utf-8") -> Iterator[Line]:
    """Lines behind ``line``, whose bytes begin at ``offset``. A line that is too long is passed over, not kept."""
    rest, dropped = bytearray(), 0
    for chunk in chunks:
        rest += chunk
        start = 0
        while (end := rest.find(b"\n", start)) >= 0:
            line, offset = line + 1, offset + dropped + end + 1 - start
            yield _line(line, offset, bytes(rest[start:end]), dropped > 0, encoding)
            start, dropped = end + 1, 0
        del rest[:start]
        if len(rest) > MAX_LINE:
            dropped += len(rest) - SHOWN
            del rest[SHOWN:]
    if rest or dropped:
        yield _line(line + 1, offset + dropped + len(rest), bytes(rest), dropped > 0, encoding)


def _line(number: int, offset: int, raw: bytes, cut: bool, encoding: str) -> Line:
    raw = raw.removesuffix(b"\r")
    if cut or len(raw) > MAX_LINE:
        text = raw[:SHOWN].decode(encoding, "replace")
        return Line(number, offset, text, f"The line is longer than {MAX_LINE // 1024} kB.")
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        where = f"byte {raw[error.start]:#04x} at place {error.start + 1}"
        reason = f"The line is not {encoding.upper()} ({where}). Save the file as UTF-8, or name its encoding."
        return Line(number, offset, raw.decode(encoding, "replace"), reason)
    if "\0" in text:
        return Line(number, offset, text, "The line has a NUL character.")
    return Line(number, offset, text)


def json_records(lines: Iterator[Line]) -> Iterator[Record]:
    """JSON Lines: an object a line; empty lines say nothing."""
    for line in lines:
        if not line.reason and not line.text.strip():
            continue
        body, reason = None, line.reason
        if not reason:
            try:
                body = _object(line.text)
            except (ValueError, RecursionError) as error:
                reason = str(error) if isinstance(error, Unfit) else f"The line is not sound JSON: {str(error)[:200]}."
        yield Record(line.number, line.number, line.offset, _shown(line.text), body, reason, len(line.text))


def _object(text: str) -> dict[str, Any]:
    found = json.loads(text, parse_float=Decimal, parse_constant=_constant)
    if not isinstance(found, dict):
        raise Unfit("The line is not a JSON object.")
    return found


def _constant(text: str) -> NoReturn:
    raise Unfit(f"{text} is not JSON.")


class _Feed:
    """Hands lines to the csv reader, and remembers those of the record under way."""

    def __init__(self, lines: Iterator[Line]) -> None:
        self._lines = lines
        self.taken: list[Line] = []
        self._again: deque[Line] = deque()

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._lines)
        self.taken.append(line)
        if line.reason:
            raise Unfit(line.reason)
        if len(self.taken) > MAX_RECORD_LINES or sum(len(one.text) for one in self.taken) > MAX_LINE:
            raise Unfit("A quotation begins here that is not closed.")
        return line.text + "\n"

    def give_back(self) -> Line:
        """Only the first line of the record under way counts as taken; the others come again. Gives the first."""
        first, *others = self.taken
        self._again.extendleft(reversed(others))
        self.taken = [first]
        return first


def csv_records(lines: Iterator[Line], columns: Sequence[str], delimiter: str) -> Iterator[Record]:
    """CSV: line breaks may stand inside quotes. Columns with dots (``data.amount``) are objects in the body."""
    feed = _Feed(lines)
    reader = csv.reader(feed, delimiter=delimiter, strict=True)
    while True:
        feed.taken = []
        values: list[str] = []
        reason = ""
        try:
            values = next(reader)
        except StopIteration:
            return
        except (csv.Error, Unfit) as error:
            several = len(feed.taken) > 1
            feed.give_back()
            reason = f"A quotation begins here that is not closed ({str(error)[:200]})" if several else str(error)[:200]
            reader = csv.reader(feed, delimiter=delimiter, strict=True)
        if not feed.taken:
            return
        if not reason and not any(value.strip() for value in values):
            continue
        if not reason and len(values) != len(columns):
            reason = f"The line has {len(values)} fields, but the header names {len(columns)}."
        first, last = feed.taken[0], feed.taken[-1]
        text = "\n".join(line.text for line in feed.taken)
        body = None if reason else nested(columns, values)
        said = reason and f"{reason.rstrip('.')}."
        yield Record(first.number, last.number, last.offset, _shown(text), body, said, len(text))


def csv_header(lines: Iterator[Line], delimiter: str) -> tuple[tuple[str, ...], Line]:
    """The names in the first line that is not empty, and the last line that they take. Raises Unfit."""
    feed = _Feed(lines)
    try:
        for values in csv.reader(feed, delimiter=delimiter, strict=True):
            if any(value.strip() for value in values):
                return tuple(value.strip() for value in values), feed.taken[-1]
            feed.taken = []
    except csv.Error as error:
        raise Unfit(f"{str(error)[:200]}.") from None
    raise Unfit("It has no line.")


def nested(columns: Sequence[str], values: Sequence[Any]) -> dict[str, Any]:
    """``a.b`` becomes ``{"a": {"b": …}}``. A field that is empty is left out of an object inside."""
    body: dict[str, Any] = {}
    for name, value in zip(columns, values, strict=True):
        *above, last = name.split(".")
        if above and value == "":
            continue
        inner = body
        for part in above:
            following = inner.setdefault(part, {})
            inner = following if isinstance(following, dict) else inner.setdefault(f"{part}.", {})
        inner[last] = value
    return body


def _shown(text: str) -> str:
    text = text.replace("\0", "·")
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"
