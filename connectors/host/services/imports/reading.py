"""How a line becomes a row and its facts: it says a fact itself, is a row of the source's own connector, or is read by
the record of a manifest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, Protocol

from pydantic import ValidationError

from connectors.host.errors import BadImport
from connectors.host.models import Source
from connectors.host.registry import connector_class
from connectors.sdk import Connector, Fact, Row, Undone
from connectors.sdk.cloudevents import event_row, event_said
from connectors.sdk.manifest import schema
from connectors.sdk.manifest.reading import facts_of, row_of
from connectors.sdk.manifest.templates import Template, parse
from connectors.sdk.times import instant

KEYS = ("rows", "record", "times", "encoding")
"""What a mapping may hold."""
KEPT = "layout"
"""What the host adds to it: how the file is taken apart."""
ROWS = 'write rows = { type = "order", id = "{number}", version = "{revision}" }'


class Reader(Protocol):
    """``connector`` reads the rows that ``row`` makes of a record's body. ``row`` raises ValueError with a sentence."""

    connector: Connector

    def row(self, body: Mapping[str, Any]) -> Row: ...


def reader_of(source: Source, mapping: Mapping[str, Any]) -> Reader:
    """What this mapping means. Raises BadImport, with a sentence that says what to write instead.

    Without ``rows`` and ``record`` each line says a fact: ``{"kind", "id", "refs", "occurred", "data"}``, or a
    CloudEvent. ``rows`` says how lines are rows of the source's own connector; ``record`` is written like that of a
    ``connector.toml``, with ``times`` beside it.
    """
    stray = [key for key in mapping if key not in (*KEYS, KEPT)]
    if stray:
        raise BadImport(f"mapping: {stray[0][:60]!r} is not known; there are {', '.join(KEYS)}.")
    if "rows" in mapping and "record" in mapping:
        raise BadImport("mapping: rows and record can't stand together: lines are read in one way.")
    if "rows" in mapping:
        return _Rows(source, mapping["rows"])
    if "record" in mapping:
        return _Mapped(source, mapping)
    return _Events(source)


class _EventLines(Connector):
    title, domain, orders_versions = "A file of facts", "file", True

    def read(self, row: Row) -> Iterable[Fact | Undone]:
        yield event_said(row.body)


class _Events:
    """A line is an event, as if it had been pushed: the same record, the same fact."""

    def __init__(self, source: Source) -> None:
        self._name = source.name
        self.connector: Connector = _EventLines(SimpleNamespace(zone=source.zone), None)  # type: ignore[arg-type]

    def row(self, body: Mapping[str, Any]) -> Row:
        return event_row(_json(body) if "specversion" in body else self._event(_json(body)))

    def _event(self, said: dict[str, Any]) -> dict[str, Any]:
        """The event that a plain line means."""
        said = {name: value for name, value in said.items() if value not in ("", None)}
        refs, data = said.pop("refs", []), said.pop("data", {})
        several = refs.split() if isinstance(refs, str) else refs
        if not isinstance(several, list) or not isinstance(data, dict):
            raise ValueError('A line needs refs, a list such as ["order:48-1193"], and data, an object.')
        occurred = str(said.pop("occurred", "") or "")
        event = {"specversion": "1.0", "source": self._name, "type": said.pop("kind", None) or said.pop("type", None)}
        event |= {"time" if len(occurred) > len("2026-11-19") else "day": occurred} if occurred else {}
        event |= {"subject": str(several[0])} if several else {}
        event["data"] = {**data, "refs": several[1:]} if several[1:] else data
        id_ = said.pop("id", None)
        if not isinstance(id_, str | int):
            raise ValueError("id: the line has none. Give each fact a name of its own, so that it is stored once.")
        return {**event, **said, "id": str(id_)}


class _Rows:
    """Lines as the source itself sends them, read by its own connector."""

    def __init__(self, source: Source, raw: Any) -> None:
        cls = connector_class(source.connector)
        settings = cls.Settings.model_construct(**{**source.settings, "zone": source.zone})
        self.connector: Connector = cls(settings, None)  # type: ignore[arg-type]
        self._type, self._id = _template(raw, "type"), _template(raw, "id")
        self._version, self._url = _template(raw, "version", ""), _template(raw, "url", "")
        stray = [key for key in raw if key not in ("type", "id", "version", "url")]
        if stray or (cls.orders_versions and not self._version.text):
            missing = f"{stray[0][:40]!r} is not known" if stray else f"{source.title} orders its versions"
            raise BadImport(f"mapping: {missing}: {ROWS}.")

    def row(self, body: Mapping[str, Any]) -> Row:
        version, url = self._version.value(body), self._url.value(body)
        return Row(
            self._type.said(body), self._id.said(body), body, url=str(url or ""),
            version=None if version in (None, "") else _version(version, self.connector.zone),
        )  # fmt: skip


class _MappedLines(Connector):
    title, domain = "A file with a mapping", "file"
    record: schema.Record
    times: schema.Times

    def read(self, row: Row) -> Iterable[Fact]:
        return facts_of(self.record, self.times, row.body, self.zone)


class _Mapped:
    """Lines read as a manifest's ``[record.return]`` says."""

    def __init__(self, source: Source, mapping: Mapping[str, Any]) -> None:
        raw = mapping["record"]
        if not isinstance(raw, Mapping) or len(raw) != 1:
            raise BadImport("mapping: give one record, e.g. [record.return], and below it id, refs and what it says.")
        ((self._type, record),) = raw.items()
        lines = _MappedLines(SimpleNamespace(zone=source.zone), None)  # type: ignore[arg-type]
        times = mapping.get("times", {})
        try:
            lines.record = schema.Record.model_validate(record)
            lines.times = schema.Times.model_validate({"format": times} if isinstance(times, str) else times)
        except ValidationError as error:
            first = error.errors(include_input=False)[0]
            where = ".".join(map(str, first["loc"]))
            why = first["msg"].removeprefix("Value error, ").rstrip(".")
            raise BadImport(f"mapping: record.{self._type}{f'.{where}' if where else ''}: {why}.") from None
        self.connector: Connector = lines
        self._lines = lines
        lines.orders_versions = lines.record.version is not None  # type: ignore[misc]

    def row(self, body: Mapping[str, Any]) -> Row:
        return row_of(self._type, self._lines.record, self._lines.times, body, {}, self._lines.zone)


def _template(raw: Any, key: str, default: str | None = None) -> Template:
    text = raw.get(key, default) if isinstance(raw, Mapping) else None
    if not isinstance(text, str):
        raise BadImport(f"mapping: {ROWS}.")
    try:
        return parse(text)
    except ValueError as error:
        raise BadImport(f"mapping: rows.{key}: {error}") from None


def _version(value: Any, zone: Any) -> int | datetime:
    if isinstance(value, str) and not value.strip().lstrip("-").isdigit():
        return instant(value, zone)
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ValueError(f"{value!r:.40} is no version: it must be a whole number or a time.")
    return int(value)


def _json(value: Any) -> Any:
    """As if the line had come as JSON over the wire."""
    if isinstance(value, Mapping):
        return {str(key): _json(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_json(one) for one in value]
    return float(value) if isinstance(value, Decimal) else value
