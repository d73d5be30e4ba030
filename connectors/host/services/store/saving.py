"""Rows in and out of PostgreSQL for ``facts_record``. Locks are taken in one order: refs, records, clock."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db import connection

from connectors.host.models import (
    Check,
    CheckRef,
    Fact,
    FactHead,
    FactPayload,
    FactRef,
    Malformed,
    RawRow,
    Record,
    Source,
    SourceCursor,
)
from connectors.host.services.plan import Head, RecordState, Version, key_number, key_of, times_of
from connectors.host.services.readings import Reading
from connectors.sdk import Ref

if TYPE_CHECKING:
    from connectors.host.services.recording import Asked, RefOutcome

RecordKey = tuple[str, str]


def records_intern(source: Source, readings: Sequence[Reading]) -> dict[RecordKey, int]:
    """Ids of the records that these rows belong to, made where new."""
    keys = sorted({(r.row.type, r.row.id) for r in readings})
    if not keys:
        return {}
    types, ids = [k[0] for k in keys], [k[1] for k in keys]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO host_record (source_id, record_type, record_id, misses)"
            " SELECT %s, n.t, n.i, '{}' FROM unnest(%s::text[], %s::text[]) n(t, i)"
            " LEFT JOIN host_record r ON r.source_id = %s AND r.record_type = n.t AND r.record_id = n.i"
            " WHERE r.id IS NULL ORDER BY n.t, n.i ON CONFLICT DO NOTHING",
            [source.pk, types, ids, source.pk],
        )
        cursor.execute(
            "SELECT r.record_type, r.record_id, r.id FROM host_record r"
            " JOIN unnest(%s::text[], %s::text[]) n(t, i) ON r.record_type = n.t AND r.record_id = n.i"
            " WHERE r.source_id = %s",
            [types, ids, source.pk],
        )
        return {(t, i): id_ for t, i, id_ in cursor.fetchall()}


def records_covered(source: Source, outcomes: Sequence[RefOutcome], ref_ids: dict[Ref, int]) -> dict[int, set[int]]:
    """Records with a current fact that a complete lookup should have shown, and the refs that missed them."""
    missing: dict[int, set[int]] = {}
    for outcome in outcomes:
        if not (outcome.complete and outcome.outcome in ("found", "nothing") and outcome.kinds):
            continue
        rows = Fact.objects.filter(
            source=source, superseded_at=None, fact_refs__ref=ref_ids[outcome.ref], kind__in=outcome.kinds
        ).values_list("record_id", "record__record_type", "record__record_id")
        for record_id, type_, id_ in rows:
            if (type_, id_) not in outcome.rows:
                missing.setdefault(record_id, set()).add(ref_ids[outcome.ref])
    return missing


def states_lock(
    source: Source,
    ids: set[int],
    readings: Sequence[Reading],
    record_ids: dict[RecordKey, int],
    started_at: datetime,
) -> dict[int, RecordState]:
    """The state of these records, locked in order of id until commit."""
    states: dict[int, RecordState] = {}
    for record in Record.objects.select_for_update().filter(pk__in=ids).order_by("pk"):
        key = key_of(record.order_no, record.started_at) if record.started_at else None
        states[record.pk] = RecordState(record.pk, key)
    heads = FactHead.objects.filter(record__in=ids).select_related("fact", "fact__payload")
    for row in heads:
        current = _stored(row.fact) if row.fact else None
        states[row.record_id].heads[row.kind] = Head(key_of(row.order_no, row.started_at), row.versions, current)
    _load_history(states)
    return states


def _load_history(states: dict[int, RecordState]) -> None:
    """Earlier versions, which a row that comes late is compared with."""
    several = [s.id for s in states.values() if any(h.versions > 1 or h.current is None for h in s.heads.values())]
    for fact in Fact.objects.filter(record__in=several).select_related("payload"):
        states[fact.record_id].history.setdefault(fact.kind, []).append(_stored(fact))
    for state in states.values():
        for kind, head in state.heads.items():
            if head.current and kind not in state.history:
                state.history[kind] = [head.current]


def _stored(fact: Fact) -> Version:
    return Version(
        fact.kind, fact.version, key_of(fact.order_no, fact.started_at), salt=fact.payload.salt,
        digest=fact.payload_digest, id=fact.pk,
    )  # fmt: skip


def raws_save(
    readings: Sequence[Reading], record_ids: dict[RecordKey, int], at: datetime
) -> dict[tuple[int, str], int]:
    """Ids of the raw rows, by record and content; each content of a record is kept once."""
    rows = {}
    for reading in readings:
        record_id = record_ids[reading.row.type, reading.row.id]
        rows[record_id, reading.digest] = RawRow(
            record_id=record_id, body=reading.body, digest=reading.digest, url=reading.row.url, learned_at=at
        )
    RawRow.objects.bulk_create(rows.values(), ignore_conflicts=True)
    records = {record_id for record_id, _ in rows}
    stored = RawRow.objects.filter(record__in=records).values_list("record_id", "digest", "pk")
    return {(record_id, digest): pk for record_id, digest, pk in stored}


def versions_save(
    source: Source,
    states: Sequence[RecordState],
    raws: dict[tuple[int, str], int],
    how: str,
    at: datetime,
    ref_ids: dict[Ref, int],
) -> None:
    """New versions with their words and refs; then what they replace is closed, once."""
    zone = ZoneInfo(source.zone)
    pairs: list[tuple[Version, Fact]] = []
    for state in states:
        for v in state.new:
            assert v.fact is not None
            fact = Fact(
                record_id=state.id, source=source, raw_id=raws[state.id, v.raw_digest], kind=v.kind,
                version=v.version, order_no=key_number(v.key), started_at=v.key[1], how=how, implied=v.fact.implied,
                payload_digest=v.digest, learned_at=at, superseded_at=at if v.closed_as else None,
                closed_as=v.closed_as, **times_of(v.fact, at, zone),
            )  # fmt: skip
            pairs.append((v, fact))
    Fact.objects.bulk_create([fact for _, fact in pairs])
    payloads, refs = [], []
    for v, fact in pairs:
        assert v.fact is not None
        v.id = fact.pk
        payloads.append(FactPayload(fact=fact, data=v.fact.data, said=v.fact.said, salt=v.salt))
        refs += [FactRef(fact=fact, ref_id=ref_ids[r], place=n) for n, r in enumerate(v.fact.refs)]
    FactPayload.objects.bulk_create(payloads)
    FactRef.objects.bulk_create(refs)
    for why in ("replaced", "undone", "retracted"):
        ids = [v.id for s in states for v in s.closed if v.closed_as == why]
        if ids:
            Fact.objects.filter(pk__in=ids, superseded_at=None).update(superseded_at=at, closed_as=why)


def malformed_save(
    source: Source,
    readings: Sequence[Reading],
    raws: dict[tuple[int, str], int],
    ref_ids: dict[Ref, int],
    at: datetime,
) -> int:
    by_record = {(r.row.type, r.row.id): r for r in readings if r.problems}
    records = {
        (t, i): pk
        for t, i, pk in Record.objects.filter(source=source, record_type__in=[k[0] for k in by_record],
                                              record_id__in=[k[1] for k in by_record])
        .values_list("record_type", "record_id", "pk")
    }  # fmt: skip
    rows = [
        Malformed(source=source, raw_id=raws[records[key], reading.digest], kind=kind, reason=reason, learned_at=at)
        for key, reading in by_record.items() for kind, reason in reading.problems
    ]  # fmt: skip
    Malformed.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def check_save(
    source: Source, asked: Asked, how: str, started_at: datetime, at: datetime, ref_ids: dict[Ref, int]
) -> int:
    check = Check.objects.create(
        source=source, how=how, started_at=started_at, took_ms=asked.took_ms, late=asked.late,
        outcome=asked.outcome, reason=asked.reason[:1000], detail=asked.detail[:4000], learned_at=at,
    )  # fmt: skip
    CheckRef.objects.bulk_create(
        CheckRef(check_row=check, source=source, ref_id=ref_ids[o.ref], outcome=o.outcome, complete=o.complete,
                 kinds=list(o.kinds), reason=o.reason[:1000], learned_at=at)
        for o in asked.refs
    )  # fmt: skip
    return check.pk


_HEADS = """
INSERT INTO host_facthead (record_id, kind, fact_id, versions, order_no, started_at)
SELECT * FROM unnest(%s::bigint[], %s::text[], %s::bigint[], %s::int[], %s::numeric[], %s::timestamptz[])
ON CONFLICT (record_id, kind) DO UPDATE SET fact_id = EXCLUDED.fact_id, versions = EXCLUDED.versions,
    order_no = EXCLUDED.order_no, started_at = EXCLUDED.started_at
