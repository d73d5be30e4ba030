"""The fields of a row and their shapes: ``customer.email`` is text, ``lines[].price`` is a number."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

MAX_DEPTH = 4
MAX_PATH = 200
MAX_ELEMENTS = 20
_NAME = re.compile(r"^[A-Za-z_][\w .$@:-]{0,60}$")
ROOT = ""
ANY = "*"
"""Stands for keys that are values themselves, such as numbers."""

Field = tuple[str, str]
"""A path and a shape."""


def shape(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float | Decimal):
        return "number"
    if isinstance(value, Mapping):
        return "object"
    return "list" if isinstance(value, list | tuple) else "text"


def fields(body: Any) -> set[Field]:
    """Every field of a row down to a few levels, with its shape; the row itself is ``("", "object")``."""
    return set(_fields(ROOT, body, 0))


def _fields(path: str, value: Any, depth: int) -> Iterator[Field]:
    kind = shape(value)
    yield path, kind
    if depth >= MAX_DEPTH:
        return
    if kind == "object":
        for key, inner in value.items():
            name = str(key) if _NAME.match(str(key)) else ANY
            below = f"{path}.{name}" if path else name
            if len(below) <= MAX_PATH:
                yield from _fields(below, inner, depth + 1)
    elif kind == "list" and len(path) < MAX_PATH - 2:
        for inner in value[:MAX_ELEMENTS]:
            yield from _fields(f"{path}[]", inner, depth + 1)


def parent(path: str) -> Field:
    """The object or list that a field stands in."""
    if path.endswith("[]"):
        return path[:-2], "list"
    return path.rpartition(".")[0], "object"
