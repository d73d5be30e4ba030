"""The methods of a connector that was compiled from a manifest: each question is a class of its own, so that a
manifest has exactly those that it declares."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any, ClassVar

from connectors.sdk import paging
from connectors.sdk.connector import Connector
from connectors.sdk.errors import Missing, Refused, Unreadable
from connectors.sdk.manifest import reading, schema
from connectors.sdk.manifest.templates import Template, scalar
from connectors.sdk.refs import Ref
from connectors.sdk.rows import Delivery, Fact, Found, Row
from connectors.sdk.secrets import names_secret

MORE = "There is more than was read through."


class ManifestConnector(Connector):
    """What every manifest can do: check its settings, and read its rows."""

    manifest: ClassVar[schema.Manifest]
    manifest_path: ClassVar[str]

    def check(self) -> str:
        self.http.get(*self._request(self.manifest.check, {}))
        return self.manifest.check.says

    def read(self, row: Row) -> Iterator[Fact]:
        record = self.manifest.record.get(row.type)
        if record is None:
            raise ValueError(f"There is no [record.{row.type}] in connector.toml, so this row can't be read.")
        return reading.facts_of(record, self.manifest.times, {**self._scope, **row.body}, self.zone)

    @cached_property
    def _scope(self) -> dict[str, Any]:
        """What templates of rows know beside the row: the settings that may be shown."""
        plain = self.settings.model_dump(mode="json")
        shown = {name: value for name, value in plain.items() if not names_secret(name)}
        return {"settings": {**shown, "base_url": str(plain["base_url"]).rstrip("/")}}

    def _rows(self, name: str | None, sent: Iterable[Any]) -> list[Row]:
        type_ = name or next(iter(self.manifest.record))
        record, times, scope = self.manifest.record[type_], self.manifest.times, self._scope
        return [reading.row_of(type_, record, times, one, scope, self.zone) for one in sent]

    def _request(self, request: schema.Request, asked: Mapping[str, str]) -> tuple[str, dict[str, str]]:
        """Path and parameters, with settings and what is asked filled in; a parameter without a value is left out."""
        values = {**self.settings.model_dump(mode="json"), **asked}
        params = {name: _param(template, values) for name, template in request.params.items()}
        path = self.http.path(request.get.text, **values)
        return path, {name: text for name, text in params.items() if text}

    def _pages(self, spec: schema.List, asked: Mapping[str, str], most: int) -> Iterator[tuple[list[Any], Any]]:
        path, params = self._request(spec, asked)
        return paging.pages(self.http, path, params, paging_of(spec.paging), spec.items, most)


class Looks(ManifestConnector):
    def lookup(self, refs: Sequence[Ref]) -> Iterator[Found]:
        refused: Refused | None = None
        for ref in refs:
            try:
                yield self._found(ref, self.manifest.lookup[ref.scheme])
            except Refused as error:  # what the source does not say about one says nothing about the next
                refused = error
        if refused:
            raise refused

    def _found(self, ref: Ref, spec: schema.Lookup) -> Found:
        rows: list[Row] = []
        complete, why = spec.complete, spec.why
        try:
            for n, (sent, _) in enumerate(self._pages(spec, {"value": ref.value}, spec.pages + 1)):
                if n == spec.pages:
                    complete, why = False, MORE
                    break
                rows += self._rows(spec.record, sent)
                if not spec.items and any(not row.id for row in rows):
                    raise Unreadable(f"{self.http.name} sent an answer that does not name what it is about.")
        except Missing:
            pass
        return Found(ref, rows, complete, reason="" if complete else why)


class Receives(ManifestConnector):
    @classmethod
    def delivery_id(cls, headers: Mapping[str, str], body: bytes) -> str:
        template = cls.manifest.receive.id if cls.manifest.receive else None
        try:
            found = template.value(_json(body)) if template else None
            return "" if found is None else scalar(found, ())
        except (ValueError, AttributeError, Unreadable):
            return ""

    def receive(self, delivery: Delivery) -> list[Row]:
        body, spec = _json(delivery.body), self.manifest.receive
        assert spec is not None
        if spec.look_up:
            return self._looked_up(spec.look_up, body)
        record = self._record_of(spec, body)
        return self._rows(record, paging.listed(body, spec.items, "The delivery")) if record != "" else []

    def _record_of(self, spec: schema.Receive, body: Any) -> str | None:
        if spec.type is None:
            return spec.record
        value = spec.type.value(body) if isinstance(body, Mapping) else None
        name = scalar(value, spec.type.whole or ()) if value is not None else ""
        if name not in spec.types:
            known = ", ".join(spec.types)
            raise Unreadable(f"The delivery is about {name[:60]!r}; connector.toml names {known}: add it to types.")
        return spec.types[name]

    def _looked_up(self, wanted: Mapping[str, Template], body: Any) -> list[Row]:
        refs = [Ref(scheme, v) for scheme, one in wanted.items() for v in one.every(body)]
        if not refs:
            names = ", ".join(one.text for one in wanted.values())
            raise Unreadable(f"The delivery names nothing to look up: {names} is not there.")
        return [row for found in self.lookup(dict.fromkeys(refs)) for row in found.rows]  # type: ignore[arg-type]


def _json(body: bytes) -> Any:
    try:
        return json.loads(body, parse_float=Decimal)
    except (ValueError, RecursionError):
        raise Unreadable("The delivery is no JSON.", "the body can't be read as JSON") from None


def paging_of(spec: schema.Paging | None) -> paging.Paging | None:
    """The way of paging that a manifest names."""
    if spec is None:
        return None
    if spec.next:
        return paging.NextLink(spec.next)
    if spec.link:
        return paging.LinkHeader()
    if spec.cursor:
        return paging.Cursor(spec.cursor, spec.param, spec.more)
    if spec.page:
        return paging.PageNumber(spec.page, spec.start, spec.size, spec.limit, spec.total, spec.last)
    return paging.Offset(spec.offset, spec.size, spec.limit, spec.total)


def _param(template: Template, values: Mapping[str, Any]) -> str:
    found = template.value(values)
    return str(found).lower() if isinstance(found, bool) else "" if found is None else str(found)