"""
_RECORDS = """
UPDATE host_record r SET order_no = n.order_no, started_at = n.started_at
FROM unnest(%s::bigint[], %s::numeric[], %s::timestamptz[]) n(id, order_no, started_at) WHERE r.id = n.id
"""


def heads_save(states: Collection[RecordState]) -> None:
    """Move heads and the record's newest key: the only rows of a fact that change in place."""
    records = [(s.id, key_number(s.key), s.key[1]) for s in states if s.key is not None]
    heads = [
        (state.id, kind, head.current.id if head.current else None, head.versions, key_number(head.key), head.key[1])
        for state in states
        for kind, head in state.heads.items()
    ]
    with connection.cursor() as cursor:
        if heads:
            cursor.execute(_HEADS, [list(column) for column in zip(*heads, strict=True)])
        if records:
            cursor.execute(_RECORDS, [list(column) for column in zip(*records, strict=True)])


def misses_of(ids: set[int]) -> dict[int, dict[str, int]]:
    return dict(Record.objects.filter(pk__in=ids).values_list("pk", "misses"))


def misses_save(misses: dict[int, dict[str, int]]) -> None:
    Record.objects.bulk_update([Record(pk=pk, misses=value) for pk, value in misses.items()], ["misses"])


def refs_of_closed(states: Sequence[RecordState]) -> set[int]:
    closed = [v.id for s in states for v in s.closed]
    return set(FactRef.objects.filter(fact__in=closed).values_list("ref_id", flat=True)) if closed else set()


def cursor_save(source: Source, cursor: str) -> None:
    SourceCursor.objects.update_or_create(source=source, defaults={"cursor": cursor, "failures": 0})


def notify(payload: dict[str, Any]) -> None:
    """One NOTIFY a batch, delivered at commit; listeners re-read what they show."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify('throughline', %s)", [json.dumps(payload, separators=(",", ":"))])
