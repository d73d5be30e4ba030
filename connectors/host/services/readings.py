"""Reading rows with their connector, without trusting either."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from connectors.host.services.plan import fault, order_number
from connectors.sdk import Connector, Fact, Row, Undone

MAX_TYPE, MAX_ID, MAX_URL = 100, 300, 2000
MAX_VERSION = 10**30


@dataclass
class Reading:
    """One row, the facts read from it, and what was wrong: ``(kind or "", reason)``."""

    row: Row
    body: Any
    digest: str
    said: list[Fact | Undone] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)


def clean(value: Any, depth: int = 0) -> Any:
    """JSON that PostgreSQL can keep: NUL and lone surrogates are shown as their escapes, never dropped."""
    if depth > 60:
        return "…nested too deep"
    if isinstance(value, str):
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


def rows_read(connector: Connector, rows: Sequence[Row]) -> list[Reading]:
    """Every row read; a row or fact that can't be is a problem with its reason, never an exception."""
    return [_read(connector, row) for row in rows]


def row_fault(row: Row) -> str:
    """Why the host can't keep a row under its own name and order; empty where it can."""
    for what, text, limit in (("type", row.type, MAX_TYPE), ("id", row.id, MAX_ID), ("url", row.url, MAX_URL)):
        if not isinstance(text, str) or clean(text) != text or len(text) > limit or not (text or what == "url"):
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


def _read(connector: Connector, row: Row) -> Reading:
    reason = row_fault(row)
    body = clean(dict(row.body)) if isinstance(row.body, Mapping) else {"value": clean(row.body)}
    canonical = json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    if reason:
        return Reading(_as_kept(row, body, digest), body, digest, problems=[("", reason)])
    reading = Reading(row, body, digest)
    try:
        said = list(connector.read(row))
    except Exception as error:  # noqa: BLE001 the connector's author may err in any way; the row is kept
        reading.problems.append(("", clean(f"{type(error).__name__}: {str(error)[:500]}")))
        return reading
    if connector.orders_versions and row.version is None:
        reading.problems.append(("", "The connector says that it orders versions, but this row has none."))
        return reading
    seen: set[str] = set()
    for fact in said:
        reason = fault(fact) or (f"{fact.kind} is said twice by one row." if fact.kind in seen else "")
        seen.add(fact.kind)
        if reason:
            reading.problems.append((clean(str(fact.kind))[:100], clean(reason)))
        elif isinstance(fact, Fact):
            reading.said.append(Fact(fact.kind, clean(dict(fact.data)), tuple(dict.fromkeys(fact.refs)),
                                     fact.occurred, fact.implied, clean(fact.said)))  # fmt: skip
        else:
            reading.said.append(fact)
    return reading
