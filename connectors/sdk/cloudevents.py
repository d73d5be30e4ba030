"""Facts as CloudEvents 1.0: read from HTTP in every mode, made into rows, and read as facts.

An event is kept as the JSON object of its structured form, in whichever mode it came::

    {"specversion": "1.0", "id": "e-77", "source": "turku", "type": "return.received", "subject": "return:RMA-77120",
     "time": "2026-11-19T14:06:00Z", "data": {"by": "Aino", "refs": ["order:48-1193"]}}

``type`` is the fact's kind, ``subject`` its first reference, ``time`` when it occurred, ``data`` its data; further
references stand in ``data.refs``. Extension attributes: ``recordtype`` and ``recordid`` name the record that several
events are about (default: each event is its own), ``sequence`` orders a record's events, ``day`` stands for ``time``
where only the day is known, ``said`` is the sentence of a kind of one's own, ``url`` opens the record at its source,
``undone`` says that it never happened after all.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import unquote

from connectors.sdk.refs import Ref
from connectors.sdk.rows import Fact, Row, Undone

STRUCTURED, BATCH = "application/cloudevents+json", "application/cloudevents-batch+json"
MAX_ID = 300
_JSON = re.compile(r"(application|text)/([\w.-]+\+)?json\s*(;.*)?", re.I)
_TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_SEQUENCE = re.compile(r"\d{1,18}")


class NotEvents(ValueError):
    """A message that is no CloudEvent in any mode; the sentence says what to send."""


def mode_of(content_type: str, headers: Mapping[str, str]) -> str:
    """``structured``, ``batch`` or ``binary``; ``headers`` have lower-case names. Raises NotEvents."""
    media = content_type.partition(";")[0].strip().lower()
    if media in (STRUCTURED, BATCH):
        return "batch" if media == BATCH else "structured"
    if "ce-specversion" in headers:
        if media and not _JSON.fullmatch(media):
            raise NotEvents("In binary mode the body is the event's data as JSON: send Content-Type application/json.")
        return "binary"
    raise NotEvents(f"Send one event as {STRUCTURED}, several as {BATCH}, or one with ce- headers.")


def events_of(mode: str, headers: Mapping[str, str], content: Any) -> list[Any]:
    """The events of a message whose body was read as JSON (None where it was empty). Raises NotEvents."""
    if mode == "batch":
        if not isinstance(content, list):
            raise NotEvents("A batch is a JSON list of events.")
        return content
    if mode == "structured":
        return [content]
    event: dict[str, Any] = {n[3:]: unquote(v) for n, v in headers.items() if n.startswith("ce-")}
    event["undone"] = {"true": True, "false": False}.get(event.get("undone", "false"), event.get("undone"))
    return [event if content is None else {**event, "data": content}]


def events_read(headers: Mapping[str, str], body: bytes) -> list[Any]:
    """The events of one HTTP message. Raises NotEvents, and ValueError where the body is not JSON."""
    mode = mode_of(headers.get("content-type", ""), headers)
    return events_of(mode, headers, json.loads(body) if body else None)


def event_row(event: Any) -> Row:
    """The row of an event; one that can't be read is a row too, and ``event_said`` says why."""
    if not isinstance(event, Mapping):
        return Row("event", "", {"value": event})
    given = event.get("sequence")
    number = int(given) if isinstance(given, int | str) and _SEQUENCE.fullmatch(str(given)) else 0
    record, url = event.get("recordid") or event.get("id"), event.get("url")
    kind = event.get("recordtype") or "event"
    return Row(
        kind if isinstance(kind, str) else "event", record if isinstance(record, str) else "", event, version=number,
        url=url if isinstance(url, str) else "",
    )  # fmt: skip


def event_said(event: Mapping[str, Any]) -> Fact | Undone:
    """The fact that an event states. Raises ValueError, with the attribute and what to write."""
    if not isinstance(event, Mapping) or "specversion" not in event and "value" in event:
        raise ValueError("An event is a JSON object with specversion, id, source, type, subject, time and data.")
    if event.get("specversion") != "1.0":
        raise ValueError('specversion: write "1.0".')
    for name in ("id", "source", "type"):
        _text(event, name)
    for name in ("recordid", "recordtype", "said", "url"):
        if event.get(name) is not None:
            _text(event, name, 100 if name == "recordtype" else 2000 if name in ("said", "url") else MAX_ID)
    if not _SEQUENCE.fullmatch(str(event.get("sequence", 0))) or isinstance(event.get("sequence"), bool):
        raise ValueError("sequence: write a whole number of up to 18 digits, larger for each later event of a record.")
    undone = event.get("undone", False)
    if not isinstance(undone, bool):
        raise ValueError("undone: write true where it never happened after all, or leave it out.")
    if undone:
        return Undone(event["type"])
    data = _data(event)
    refs = _refs(event, data.pop("refs", []))
    return Fact(event["type"], data, refs, _occurred(event), said=event.get("said") or "")


def _text(event: Mapping[str, Any], name: str, limit: int = MAX_ID) -> str:
    value = event.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= limit:
        raise ValueError(f"{name}: write a text of 1 to {limit} characters.")
    return value


def _data(event: Mapping[str, Any]) -> dict[str, Any]:
    kind, data = event.get("datacontenttype"), event.get("data", {})
    if "data_base64" in event or (kind is not None and not (isinstance(kind, str) and _JSON.fullmatch(kind))):
        raise ValueError("data: send it as a JSON object, with datacontenttype application/json or none.")
    if data is None:
        return {}
    if not isinstance(data, Mapping):
        raise ValueError("data: must be a JSON object with the fields of the fact's kind.")
    return dict(data)


def _refs(event: Mapping[str, Any], more: Any) -> list[Ref]:
    if event.get("refs") is not None:
        raise ValueError('refs: a list can\'t be an attribute; write it into data, as "refs": ["order:48-1193"].')
    if not isinstance(more, list) or not all(isinstance(ref, str) for ref in more):
        raise ValueError('data/refs: write a list of texts, e.g. ["order:48-1193", "payment:pi_1"].')
    subject = event.get("subject")
    if subject is None and not more:
        raise ValueError("subject: name what the fact is about, e.g. order:48-1193.")
    found = [] if subject is None else [_ref("subject", subject)]
    return [*found, *(_ref(f"data/refs/{n}", ref) for n, ref in enumerate(more))]


def _ref(name: str, text: Any) -> Ref:
    try:
        return Ref.parse(text)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None


def _occurred(event: Mapping[str, Any]) -> datetime | date | None:
    moment, day = event.get("time"), event.get("day")
    try:
        if moment is not None:
            if not (isinstance(moment, str) and _TIME.fullmatch(moment)):
                raise ValueError
            return datetime.fromisoformat(moment.upper())
        if day is not None:
            if not (isinstance(day, str) and _DAY.fullmatch(day)):
                raise ValueError
            return date.fromisoformat(day)
    except ValueError:
        name, example = ("day", "2026-11-19") if moment is None else ("time", "2026-11-19T14:06:00Z")
        raise ValueError(f"{name}: write it as {example}.") from None
    return None


def rows(events: Iterable[Any]) -> list[Row]:
    """The rows of some events, one each."""
    return [event_row(event) for event in events]
