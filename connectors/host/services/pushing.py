"""Facts that programs push: each event has its own result, and one that can't be kept costs the others nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.db.models import Q
from django.utils import timezone

from connectors.host.models import Fact, Source
from connectors.host.registry import connector_class, connector_classes
from connectors.host.services.readings import rows_read
from connectors.host.services.recording import Batch, Recorded, facts_record_all
from connectors.sdk import Connector, Row
from connectors.sdk.cloudevents import event_row, event_said

Status = Literal["recorded", "unchanged", "refused"]


@dataclass(frozen=True)
class Pushed:
    """What became of one event. ``reason`` (of a refusal) begins with the attribute that is wrong, and a colon."""

    status: Status
    reason: str = ""


@dataclass
class _Item:
    index: int
    row: Row
    again: bool
    """The same event stands before it in the same message."""


def facts_push(*, events: Sequence[Any]) -> list[Pushed]:
    """Record CloudEvents (their JSON objects), all that can be in one transaction: one result each, in their order.

    ``source`` of each names a source in use whose connector takes events, or is a URI that ends in its name.
    """
    at = timezone.now()
    results = [Pushed("refused")] * len(events)
    sources = _sources()
    readers: dict[str, Connector] = {}
    taken: dict[str, list[_Item]] = {}
    seen: set[str] = set()
    for index, event in enumerate(events):
        try:
            source = _source_of(event, sources)
            if source.name not in readers:
                readers[source.name] = _reader(source)
            row = event_row(event)
            _hold(event, row, readers[source.name])
        except ValueError as error:
            results[index] = Pushed("refused", str(error))
            continue
        print_ = json.dumps([source.name, event], sort_keys=True)
        taken.setdefault(source.name, []).append(_Item(index, row, print_ in seen))
        seen.add(print_)
    _record(taken, sources, readers, at, results)
    return results


def _sources() -> dict[str, Source]:
    """Every source that a program may push for."""
    slugs = [slug for slug, cls in connector_classes().items() if cls.takes_events]
    return {s.name: s for s in Source.objects.filter(enabled=True, connector__in=slugs)}


def _source_of(event: Any, sources: Mapping[str, Source]) -> Source:
    given = event.get("source") if isinstance(event, Mapping) else None
    if not isinstance(given, str) or not given:
        event_said(event)  # says what is wrong with it as a whole
        raise ValueError("source: name the source that the fact is of.")
    last = [part for part in re.split(r"[/:#?]", given) if part]
    source = sources.get(given) or (sources.get(last[-1]) if last else None)
    if source is None:
        there = ", ".join(sorted(sources)) or "none yet; add one with the connector push"
        raise ValueError(f"source: {given[:60]!r} is no source that facts can be pushed for. There are: {there}.")
    if source.paused:
        raise ValueError(f"source: {source.title} is paused. Send it again when it is resumed; nothing of it was kept.")
    return source


def _reader(source: Source) -> Connector:
    """A connector that can read rows but is given no way out."""
    cls = connector_class(source.connector)
    connector = cls.__new__(cls)
    settings = cls.Settings.model_construct(**{**source.settings, "zone": source.zone})
    Connector.__init__(connector, settings, None)  # type: ignore[arg-type]
    return connector


def _hold(event: Any, row: Row, reader: Connector) -> None:
    """Raises ValueError, with the attribute and what to write, for an event that could not be kept as a fact."""
    event_said(event)
    (reading,) = rows_read(reader, [row])
    if reading.problems:
        kind, reason = reading.problems[0]
        name = "data" if kind and reason.startswith(f"{kind}: ") else "type" if kind else "id"
        raise ValueError(f"{name}: {reason}")


def _record(
    taken: Mapping[str, Sequence[_Item]], sources: Mapping[str, Source], readers: Mapping[str, Connector],
    at: datetime, results: list[Pushed],
) -> None:  # fmt: skip
    names = sorted(taken)
    batches = [Batch(sources[n], [i.row for i in taken[n]], "push", at, connector=readers[n]) for n in names]
    for name, recorded in zip(names, facts_record_all(batches), strict=True):
        changed = _changed(sources[name], taken[name], recorded)
        for item in taken[name]:
            news = not item.again and (item.row.type, item.row.id, item.row.body["type"]) in changed
            results[item.index] = Pushed("recorded" if news else "unchanged")


def _changed(source: Source, items: Sequence[_Item], recorded: Recorded) -> set[tuple[str, str, str]]:
    """``(record type, record id, kind)`` of every version that this push made or closed."""
    at = recorded.learned_at
    if at is None or not (recorded.new or recorded.closed):
        return set()
    ours = Fact.objects.filter(
        record__source=source, record__record_type__in={i.row.type for i in items},
        record__record_id__in={i.row.id for i in items},
    )  # fmt: skip
    news = ours.filter(Q(learned_at=at) | Q(superseded_at=at))
    return set(news.values_list("record__record_type", "record__record_id", "kind"))
