"""Which values of a raw row its facts rest on: each is changed in turn, and what changes the facts is mapped."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from connectors.sdk import Connector, Row

Path = tuple[str | int, ...]
MAX_VALUES = 400
MAX_S = 0.5
"""A row is looked at for so long at most: the console is watched by a person."""


@dataclass(frozen=True)
class RawLine:
    """One line of an indented JSON document. ``key`` is empty inside a list; ``text`` is the value or a bracket."""

    indent: int
    key: str
    text: str
    mapped: bool


def mapped_paths(connector: Connector, row: Row) -> frozenset[str]:
    """The paths, as in ``lines.0.amount``, of the values that the row's facts rest on."""
    before, ends = _said(connector, row), time.monotonic() + MAX_S
    body, found = deepcopy(dict(row.body)), set()
    for path, value in list(_leaves(body))[:MAX_VALUES]:
        if time.monotonic() > ends:
            break
        _put(body, path, _other(value))
        if _said(connector, replace(row, body=body)) != before:
            found.add(".".join(map(str, path)))
        _put(body, path, value)
    return frozenset(found)


def raw_lines(body: Any, mapped: frozenset[str]) -> list[RawLine]:
    """``body`` as indented JSON, line by line."""
    return list(_lines(body, mapped, (), 0, "", ""))


def _lines(value: Any, mapped: frozenset[str], path: Path, indent: int, key: str, comma: str) -> Iterator[RawLine]:
    pairs = list(value.items()) if isinstance(value, Mapping) else list(enumerate(value)) if _is_list(value) else []
    if not pairs:
        text = json.dumps(value, ensure_ascii=False, default=str)
        yield RawLine(indent, key, text + comma, ".".join(map(str, path)) in mapped)
        return
    opening, closing = "{}" if isinstance(value, Mapping) else "[]"
    yield RawLine(indent, key, opening, False)
    for n, (name, inner) in enumerate(pairs):
        more = "," if n + 1 < len(pairs) else ""
        own = str(name) if isinstance(value, Mapping) else ""
        yield from _lines(inner, mapped, (*path, name), indent + 1, own, more)
    yield RawLine(indent, "", closing + comma, False)


def _is_list(value: Any) -> bool:
    return isinstance(value, list | tuple)


def _leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _leaves(inner, (*path, key))
    elif isinstance(value, list):
        for n, inner in enumerate(value):
            yield from _leaves(inner, (*path, n))
    elif value is not None:
        yield path, value


def _put(body: Any, path: Path, value: Any) -> None:
    for step in path[:-1]:
        body = body[step]
    body[path[-1]] = value


def _other(value: Any) -> Any:
    """A value of the same sort that is not this one."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float | Decimal):
        return value + 1
    if isinstance(value, datetime | date):
        return value + timedelta(days=1)
    return f"{value}·"


def _said(connector: Connector, row: Row) -> str:
    """Everything that the row says, or that it can't be read."""
    try:
        return repr(list(connector.read(row)))
    except Exception:  # noqa: BLE001 a changed row may fail in any way
        return "unreadable"
