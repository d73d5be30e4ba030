"""What is known of the records that a batch speaks of, and the locks on them."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from connectors.host.services.plan import Head, Key, RecordState, Version, key_number, key_of
from connectors.host.services.store.tables import Statement, array, results
from connectors.sdk import Ref

RecordKey = tuple[int, str, str]
"""Source id, type and id of a record."""

# A look-up of its own for each row: PostgreSQL, which can't know how few they are, would rather read whole tables.
_FIND = """
WITH n AS MATERIALIZED (
    SELECT n.*, (SELECT r.id FROM host_record r WHERE r.source_id = n.s AND r.record_type = n.t AND r.record_id = n.i)
    FROM json_to_recordset(%s::json) n(s bigint, t text, i text, o numeric, at timestamptz)
), made AS (
    INSERT INTO host_record (source_id, record_type, record_id, order_no, started_at, misses)
    SELECT s, t, i, o, at, '{}' FROM n WHERE id IS NULL ORDER BY s, t, i
    ON CONFLICT DO NOTHING RETURNING source_id, record_type, record_id, id
)
SELECT s, t, i, id, false FROM n WHERE id IS NOT NULL UNION ALL SELECT *, true FROM made
"""
_COVERED = """
SELECT n.n, f.ref_id, f.id, f.record_type, f.record_id
FROM json_to_recordset(%s::json) n(n int, s bigint, scheme text, value text, kinds text[])
CROSS JOIN LATERAL (
    SELECT fr.ref_id, rec.id, rec.record_type, rec.record_id FROM host_factref fr
    JOIN host_fact f ON f.id = fr.fact_id AND f.source_id = n.s AND f.superseded_at IS NULL AND f.kind = ANY(n.kinds)
    JOIN host_record rec ON rec.id = f.record_id
    WHERE fr.ref_id = (SELECT r.id FROM host_refvalue r WHERE r.scheme = n.scheme AND r.value = n.value) OFFSET 0
) f
"""
_LOCK = "SELECT id, order_no, started_at, misses FROM host_record WHERE id = ANY(%s::bigint[]) ORDER BY id FOR UPDATE"
_HEADS = """
SELECT h.record_id, h.id, h.kind, h.versions, h.order_no, h.started_at, f.id, f.version, p.salt, f.payload_digest
FROM host_facthead h LEFT JOIN host_fact f ON f.id = h.fact_id LEFT JOIN host_factpayload p ON p.fact_id = f.id
WHERE h.record_id = ANY(%s::bigint[])
"""
_RAWS = """
SELECT r.record_id, r.digest, r.id FROM unnest(%s::bigint[], %s::text[]) n(record_id, digest)
JOIN host_rawrow r ON r.record_id = n.record_id AND r.digest = n.digest
"""
_HISTORY = """
SELECT f.record_id, f.kind, f.version, f.order_no, f.started_at, p.salt, f.payload_digest, f.id
FROM host_fact f JOIN host_factpayload p ON p.fact_id = f.id WHERE f.record_id = ANY(%s::bigint[])
"""


@dataclass(frozen=True)
class Covering:
    """A complete lookup by one ref: its source's current facts of these kinds should have come with it."""

    number: int
    """Of the asking that it belongs to."""
    source_id: int
    ref: Ref
    kinds: tuple[str, ...]
    rows: frozenset[tuple[str, str]]
    """What came: types and ids."""


@dataclass
class Known:
    """Ids of records; which are new; and by asking: records that complete lookups missed, with the refs' ids."""

    ids: dict[RecordKey, int]
    new: set[int]
    missing: dict[int, dict[int, set[int]]] = field(default_factory=dict)


