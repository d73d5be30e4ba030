"""The only expressions of a manifest: ``{name}`` and ``{name.field}`` inside a text."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from functools import cached_property
from typing import Any

_PART = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]|[^{}]+")
_NAME = re.compile(r"[A-Za-z_@$][A-Za-z0-9_@$-]*(?:\.[A-Za-z_@$][A-Za-z0-9_@$-]*)*")
RULE = "Only {name} and {name.field} can stand in braces; a condition or a calculation wants a connector.py."
Path = tuple[str, ...]


class NotThere(ValueError):
    """A field that a template needs is missing, or null, or empty."""


@dataclass(frozen=True)
class Template:
    """A text taken apart: plain pieces are text, fields are paths. Made by ``parse``."""

    text: str
    parts: tuple[str | Path, ...]

    @property
    def names(self) -> list[Path]:
        """The fields that it reads, in order."""
        return [part for part in self.parts if isinstance(part, tuple)]

    @cached_property
    def whole(self) -> Path | None:
        """The field, where the text is nothing but one field: then its value keeps its type."""
        return self.parts[0] if len(self.parts) == 1 and isinstance(self.parts[0], tuple) else None

    def value(self, body: Mapping[str, Any]) -> Any:
        """What stands there: the value itself for a whole field, else the text. None where a field is not there."""
        if self.whole:
            return plain(look(body, self.whole))
        try:
            return self.said(body)
        except NotThere:
            return None

    def said(self, body: Mapping[str, Any], encode: Callable[[str], str] = str) -> str:
        """The text with its fields filled in. Raises NotThere, naming the field, and ValueError for one that is no
        text or number."""
        return "".join(part if isinstance(part, str) else encode(_filled(body, part)) for part in self.parts)

    def every(self, body: Mapping[str, Any]) -> list[str]:
        """The text for each item, where the field is a list or stands inside the items of one; else one or none."""
        if not self.whole:
            found = self.value(body)
            return [] if found is None else [found]
        return [scalar(one, self.whole) for one in _all(body, self.whole) if one not in (None, "")]


def parse(text: str) -> Template:
    """Take a text apart. Raises ValueError, with the rule, where braces hold anything else than a field."""
    parts: list[str | Path] = []
    for found in _PART.finditer(text):
        piece, field = found[0], found[1]
        if field is not None:
            if not _NAME.fullmatch(field):
                raise ValueError(f"{piece[:60]} is no field. {RULE}")
            parts.append(tuple(field.split(".")))
        elif piece in "{}":
            raise ValueError(f"{text[:60]!r} has a single {piece}; write {piece * 2} for the brace itself. {RULE}")
        else:
            piece = {"{{": "{", "}}": "}"}.get(piece, piece)
            if parts and isinstance(parts[-1], str):
                parts[-1] += piece
            else:
                parts.append(piece)
    return Template(text, tuple(parts))


def unknown(template: Template, known: Collection[str], what: str) -> Iterator[str]:
    """A sentence for each field whose first name is none of these."""
    for path in template.names:
        if len(path) > 1 or path[0] not in known:
            yield f"{{{'.'.join(path)}}} is not known here{near(path[0], known)}. {what}: {braced(known)}."


def look(body: Any, path: Path) -> Any:
    """What stands at a path, or None. Raises ValueError where the way leads through a list."""
    for n, name in enumerate(path):
        if isinstance(body, list):
            raise ValueError(f"{'.'.join(path[:n])} is a list here, so {{{'.'.join(path)}}} means nothing certain.")
        if not isinstance(body, Mapping) or body.get(name) is None:
            return None
        body = body[name]
    return body


def scalar(value: Any, path: Path) -> str:
    """A text or a number as text. Raises ValueError for anything else."""
    if isinstance(value, bool) or not isinstance(value, (str, int, Decimal, float)):
        raise ValueError(f"{{{'.'.join(path)}}} is {kind_of(value)} here, not a text or a number.")
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def plain(value: Any) -> Any:
    """JSON without Decimals: an amount keeps its digits as text, which is what facts can hold."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, Mapping):
        return {key: plain(one) for key, one in value.items()}
    return [plain(one) for one in value] if isinstance(value, list) else value


def kind_of(value: Any) -> str:
    """``a list``, for sentences."""
    kinds = {bool: "a yes or no", list: "a list", dict: "an object", str: "a text", type(None): "null"}
    return kinds.get(type(value), "a number")


def near(name: str, known: Collection[str]) -> str:
    """`` (did you mean x?)`` where one is close, else nothing."""
    close = get_close_matches(name, known, 1, 0.6)
    return f" (did you mean {close[0]}?)" if close else ""


def braced(known: Collection[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in known) or "nothing"


def _filled(body: Mapping[str, Any], path: Path) -> str:
    value = look(body, path)
    if value in (None, ""):
        raise NotThere(f"{{{'.'.join(path)}}} is not there.")
    return scalar(value, path)


def _all(body: Any, path: Path) -> Iterator[Any]:
    if isinstance(body, list):
        for one in body:
            yield from _all(one, path)
    elif not path:
        yield body
    elif isinstance(body, Mapping):
        yield from _all(body.get(path[0]), path[1:])
