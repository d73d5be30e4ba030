"""The one door of ingest: ``facts_record``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from django.db import transaction

from connectors.host.models import Source
from connectors.host.registry import connector_class
from connectors.host.services import store
from connectors.host.services.clock import clock_tick
from connectors.host.services.plan import RecordState, apply_row, retract, row_key
from connectors.host.services.readings import Reading, rows_read
from connectors.host.services.refs import refs_intern
from connectors.host.signals import facts_recorded
from connectors.host.views import UNREAD
from connectors.sdk import Connector, Fact, Ref, Row

MISSES_TO_RETRACT = 2
NOTIFY_AT_MOST = 400
"""Refs in one NOTIFY, whose payload may have 8,000 bytes; a larger batch sends several."""


@dataclass(frozen=True)
class RefOutcome:
    """What one asking learned about one ref. ``rows`` are the ``(type, id)`` that it found."""

    ref: Ref
    outcome: str
    complete: bool = False
    kinds: tuple[str, ...] = ()
    reason: str = ""
    rows: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True)
class Asked:
    """One asking, to be stored as a Check in the transaction that stores what it brought."""

    took_ms: int
    outcome: str = "ok"
    reason: str = ""
    detail: str = ""
    late: bool = False
    refs: tuple[RefOutcome, ...] = ()


@dataclass
class Recorded:
    """What a batch did: new versions, closed versions, malformed rows and facts, retracted records."""

    learned_at: datetime | None = None
    new: int = 0
    closed: int = 0
    malformed: int = 0
    retracted: int = 0
    ref_ids: list[int] = field(default_factory=list)
    leads: set[int] = field(default_factory=set)
    """Refs that the rows carry and that a source can be asked about."""
    check_id: int | None = None


@dataclass(frozen=True)
class Batch:
    """What one source said at once: the arguments of ``facts_record``."""

    source: Source
    rows: Sequence[Row]
    how: str
    started_at: datetime
    asked: Asked | None = None
    cursor: str | None = None
    connector: Connector | None = None


def facts_record_all(batches: Sequence[Batch]) -> list[Recorded]:
    """Several batches, of several sources, in one transaction: all are stored or none is. Gives one Recorded each."""
    with transaction.atomic():
        return [
            facts_record(
                source=b.source, rows=b.rows, how=b.how, started_at=b.started_at, asked=b.asked, cursor=b.cursor,
                connector=b.connector,
            )
            for b in batches
        ]  # fmt: skip


def facts_record(
    *,
    source: Source,
    rows: Sequence[Row],
    how: str,
    started_at: datetime,
    asked: Asked | None = None,
    cursor: str | None = None,
    connector: Connector | None = None,
) -> Recorded:
    """Store what a source said: idempotent, in one transaction, in any order, from any door.

    ``started_at`` (aware) is when our request started, or when the delivery was made: for sources that do
    not order their versions it decides which word is the latest. ``asked`` becomes a Check, and a complete
    lookup in it that misses a record twice in a row retracts that record. ``cursor`` moves with the facts it
    covers, or not at all. Rows that can't be read are kept as malformed and never raise.
    """
    reader = connector or _reader(source)
    readings = rows_read(reader, rows)
    with transaction.atomic():
        recorded = _record(source, readings, how, started_at, asked, cursor, reader.orders_versions)
    return recorded


def _reader(source: Source) -> Connector:
    """A connector that can read rows but is given no way out."""
    cls = connector_class(source.connector)
    connector = cls.__new__(cls)
    settings = cls.Settings.model_construct(**{**source.settings, "zone": source.zone})
    Connector.__init__(connector, settings, None)  # type: ignore[arg-type]
    return connector


def _record(
    source: Source,
    readings: list[Reading],
    how: str,
    started_at: datetime,
    asked: Asked | None,
    cursor: str | None,
    ordered: bool,
) -> Recorded:
    asked = _honest(asked, readings) if asked else None
    outcomes = asked.refs if asked else ()
    wanted = {r for reading in readings for f in reading.said if isinstance(f, Fact) for r in f.refs}
    ref_ids = refs_intern(wanted | {o.ref for o in outcomes})
    missing = store.records_covered(source, outcomes, ref_ids)
    record_ids = store.records_intern(source, readings)
    states = store.states_lock(source, set(record_ids.values()) | set(missing), readings, record_ids, started_at)

    for reading in sorted(readings, key=lambda r: row_key(r.row, started_at, ordered)):
        if reading.said or not reading.problems:
            state = states[record_ids[reading.row.type, reading.row.id]]
            unclear = frozenset(kind for kind, _ in reading.problems)
            apply_row(state, reading.digest, reading.said, row_key(reading.row, started_at, ordered), unclear)
    misses, gone = _misses(missing, states, record_ids, outcomes, ref_ids, started_at)

    changed = [s for s in states.values() if s.new or s.closed]
    problems = any(reading.problems for reading in readings)
    recorded = Recorded(retracted=len(gone))
    if changed or problems or asked:
        recorded.learned_at = at = clock_tick()
        raws = store.raws_save(readings, record_ids, at)
        store.versions_save(source, changed, raws, how, at, ref_ids)
        recorded.malformed = store.malformed_save(source, readings, raws, ref_ids, at)
        if asked:
            recorded.check_id = store.check_save(source, asked, how, started_at, at, ref_ids)
    store.heads_save(list(states.values()))
    store.misses_save(misses)
    if cursor is not None:
        store.cursor_save(source, cursor)
    recorded.new = sum(len(s.new) for s in changed)
    recorded.closed = sum(len(s.closed) for s in changed)
    recorded.ref_ids = sorted(set(ref_ids.values()) | store.refs_of_closed(changed))
    recorded.leads = {id_ for ref, id_ in ref_ids.items() if ref.joins}
    _announce(source, recorded, bool(changed or asked))
    return recorded


def _honest(asked: Asked, readings: list[Reading]) -> Asked:
    """The asking, complete only where every row that it found could be read: the others may say anything."""
    unread = {(reading.row.type, reading.row.id) for reading in readings if reading.problems}
    refs = tuple(
        replace(o, complete=False, reason=o.reason or UNREAD) if o.complete and o.rows & unread else o
        for o in asked.refs
    )
    return replace(asked, refs=refs)


def _misses(
    missing: dict[int, set[int]],
    states: dict[int, RecordState],
    record_ids: dict[tuple[str, str], int],
    outcomes: Sequence[RefOutcome],
    ref_ids: dict[Ref, int],
    started_at: datetime,
) -> tuple[dict[int, dict[str, int]], list[int]]:
    """Counters of complete lookups that missed a record, and the records that are gone by now."""
    found = {record_ids[key] for o in outcomes for key in o.rows if key in record_ids}
    known = store.misses_of(set(missing) | found)
    after: dict[int, dict[str, int]] = {}
    gone = []
    for record_id, refs in missing.items():
        if record_id in found:
            continue
        after[record_id] = {**known[record_id], **{str(r): known[record_id].get(str(r), 0) + 1 for r in refs}}
        if max(after[record_id].values()) >= MISSES_TO_RETRACT and retract(states[record_id], started_at):
            gone.append(record_id)
            after[record_id] = {}
    after.update({record_id: {} for record_id in found if known[record_id]})
    return after, gone


def _announce(source: Source, recorded: Recorded, anything: bool) -> None:
    """Tell every web process (NOTIFY is part of the transaction) and, after commit, the floors above."""
    if not anything:
        return
    for start in range(0, max(len(recorded.ref_ids), 1), NOTIFY_AT_MOST):
        refs = recorded.ref_ids[start : start + NOTIFY_AT_MOST]
        store.notify({"source": source.name, "refs": refs})
    transaction.on_commit(partial(facts_recorded.send_robust, Source, source=source.name, ref_ids=recorded.ref_ids))
