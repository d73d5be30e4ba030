"""The records of one CSV file, one after another, each with where it stands; a bad one never costs the others."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO

MAX_LINE = 1_000_000
_NO_NAME = re.compile(r"[^A-Za-z0-9_@$:-]+")


@dataclass(frozen=True)
class Place:
    """Where reading goes on: bytes from the beginning of the file, and the number of the line before."""

    offset: int = 0
    line: int = 0


@dataclass(frozen=True)
class Record:
    """One record: its columns, or why it can't be read. ``line`` is where it begins, ``after`` where the next does."""

    line: int
    columns: Mapping[str, str]
    after: Place
    problem: str = ""
    text: str = ""


class Lines:
    """A CSV file with a first line of names. ``encoding`` must have one byte for a line's end."""

    def __init__(self, file: BinaryIO, delimiter: str, encoding: str) -> None:
        self.file, self.delimiter, self.encoding = file, delimiter, encoding
        self.problem = ""
        self.names: list[str] = []
        first = next(self._from(Place()), None)
        if first is None:
            self.problem = "The file is empty: its first line should name the columns."
            return
        self.begins = first.after
        self.names = [_NO_NAME.sub("_", name.strip()).strip("_") for name in first.columns.values()]
        twice = sorted({name for name in self.names if name and self.names.count(name) > 1})
        if first.problem or twice:
            self.problem = first.problem or f"The first line names {', '.join(twice)} more than once."

    def records(self, place: Place | None = None) -> Iterator[Record]:
        """From a place on, else from the first record."""
        for one in self._from(place if place and place.offset else self.begins):
            values = list(one.columns.values())
            if one.problem or not any(value.strip() for value in values):
                if one.problem:
                    yield one
                continue
            problem = ""
            if len(values) != len(self.names):
                problem = f"It has {len(values)} columns, and the first line names {len(self.names)}."
            named = {name: value.strip() for name, value in zip(self.names, values, strict=False) if name}
            yield Record(one.line, named, one.after, problem, one.text)

    def _from(self, place: Place) -> Iterator[Record]:
        """Records with numbered columns. After one that can't be read, reading goes on with the line after its first:
        a quote that is never closed costs its own line alone."""
        while True:
            tape = _Tape(self.file, place, self.encoding)
            reader = csv.reader(tape, delimiter=self.delimiter, strict=True)
            try:
                for values in reader:
                    began, place = place.line + 1, tape.place
                    text = tape.taken()
                    undecoded = "\ufffd" in text and "It is not in the charset of the source's settings." or ""
                    numbered = {str(n): value for n, value in enumerate(values)}
                    yield Record(began, numbered, place, undecoded, text)
                return
            except (csv.Error, ValueError) as error:
                at, place = place.line + 1, tape.first
                yield Record(at, {}, place, f"It is no CSV: {error}.", tape.taken())


class _Tape:
    """The lines of a file from a place on, as the CSV reader takes them."""

    def __init__(self, file: BinaryIO, place: Place, encoding: str) -> None:
        self.file, self.encoding, self.place, self.first = file, encoding, place, place
        self._taken: list[str] = []
        file.seek(place.offset)

    def __iter__(self) -> _Tape:
        return self

    def __next__(self) -> str:
        raw = self.file.readline(MAX_LINE)
        if not raw:
            raise StopIteration
        self.place = Place(self.place.offset + len(raw), self.place.line + 1)
        text = raw.decode(self.encoding, "replace")
        if self.place.line == 1:
            text = text.removeprefix("\ufeff")
        if not self._taken:
            self.first = self.place
        self._taken.append(text)
        return text

    def taken(self) -> str:
        """The text of the record just read, at most its beginning; the next one begins anew."""
        text = "".join(self._taken)[:2000].rstrip("\r\n")
        self._taken = []
        return text
