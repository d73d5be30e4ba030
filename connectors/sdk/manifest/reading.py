"""How a row is made from what was sent, and how its facts are read, as the manifest says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from connectors.sdk import kinds
from connectors.sdk.manifest import schema
from connectors.sdk.manifest.moments import TimeFormat
from connectors.sdk.manifest.templates import NotThere, Path, Template, look, scalar
from connectors.sdk.refs import Ref
from connectors.sdk.rows import Fact, Row

Body = Mapping[str, Any]
_BARE = schema.Fact.model_validate({})


def row_of(type_: str, record: schema.Record, times: schema.Times, sent: Any, scope: Body, zone: tzinfo) -> Row:
    """A row under the name that the source gives it. One without a name gets none: the host keeps it as unreadable."""
    if not isinstance(sent, Mapping):
        return Row(type_, "", sent)
    body = {**scope, **sent}
    try:
        id_ = record.id.said(body)
    except ValueError:
        id_ = ""
    return Row(type_, id_, sent, _version(record.version, times, body, zone), _url(record.url, body))


def facts_of(record: schema.Record, times: schema.Times, body: Body, zone: tzinfo) -> Iterator[Fact]:
    """The facts of a row. Raises ValueError, with a sentence, where it can't be read with certainty."""
    refs = [Ref(scheme, value) for scheme, template in record.refs.items() for value in template.every(body)]
    by_status = {kind for kinds_ in record.statuses.values() for kind in kinds_}
    now = _kinds_now(record, body)
    for kind in now:
        fact = record.fact.get(kind, _BARE)
        at = moment(fact.at, times, body, zone)
        if at is None and kind == now[-1]:
            at = moment(record.status_at, times, body, zone)
        implied = at is None and not kinds.is_holding(kind)
        yield Fact(kind, _data(kind, fact, body), refs, at, implied, _said(fact, body))
    for kind, fact in record.fact.items():
        if kind not in by_status:
            at = moment(fact.at, times, body, zone)
            if at is not None or fact.at is None:
                yield Fact(kind, _data(kind, fact, body), refs, at, said=_said(fact, body))


def moment(
    spec: schema.Moment | None, times: schema.Times, body: Body, zone: tzinfo
) -> datetime | date | None:
    """The time that stands in a field; None where there is none. Raises ValueError for one that can't be read."""
    if spec is None:
        return None
    value = look(body, spec.time.whole) if spec.time.whole else spec.time.value(body)
    return None if value in (None, "") else how(spec, times).read(value, zone)


def how(spec: schema.Moment | schema.Version, times: schema.Times) -> TimeFormat:
    """The format of one field: its own, else that of the manifest."""
    return TimeFormat(spec.format or times.format, times.zone if spec.zone is None else spec.zone)


def _kinds_now(record: schema.Record, body: Body) -> list[str]:
    """The kinds that the present status says, its own one last."""
    if record.status is None:
        return []
    value = look(body, record.status.whole) if record.status.whole else record.status.value(body)
    if value in (None, ""):
        raise ValueError(f"It has no status: {record.status.text} is empty or not there.")
    status = scalar(value, record.status.whole or ())
    if status not in record.statuses:
        known = ", ".join(record.statuses)
        raise ValueError(
            f"The status {status[:60]!r} is not named in connector.toml (it names {known}), so what it means is not"
            " guessed; add it to statuses."
        )
    return record.statuses[status]


def _data(kind: str, fact: schema.Fact, body: Body) -> dict[str, Any]:
    found = {}
    for name, value in fact.data.items():
        try:
            found[name] = value(body)
        except ValueError as error:
            raise ValueError(f"{kind}: {name}: {error}") from None
    return {name: one for name, one in found.items() if one not in (None, "")}


def _said(fact: schema.Fact, body: Body) -> str:
    """The sentence; what is not there is shown as a question mark."""
    if fact.said is None:
        return ""
    return "".join(part if isinstance(part, str) else _text_at(body, part) or "?" for part in fact.said.parts)


def _text_at(body: Body, path: Path) -> str:
    value = look(body, path)
    return "" if value in (None, "") else scalar(value, path)


def _version(spec: schema.Version | None, times: schema.Times, body: Body, zone: tzinfo) -> int | datetime | None:
    """None where it can't be read: the host then keeps the row as unreadable, for it can't be put in order."""
    if spec is None:
        return None
    try:
        if spec.time is not None:
            found = how(spec, times).read(spec.time.value(body), zone)
            return found if isinstance(found, datetime) else None
        assert spec.number is not None
        number = Decimal(scalar(spec.number.value(body), ()))
        return int(number) if number.is_finite() and number == number.to_integral_value() else None
    except (ValueError, ArithmeticError):
        return None


def _url(template: Template | None, body: Body) -> str:
    if template is None:
        return ""
    try:
        parts = [
            part if isinstance(part, str) else _text_at(body, part) if part[0] == "settings" else _encoded(body, part)
            for part in template.parts
        ]
    except ValueError:
        return ""
    url = "".join(parts)
    return url if url.startswith(("https://", "http://")) else ""


def _encoded(body: Body, path: Path) -> str:
    text = _text_at(body, path)
    if not text:
        raise NotThere(f"{{{'.'.join(path)}}} is not there.")
    return quote(text.encode("utf-8", "replace"), safe="")
