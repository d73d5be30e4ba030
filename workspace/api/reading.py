"""Reading requests: JSON bodies, the parameters of an address, instants. What can't be read is said plainly."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import IO, Any

from rest_framework.parsers import JSONParser
from rest_framework.request import Request

from workspace.api.problems import Problem, bad_query, pointed

MAX_DEPTH = 20
MAX_PARAMETER = 1000


class StrictJson(JSONParser):
    """UTF-8 JSON without duplicate names, NaN, NUL characters, half pairs or depths that only an attack has."""

    def parse(self, stream: IO[Any], media_type: str | None = None, parser_context: Any = None) -> Any:
        found = json_read(stream.read())
        wrong = next(unfit(found, "", 0), None)
        if wrong:
            raise Problem("bad-input", wrong["detail"], errors=[wrong])
        return found


def json_read(raw: bytes) -> Any:
    """A body read strictly as JSON; what it holds is not looked at. Raises Problem."""
    try:
        return json.loads(raw.decode("utf-8-sig"), object_pairs_hook=_object, parse_constant=_no_constant)
    except UnicodeDecodeError:
        raise Problem("bad-request", "The body is not UTF-8. Send JSON encoded as UTF-8.") from None
    except RecursionError:
        raise Problem("bad-request", f"The body is nested deeper than {MAX_DEPTH} levels.") from None
    except ValueError as error:
        raise Problem("bad-request", f"The body is not JSON: {str(error)[:200]}.") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(n for n in names if names.count(n) > 1)
        raise ValueError(f"the name {twice[:40]!r} stands twice in one object")
    return found


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not a JSON number")


def unfit(value: Any, pointer: str, depth: int) -> Iterator[dict[str, str]]:
    """What no column can hold, with its place."""
    if depth > MAX_DEPTH:
        yield pointed(f"The body is nested deeper than {MAX_DEPTH} levels.", pointer)
    elif isinstance(value, str):
        if "\x00" in value or any("\ud800" <= c <= "\udfff" for c in value):
            yield pointed("Text may not hold NUL or half of a character pair.", pointer)
    elif isinstance(value, list):
        for number, below in enumerate(value):
            yield from unfit(below, f"{pointer}/{number}", depth + 1)
    elif isinstance(value, dict):
        for name, below in value.items():
            yield from unfit(name, pointer, depth + 1)
            yield from unfit(below, f"{pointer}/{name[:100]}", depth + 1)


def parameters(request: Request, known: Mapping[str, str]) -> dict[str, str]:
    """The address's parameters, each at most once and among the known ones (name to what it is)."""
    found = {}
    for name, values in request.query_params.lists():
        if name not in known:
            there = ", ".join(known) if known else "none"
            raise bad_query(f"There is no parameter {name[:40]!r} here. There are: {there}.", name[:40])
        if len(values) > 1:
            raise bad_query(f"{name} is given {len(values)} times; give it once.", name)
        if "\x00" in values[0] or "\ufffd" in values[0]:
            raise bad_query(f"{name} is not UTF-8 text without NUL. Encode it again.", name)
        if len(values[0]) > MAX_PARAMETER:
            raise bad_query(f"{name} has {len(values[0]):,} characters; at most {MAX_PARAMETER:,} are taken.", name)
        found[name] = values[0]
    return found


_LOST_PLUS = re.compile(r"(?<=\d) (?=\d\d:?\d\d$)")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d([.,]\d{1,6})?)?([Zz]|[+-]\d\d:?\d\d)?")


def instant(text: str | None, parameter: str = "as_of") -> datetime | None:
    """An instant with its zone, in UTC; None where none is given. The host refuses those in the future.

    An empty one is refused: who asks for the past by mistake must not be shown the present.
    """
    if text is None:
        return None
    # In an address "+" means a space; only an offset can stand there after a space.
    text = _LOST_PLUS.sub("+", text) if "T" in text else text
    how = "Write it with its offset, e.g. 2026-11-19T14:06:00Z or 2026-11-19T16:06:00%2B02:00."
    try:
        if not _INSTANT.fullmatch(text):
            raise ValueError(text)
        found = datetime.fromisoformat(text.upper().replace(",", "."))
        if found.tzinfo is None:
            raise bad_query(f"{parameter} has no time zone. {how}", parameter, "bad-time")
        return found.astimezone(UTC)
    except (ValueError, OverflowError):
        raise bad_query(f"{text[:40]!r} is not a time. {how}", parameter, "bad-time") from None


MAX_WAIT_S = 10


def seconds(text: str) -> float:
    """How long the caller would wait for sources: 0 to 10 s."""
    try:
        found = float(text or 0)
    except ValueError:
        found = math.nan
    if not 0 <= found <= MAX_WAIT_S:
        raise bad_query(f"wait is a number of seconds from 0 to {MAX_WAIT_S}, e.g. 2.5.", "wait")
    return found
