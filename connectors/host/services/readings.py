"""Reading rows with their connector, without trusting either."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from connectors.host.services.echoes import connector_secrets, value_masked
from connectors.host.services.plan import Said, compact, fault, order_number, said_as
from connectors.sdk import Connector, Fact, Row, Undone
from connectors.sdk.secrets import told

MAX_TYPE, MAX_ID, MAX_URL = 100, 300, 2000
MAX_VERSION = 10**30
MAX_SAID = 1000
"""Of one row; a connector that never ends is not followed further."""
MAX_DEPTH = 60
_NESTING = (dict, list, tuple)


@dataclass
class Reading:
    """One row, the facts read from it, and what was wrong: ``(kind or "", reason)``."""

    row: Row
    body: Any
    text: str
    """The body as JSON, as it is kept."""
    digest: str
    words: list[Said | Undone] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)

    @property
    def said(self) -> list[Fact | Undone]:
        return [word.fact if isinstance(word, Said) else word for word in self.words]

    @property
    def mark(self) -> str:
        """A digest of everything that it says; empty where some of it could not be read."""
        if self.problems:
            return ""
        said = [word.content if isinstance(word, Said) else "" for word in self.words]
        parts = [self.digest, str(order_number(self.row.version)), *(word.kind for word in self.words), *said]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    @property
    def speaks(self) -> bool:
        """False for a row that tells nothing, since none of it could be read."""
        return bool(self.words) or not self.problems


def clean(value: Any, depth: int = 0) -> Any:
    """JSON that PostgreSQL can keep: NUL and lone surrogates are shown as their escapes, never dropped."""
    if depth > MAX_DEPTH:
        return "…nested too deep"
    if isinstance(value, str):
        if value.isascii() and "\x00" not in value:
            return value
        return value.replace("\x00", "\\u0000").encode("utf-8", "backslashreplace").decode()
    if isinstance(value, dict):
        return {clean(str(k)): clean(v, depth + 1) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [clean(v, depth + 1) for v in value]
    if isinstance(value, bool | int) or value is None:
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    return str(value)


def is_sound(text: str) -> bool:
    """True where PostgreSQL can keep it as it is."""
    return (text.isascii() and "\x00" not in text) or clean(text) == text


def kept_as(value: Any) -> tuple[Any, str]:
    """A value as PostgreSQL can keep it, and as JSON text. What is sound already is not copied."""
    text = _sound_text(value)
    if text is None:
        value = clean(value)
        text = compact(value)
    return value, text


def _sound_text(value: Any) -> str | None:
    """JSON text of what needs no cleaning; None where it may."""
    try:
        text = compact(value)
        if not text.isascii():
            text.encode()
    except (TypeError, ValueError, RecursionError):
        return None
    return text if "\\u0000" not in text and _keyed(value) else None


def _keyed(value: Any, depth: int = 0) -> bool:
    """True where every name in it is a text, and it is not nested too deep."""
    if type(value) is dict:
        for key, inner in value.items():
            if type(key) is not str or (type(inner) in _NESTING and not _keyed(inner, depth + 1)):
                return False
    elif isinstance(value, list | tuple):
        for inner in value:
            if type(inner) in _NESTING and not _keyed(inner, depth + 1):
                return False
    return depth <= MAX_DEPTH


def rows_read(connector: Connector, rows: Sequence[Row]) -> list[Reading]:
    """Every row read; a row or fact that can't be is a problem with its reason, never an exception."""
    secrets = connector_secrets(connector)
    return [_read(connector, row, secrets) for row in rows]


def rows_checked(rows: Any) -> None:
    """Raises TypeError where a connector gave anything but a list of rows."""
    if not isinstance(rows, Sequence) or not all(isinstance(row, Row) for row in rows):
        raise TypeError("The connector must give a list of Rows and nothing else.")


def row_fault(row: Row) -> str:
    """Why the host can't keep a row under its own name and order; empty where it can."""
    for what, text, limit in (("type", row.type, MAX_TYPE), ("id", row.id, MAX_ID), ("url", row.url, MAX_URL)):
        if not isinstance(text, str) or not is_sound(text) or len(text) > limit or not (text or what == "url"):
            return f"The row's {what} must be a text of up to {limit} sound characters."
    if not isinstance(row.body, Mapping):
        return "The row's body must be an object."
    try:
        number = order_number(row.version)
    except (TypeError, ValueError, ArithmeticError):
        return "The row's version must be a number or a time with its zone."
    sound = number is None or (number.is_finite() and abs(number) < MAX_VERSION)
    return "" if sound else "The row's version is out of all proportion."


def _as_kept(row: Row, body: Any, digest: str) -> Row:
    """A row that has no sound name of its own is kept under one made from what it holds."""
    kind = row.type if isinstance(row.type, str) and 0 < len(row.type) <= MAX_TYPE else "unknown"
    return Row(clean(kind)[:MAX_TYPE], f"unreadable {digest[:16]}", body)


def _read(connector: Connector, row: Row, secrets: Sequence[str]) -> Reading:
    reason = row_fault(row)
    body: Any = row.body if isinstance(row.body, Mapping) else {"value": row.body}
    body, text = kept_as(body if type(body) is dict else dict(body))
    if secrets and any(compact(secret)[1:-1] in text for secret in secrets):
        body, text = kept_as(value_masked(body, secrets))
        row = replace(row, body=body)
    if secrets and not reason and any(secret in row.id or secret in row.url for secret in secrets):
        row = replace(row, id=value_masked(row.id, secrets), url=value_masked(row.url, secrets))
    digest = hashlib.sha256(text.encode()).hexdigest()
    if reason:
        return Reading(_as_kept(row, body, digest), body, text, digest, problems=[("", reason)])
    reading = Reading(row, body, text, digest)
    try:
        said = list(islice(connector.read(row), MAX_SAID))
        if not all(isinstance(word, Fact | Undone) and isinstance(word.kind, str) for word in said):
            raise TypeError("read gives Facts and Undones, each with its kind, and nothing else.")
    except Exception as error:  # noqa: BLE001 the connector's author may err in any way; the row is kept
        reading.problems.append(("", told(f"{type(error).__name__}: {str(error)[:500]}")))
        return reading
    if connector.orders_versions and row.version is None:
        reading.problems.append(("", "The connector says that it orders versions, but this row has none."))
        return reading
    seen: set[str] = set()
    for fact in said:
        _take(reading, fact, seen)
        seen.add(fact.kind)
    return reading


def _take(reading: Reading, fact: Fact | Undone, seen: set[str]) -> None:
    """One thing that the row says: a word to keep, or a problem."""
    data = _sound_text(fact.data) if isinstance(fact, Fact) and isinstance(fact.data, dict) else None
    reason = fault(fact, data is not None) or (f"{fact.kind} is said twice by one row." if fact.kind in seen else "")
    if reason:
        reading.problems.append((clean(str(fact.kind))[:100], told(reason)))
    elif isinstance(fact, Fact):
        kept, data = (fact.data, data) if data is not None else kept_as(dict(fact.data))
        refs = tuple(dict.fromkeys(fact.refs))
        clear = Fact(fact.kind, kept, refs, fact.occurred, bool(fact.implied), fact.said and clean(fact.said))
        reading.words.append(said_as(clear, data))
    else:
        reading.words.append(fact)
