"""What is known of the records that a batch speaks of, and the locks on them."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from connectors.host.services.plan import NEVER, Head, Key, RecordState, Stored, Version, key_number, key_of
from connectors.host.services.store.tables import Statement, array, results
from connectors.sdk import Ref

RecordKey = tuple[int, str, str]
"""Source id, type and id of a record."""

# A look-up of its own for each row: PostgreSQL, which can't know how few they are, would rather read whole tables.
_FIND = """
WITH n AS MATERIALIZED (
    SELECT n.*, (SELECT r.id FROM host_record r WHERE r.source_id = n.s AND r.record_type = n.t AND r.record_id = n.i)
    FROM json_to_recordset(%s::json) n(s bigint, t text, i text, o numeric, at timestamptz, seen text)
), made AS (
    INSERT INTO host_record (source_id, record_type, record_id, order_no, started_at, since, seen, misses)
    SELECT s, t, i, o, at, at, seen, '{}' FROM n WHERE id IS NULL ORDER BY s, t, i
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
_LOCK = """
SELECT id, order_no, started_at, since, seen, misses FROM host_record
WHERE id = ANY(%s::bigint[]) ORDER BY id FOR UPDATE
"""
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
class Coming:
    """What the rows of one record in these batches come to."""

    newest: Key | None = None
    """The key that they lead to where the record is new."""
    earliest: Key = NEVER
    mark: str = ""
    """Of the row, where it is only one."""
    bodies: set[str] = field(default_factory=set)


@dataclass
class Known:
    """Ids of records; which are new; and by asking: records that complete lookups missed, with the refs' ids."""

    ids: dict[RecordKey, int]
    new: set[int]
    missing: dict[int, dict[int, set[int]]] = field(default_factory=dict)


def records_find(coming: Mapping[RecordKey, Coming], coverings: Collection[Covering]) -> Known:
    """Ids of these records, made where new with the key that their rows will give them."""
    known = Known({}, set())
    statements = [_find(coming)] if coming else []
    if coverings:
        wanted = [
            {"n": n, "s": c.source_id, "scheme": c.ref.scheme, "value": c.ref.value, "kinds": c.kinds}
            for n, c in enumerate(coverings)
        ]
        statements.append((_COVERED, [json.dumps(wanted)]))
    if statements:
        with connection.cursor() as cursor:
            found = results(cursor, statements)
            _take_ids(known, found[0] if coming else [])
            while len(known.ids) < len(coming):  # somebody made one of them at this very moment
                _take_ids(known, results(cursor, [_find({k: v for k, v in coming.items() if k not in known.ids})])[0])
        _take_missing(known, found[-1] if coverings else [], list(coverings))
    return known


def _find(coming: Mapping[RecordKey, Coming]) -> Statement:
    rows: list[dict[str, Any]] = [
        {"s": s, "t": t, "i": i, "seen": one.mark} for (s, t, i), one in coming.items()
    ]  # fmt: skip
    for row, one in zip(rows, coming.values(), strict=True):
        if one.newest is not None:
            row["o"], row["at"] = key_number(one.newest), one.newest[1]
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


def states_lock(known: Known, coming: Mapping[int, Coming]) -> tuple[dict[int, RecordState], Raws]:
    """The state of all these records, locked in order of id until commit, and those raw rows that are stored.

    A record whose newest row comes again as it was is the *same*, and nothing more of it is read.
    """
    states = {id_: _new(id_, coming[id_]) for id_ in known.new}
    missed = {id_ for ids in known.missing.values() for id_ in ids}
    ids = sorted((missed | set(known.ids.values())) - known.new)
    if not ids:
        return states, {}
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [array(ids)])
        for id_, order_no, started_at, since, seen, misses in cursor.fetchall():
            key = key_of(order_no, started_at) if started_at else None
            counts = misses if isinstance(misses, dict) else json.loads(misses)
            states[id_] = state = RecordState(id_, key, seen, Stored(key, since, seen), misses=counts)
            one = coming.get(id_)
            if one and one.newest and key and one.mark and one.mark == seen and one.newest >= key:
                state.same = one.newest[0] == key[0] and not counts and id_ not in missed
        changing = [id_ for id_ in ids if not states[id_].same]
        raws = _read_heads(cursor, states, coming, changing) if changing else []
        late = [id_ for id_ in changing if id_ in coming and _is_late(states[id_], coming[id_].earliest)]
        for id_, kind, version, order_no, started_at, salt, digest, fact_id in (
            results(cursor, [(_HISTORY, [array(late)])])[0] if late else []
        ):
            earlier = Version(kind, version, key_of(order_no, started_at), salt, digest, fact_id)
            states[id_].history.setdefault(kind, []).append(earlier)
    return states, {(record_id, digest): id_ for record_id, digest, id_ in raws}


def _new(id_: int, one: Coming) -> RecordState:
    return RecordState(id_, stored=Stored(one.newest, one.newest[1] if one.newest else None, one.mark))


def _read_heads(
    cursor: Any, states: Mapping[int, RecordState], coming: Mapping[int, Coming], ids: Collection[int]
) -> list[tuple[Any, ...]]:
    """The heads of these records into their states, now that the locks are held; gives raw rows that are stored."""
    pairs = [(id_, digest) for id_ in ids if id_ in coming for digest in coming[id_].bodies]
    columns = [array(id_ for id_, _ in pairs), array(digest for _, digest in pairs)]
    heads, raws = results(cursor, [(_HEADS, [array(ids)]), (_RAWS, columns)])
    for id_, head_id, kind, versions, order_no, started_at, fact_id, version, salt, digest in heads:
        stored, state = key_of(order_no, started_at), states[id_]
        key = state.key if _is_carried(state, stored) else stored
        assert key is not None
        current = Version(kind, version, key, salt, digest, fact_id) if fact_id else None
        state.heads[kind] = Head(key, versions, current, head_id, stored_key=stored)
    return raws


def _is_carried(state: RecordState, key: Key) -> bool:
    """True for the key of what the newest row said, which moves with the record's each time that it comes again."""
    stored = state.stored
    return bool(stored and stored.key and key == (stored.key[0], stored.since))


def _is_late(state: RecordState, key: Key) -> bool:
    return any(key < seen for seen in (state.key, *(head.key for head in state.heads.values())) if seen is not None)
