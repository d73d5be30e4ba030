"""How the proxy of faults bends an answer that is JSON; any other body is left as it is."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any

Bend = Callable[[dict[str, str], bytes, float], tuple[dict[str, str], bytes]]
_TIME = re.compile(r'(?<=")\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?(?=")')


def _documents(change: Callable[[Any], Any]) -> Bend:
    """A bend that changes the document; ``change`` is given every list and object in it, the inner ones first."""

    def bend(headers: dict[str, str], body: bytes, seconds: float) -> tuple[dict[str, str], bytes]:
        try:
            document = json.loads(body)
        except ValueError:
            return headers, body
        return headers, json.dumps(_walked(document, change), ensure_ascii=False).encode()

    return bend


def _walked(value: Any, change: Callable[[Any], Any]) -> Any:
    if isinstance(value, Mapping):
        return change({key: _walked(one, change) for key, one in value.items()})
    if isinstance(value, list):
        return change([_walked(one, change) for one in value])
    return value


def _rows(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, dict) for one in value)


def _doubled(value: Any) -> Any:
    return [one for one in value for _ in range(2)] if _rows(value) else value


def _turned(value: Any) -> Any:
    return value[::-1] if _rows(value) else value


def _renamed(value: Any) -> Any:
    """The last field of an object under another name, as a new release of a system would have it."""
    if not isinstance(value, dict) or len(value) < 2:
        return value
    *kept, (name, last) = value.items()
    return {**dict(kept), f"{name}_v2": last}


def _skewed(headers: dict[str, str], body: bytes, seconds: float) -> tuple[dict[str, str], bytes]:
    """Every time in the body, and the Date header, moved."""
    by = timedelta(seconds=seconds)

    def moved(found: re.Match[str]) -> str:
        text = found.group()
        try:
            return (datetime.fromisoformat(text) + by).isoformat().replace("+00:00", "Z" if "Z" in text else "+00:00")
        except (ValueError, OverflowError):
            return text

    if "date" in headers:
        headers = {**headers, "date": format_datetime(parsedate_to_datetime(headers["date"]) + by, usegmt=True)}
    try:
        return headers, _TIME.sub(moved, body.decode()).encode()
    except UnicodeDecodeError:
        return headers, body


BENDS: Mapping[str, Bend] = {
    "clock_skew": _skewed,
    "duplicates": _documents(_doubled),
    "reorder": _documents(_turned),
    "drift": _documents(_renamed),
}