def records_find(first: Mapping[RecordKey, Key | None], coverings: Collection[Covering]) -> Known:
    """Ids of these records, made where new with the key that their rows will give them."""
    known = Known({}, set())
    statements = [_find(first)] if first else []
    if coverings:
        wanted = [
            {"n": n, "s": c.source_id, "scheme": c.ref.scheme, "value": c.ref.value, "kinds": c.kinds}
            for n, c in enumerate(coverings)
        ]
        statements.append((_COVERED, [json.dumps(wanted)]))
    if statements:
        with connection.cursor() as cursor:
            found = results(cursor, statements)
            _take_ids(known, found[0] if first else [])
            while len(known.ids) < len(first):  # somebody made one of them at this very moment
                _take_ids(known, results(cursor, [_find({k: v for k, v in first.items() if k not in known.ids})])[0])
        _take_missing(known, found[-1] if coverings else [], list(coverings))
    return known


def _find(first: Mapping[RecordKey, Key | None]) -> Statement:
    rows: list[dict[str, Any]] = [{"s": s, "t": t, "i": i} for s, t, i in first]
    for row, key in zip(rows, first.values(), strict=True):
        if key is not None:
            row["o"], row["at"] = key_number(key), key[1]
    return _FIND, [json.dumps(rows, default=str)]


def _take_ids(known: Known, rows: Iterable[tuple[Any, ...]]) -> None:
    for source_id, type_, id_, record_id, new in rows:
        known.ids[source_id, type_, id_] = record_id
        if new:
            known.new.add(record_id)


def _take_missing(known: Known, rows: Iterable[tuple[Any, ...]], coverings: list[Covering]) -> None:
    for n, ref_id, record_id, type_, id_ in rows:
        if (type_, id_) not in coverings[n].rows:
            known.missing.setdefault(coverings[n].number, {}).setdefault(record_id, set()).add(ref_id)


Raws = dict[tuple[int, str], int]
"""Ids of raw rows by record and content."""


def states_lock(
    known: Known, first: Mapping[int, Key | None], bodies: Collection[tuple[int, str]], earliest: Mapping[int, Key]
) -> tuple[dict[int, RecordState], Raws]:
    """The state of all these records, locked in order of id until commit, and those raw rows that are stored.

    ``first`` has the keys that new records were made with; ``bodies`` are records and digests. ``earliest`` is the
    earliest key that speaks of a record: where that is behind what is known, the record's past is read too.
    """
    states = {id_: RecordState(id_, stored_key=first.get(id_)) for id_ in known.new}
    others = {id_ for ids in known.missing.values() for id_ in ids} | set(known.ids.values())
    ids = sorted(others - known.new)
    if not ids:
        return states, {}
    pairs = [(id_, digest) for id_, digest in bodies if id_ not in known.new]
    columns = [array(id_ for id_, _ in pairs), array(digest for _, digest in pairs)]
    with connection.cursor() as cursor:
        # Three snapshots: the heads are read after the locks are held.
        locked, heads, raws = results(cursor, [(_LOCK, [array(ids)]), (_HEADS, [array(ids)]), (_RAWS, columns)])
        for id_, order_no, started_at, misses in locked:
            key = key_of(order_no, started_at) if started_at else None
            states[id_] = RecordState(id_, key, key, misses if isinstance(misses, dict) else json.loads(misses))
        for id_, head_id, kind, versions, order_no, started_at, fact_id, version, salt, digest in heads:
            key = key_of(order_no, started_at)
            current = Version(kind, version, key, salt, digest, fact_id) if fact_id else None
            states[id_].heads[kind] = Head(key, versions, current, head_id)
        late = [id_ for id_ in ids if id_ in earliest and _is_late(states[id_], earliest[id_])]
        for id_, kind, version, order_no, started_at, salt, digest, fact_id in (
            results(cursor, [(_HISTORY, [array(late)])])[0] if late else []
        ):
            one = Version(kind, version, key_of(order_no, started_at), salt, digest, fact_id)
            states[id_].history.setdefault(kind, []).append(one)
    return states, {(record_id, digest): id_ for record_id, digest, id_ in raws}


def _is_late(state: RecordState, key: Key) -> bool:
    return any(key < seen for seen in (state.key, *(head.key for head in state.heads.values())) if seen is not None)
