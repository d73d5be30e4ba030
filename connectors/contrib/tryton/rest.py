"""Tryton's REST: how records are asked for, and how its dates, times and decimals come back."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from connectors.sdk import Unreadable
from connectors.sdk.http import Http

Obj = Mapping[str, Any]
PAGE = 100
PAGES = 5


class Tryton:
    """The records of one Tryton database, as its service user may see them.

    Made for one call of the connector: what was asked once is not asked again.
    """

    def __init__(self, http: Http, database: str) -> None:
        self.http = http
        self.database = database
        self._known: dict[str, tuple[list[Obj], bool]] = {}

    def search(self, model: str, domain: Any, fields: Sequence[str]) -> tuple[list[Obj], bool]:
        """Records in order of id, and whether all were read. Raises Refused where the user may not read the model.

        Fields that the user may not read are left out by Tryton, without a word.
        """
        key = f"{model} {encoded(domain)} {fields}"
        if key not in self._known:
            self._known[key] = self._read(model, domain, fields)
        return self._known[key]

    def _read(self, model: str, domain: Any, fields: Sequence[str]) -> tuple[list[Obj], bool]:
        path = self.http.path("/{database}/rest/model/{model}", database=self.database, model=model)
        common = [*(("f", name) for name in fields), ("d", encoded(domain)), ("o", encoded([["id", "ASC"]]))]
        found: list[Obj] = []
        for page in range(PAGES):
            records = self.http.get(path, [*common, ("s", PAGE), ("p", page * PAGE)])
            if not isinstance(records, list) or not all(isinstance(r, dict) and "id" in r for r in records):
                raise Unreadable("Tryton sent something other than records.", f"no list of records for {model}")
            found += records
            if len(records) < PAGE:
                return found, True
        return found, False


def encoded(value: Any) -> str:
    return urlsafe_b64encode(json.dumps(value).encode()).decode()


def like(text: str) -> str:
    """``text`` for Tryton's ``ilike``, where ``%`` and ``_`` stand for any character."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def day(value: Any) -> date | None:
    if value is None:
        return None
    _class(value, "date")
    return date(value["year"], value["month"], value["day"])


def instant(value: Any) -> datetime | None:
    """Tryton's times are in UTC."""
    if value is None:
        return None
    _class(value, "datetime")
    parts = [int(value.get(k) or 0) for k in ("year", "month", "day", "hour", "minute", "second", "microsecond")]
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]


def decimal(value: Any) -> Decimal:
    _class(value, "Decimal")
    try:
        number = Decimal(str(value["decimal"]))
    except InvalidOperation:
        raise ValueError(f"{str(value['decimal'])[:40]!r} is no decimal number.") from None
    if not number.is_finite():
        raise ValueError("An amount must be a finite number.")
    return number


def _class(value: Any, name: str) -> None:
    if not isinstance(value, Mapping) or value.get("__class__") != name:
        raise ValueError(f"Tryton's {name} was expected here, not {str(value)[:60]!r}.")


def inner(record: Obj, path: str) -> Any:
    """``inner(sale, "party.name")``; None where a step is empty or hidden from this user."""
    value: Any = record
    for step in path.split("."):
        value = value.get(step) if isinstance(value, Mapping) else None
    return value
