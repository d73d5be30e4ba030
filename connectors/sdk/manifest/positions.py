"""On which line each key of a TOML text stands: the parser tells the values, but not where they were."""

from __future__ import annotations

import re
import tomllib

Place = tuple[str | int, ...]
"""A path of keys, and of numbers within arrays."""

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_QUOTED = re.compile(r'"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'')
_LONG = re.compile(r'"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?\'{3,5}', re.DOTALL)
_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_SIMPLE = re.compile(r"[^,\]}\n#]*")


def lines_of(text: str) -> dict[Place, int]:
    """The line (from 1) of every key and array item of a *valid* TOML text; () is the first."""
    return _Scanner(text).scan()


def line_at(lines: dict[Place, int], place: Place) -> int:
    """The line of the place, or of the nearest one around it."""
    while place not in lines:
        place = place[:-1]
    return lines[place]


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0
        self.lines: dict[Place, int] = {(): 1}
        self.arrays: dict[Place, int] = {}

    def scan(self) -> dict[Place, int]:
        table: Place = ()
        self._skip(_BLANK)
        while self.at < len(self.text):
            if self.text.startswith("[", self.at):
                table = self._header()
            else:
                self._pair(table)
            self._skip(_BLANK)
        return self.lines

    def _header(self) -> Place:
        many = self.text.startswith("[[", self.at)
        self.at += 2 if many else 1
        place = self._inside(self._key(()))
        if many:
            number = self.arrays[place] = self.arrays.get(place, -1) + 1
            self._mark((*place, number))
            place = (*place, number)
        self.at += 2 if many else 1
        return place

    def _inside(self, place: Place) -> Place:
        """The place, with the number of the latest item where a part of it is an array of tables."""
        found: Place = ()
        for name in place[:-1]:
            found = (*found, name)
            self._mark(found)
            if found in self.arrays:
                found = (*found, self.arrays[found])
        found = (*found, place[-1])
        self._mark(found)
        return found

    def _pair(self, table: Place) -> None:
        place = self._key(table)
        self.at += 1  # the equals sign
        self._skip(_SPACE)
        self._value(place)

    def _key(self, table: Place) -> Place:
        place = table
        while True:
            self._skip(_SPACE)
            found = _QUOTED.match(self.text, self.at) or _BARE.match(self.text, self.at)
            assert found, "only valid TOML is scanned"
            place = (*place, _plain(found[0]))
            self._mark(place)
            self.at = found.end()
            self._skip(_SPACE)
            if not self.text.startswith(".", self.at):
                return place
            self.at += 1

    def _value(self, place: Place) -> None:
        first = self.text[self.at]
        if first == "[":
            self._items(place)
        elif first == "{":
            self._pairs(place)
        else:
            found = _LONG.match(self.text, self.at) or _QUOTED.match(self.text, self.at)
            self.at = (found or _SIMPLE.match(self.text, self.at)).end()  # type: ignore[union-attr]

    def _items(self, place: Place) -> None:
        number = 0
        while self._next_in("]"):
            self._mark((*place, number))
            self._value((*place, number))
            number += 1

    def _pairs(self, place: Place) -> None:
        while self._next_in("}"):
            self._pair(place)

    def _next_in(self, end: str) -> bool:
        """Step over what separates items; False, and past the end, where no other follows."""
        if self.text[self.at] in "[{,":
            self.at += 1
        self._skip(_BLANK)
        if self.text[self.at] == ",":
            self.at += 1
            self._skip(_BLANK)
        if self.text[self.at] == end:
            self.at += 1
            return False
        return True

    def _skip(self, what: re.Pattern[str]) -> None:
        self.at = what.match(self.text, self.at).end()  # type: ignore[union-attr]

    def _mark(self, place: Place) -> None:
        self.lines.setdefault(place, self.text.count("\n", 0, self.at) + 1)


def _plain(key: str) -> str:
    if key[0] not in "\"'":
        return key
    return str(tomllib.loads(f"x = {key}")["x"])
