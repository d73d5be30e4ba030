"""What is wrong with a manifest: every problem at once, each with its line and what to write instead."""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError

from connectors.sdk.manifest.positions import Place, line_at
from connectors.sdk.manifest.schema import Fact, Manifest
from connectors.sdk.manifest.templates import near

_MUST = {
    "string_type": "must be a text in quotes", "bool_type": "must be true or false", "int_type": "must be a number",
    "list_type": "must be a list: [ … ]", "dict_type": "must be a table: { … }", "model_type": "must be a table: { … }",
    "string_too_short": "must not be empty", "too_short": "must not be empty",
}  # fmt: skip
_BARE_TEXT = re.compile(r"^\s*(?P<key>[\w.\"'-]+)\s*=\s*(?P<text>[^\s\"'\[{#\d+-][^#]*?)\s*(#.*)?$")
_FLAT = "data"
"""Where the schema keeps what a fact's table holds beside its own keys."""


@dataclass(frozen=True, order=True)
class Problem:
    """What is wrong in one line of a manifest, and what to write instead."""

    line: int
    sentence: str


class ManifestError(ValueError):
    """A manifest that can't be used. ``problems`` are in the order of their lines; the text names the file too."""

    def __init__(self, name: str, problems: Iterable[Problem]) -> None:
        self.name = name
        self.problems = sorted(set(problems))
        super().__init__("\n".join(f"{name}, line {one.line}: {one.sentence}" for one in self.problems))


def of_validation(error: ValidationError, lines: dict[Place, int]) -> list[Problem]:
    """The problems that the schema found."""
    found = []
    for one in error.errors(include_url=False):
        place = tuple(part for part in one["loc"] if part != "[key]")
        found.append(Problem(_line(lines, place), _sentence(one, _shown(place))))
    return found


def problem_at(lines: dict[Place, int], place: Place, said: str) -> Problem:
    """A problem found elsewhere, at a place of the manifest."""
    return Problem(_line(lines, place), f"{_dotted(place)}: {said}." if place else f"{said}.")


def of_syntax(text: str, message: str) -> Problem:
    """What to write where the text is no TOML at all. ``message`` is the parser's own."""
    at = re.search(r"\(at line (\d+), column (\d+)\)", message)
    rows = text.splitlines() or [""]
    line = min(int(at[1]), len(rows)) if at else len(rows)
    plain = re.sub(r"\s*\(at [^)]*\)", "", message).rstrip(".")
    bare = _BARE_TEXT.match(rows[line - 1])
    if bare and bare["text"] not in ("true", "false"):
        return Problem(line, f'Text needs quotes; write {bare["key"]} = "{bare["text"][:60]}".')
    if "immutable" in message or "already defined" in message:
        return Problem(line, "This table stands in braces already; write this key inside them.")
    if "overwrite" in message or "twice" in message:
        return Problem(line, f"This key or table stands here a second time; put both together ({plain}).")
    return Problem(line, f"This is no TOML: {plain[:1].lower()}{plain[1:]}.")


def _line(lines: dict[Place, int], place: Place) -> int:
    without = tuple(part for part in place if part != _FLAT)
    return max(line_at(lines, place), line_at(lines, without))


def _shown(place: Place) -> Place:
    """As it is written: without the name that the schema gives to what is flat in the text."""
    return tuple(p for n, p in enumerate(place) if not (p == _FLAT and n == 4 and place[2] == "fact"))


def _dotted(place: Place) -> str:
    parts = (str(p) if re.fullmatch(r"[\w-]+", str(p)) else f'"{p}"' for p in place)
    return ".".join(parts)


def _sentence(error: Any, place: Place) -> str:
    kind, name = error["type"], _dotted(place)
    if kind == "extra_forbidden":
        known = _keys_of(place[:-1])
        return f"{name} is not known{near(str(place[-1]), known)}. There can be {', '.join(known)}."
    if kind == "missing":
        return f"{name} is missing: {_about(place)}."
    if kind == "literal_error":
        return f"{name}: write {error['ctx']['expected']}{near(str(error['input']), _choices(error))}."
    said = _MUST.get(kind) or str(error["msg"]).removeprefix("Value error, ").rstrip(".")
    said = said.removeprefix("Input should be ") if not _MUST.get(kind) else said
    return f"{name}: {said}."


def _choices(error: Any) -> list[str]:
    return re.findall(r"'([^']*)'", str(error["ctx"]["expected"]))


def _about(place: Place) -> str:
    model = _model_at(place[:-1])
    field = model.model_fields.get(str(place[-1])) if model else None
    return (field.description if field and field.description else "it is needed").rstrip(".")


def _keys_of(place: Place) -> list[str]:
    model = _model_at(place)
    return [name for name in model.model_fields if not (model is Fact and name == _FLAT)] if model else []


def _model_at(place: Place) -> type[BaseModel] | None:
    """The model of the table at a place."""
    model: type[BaseModel] | None = Manifest
    skip = 0
    for part in place:
        if skip:
            skip -= 1
            continue
        field = model.model_fields.get(str(part)) if model else None
        if field is None:
            return None
        model, skip = _inner(field.annotation)
    return model


def _inner(annotation: Any) -> tuple[type[BaseModel] | None, int]:
    """The model within an annotation, and how many keys or numbers stand before it."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation, 0
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in (typing.Union, types.UnionType):
        return next((found for one in arguments if (found := _inner(one))[0]), (None, 0))
    if origin is typing.Annotated:
        return _inner(arguments[0])
    if origin in (dict, list):
        model, depth = _inner(arguments[-1])
        return model, depth + 1
    return None, 0
