"""What was planned, as rows: versions with their words and refs, heads, checks, counts."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db import connection

from connectors.host.models import Source
from connectors.host.services.plan import RecordState, Stored, Version, key_number, times_of
from connectors.host.services.readings import Reading
from connectors.host.services.store.known import Raws
from connectors.host.services.store.tables import NewRows, Statement, array
from connectors.sdk import Ref

if TYPE_CHECKING:
    from connectors.host.services.recording import Asked

_CLOSE = """
UPDATE host_fact SET superseded_at = %s, closed_as = %s WHERE id = ANY(%s::bigint[]) AND superseded_at IS NULL
"""
# Of arrays PostgreSQL knows how long they are: it looks few rows up, and reads whole tables for none.
_HEADS = """
UPDATE host_facthead h SET fact_id = n.fact_id, versions = n.versions, order_no = n.order_no, started_at = n.at
FROM unnest(%s::bigint[], %s::bigint[], %s::int[], %s::numeric[], %s::timestamptz[])
    n(id, fact_id, versions, order_no, at)
WHERE h.id = n.id
"""
_RECORDS = """
UPDATE host_record r SET order_no = n.order_no, started_at = n.at, since = n.at, seen = n.seen
FROM unnest(%s::bigint[], %s::numeric[], %s::timestamptz[], %s::text[]) n(id, order_no, at, seen) WHERE r.id = n.id
"""
_SAME = """
UPDATE host_record r SET started_at = n.at
FROM unnest(%s::bigint[], %s::timestamptz[]) n(id, at) WHERE r.id = n.id
"""
_MISSES = """
UPDATE host_record r SET misses = n.misses
FROM json_to_recordset(%s::json) n(id bigint, misses jsonb) WHERE r.id = n.id
"""
_MALFORMED = """
INSERT INTO host_malformed (source_id, raw_id, kind, reason, refs, learned_at)
SELECT n.s, n.raw, n.kind, n.reason, '{}', %s
FROM json_to_recordset(%s::json) n(s bigint, raw bigint, kind text, reason text)
ON CONFLICT DO NOTHING RETURNING source_id
"""
_HOUR = """
INSERT INTO host_sourcehour AS h (source_id, hour, new, malformed, last_at) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (source_id, hour) DO UPDATE
SET new = h.new + EXCLUDED.new, malformed = h.malformed + EXCLUDED.malformed, last_at = EXCLUDED.last_at
"""


class _Texts(dict[datetime, str]):
    """Times as text, each written once: a batch has few different ones."""

    def __missing__(self, at: datetime) -> str:
        self[at] = text = at.isoformat()
        return text


def raws_add(
    rows: NewRows, readings: Iterable[tuple[int, Reading]], raws: Raws, ids: Sequence[int], at: datetime
) -> None:
    """Raw rows that are not stored yet, by record; ``raws`` gets their ids. Each content is kept once."""
    left, when = iter(ids), at.isoformat()
    for record_id, reading in readings:
        if (record_id, reading.digest) not in raws:
            raws[record_id, reading.digest] = id_ = next(left)
            rows.of["host_rawrow"].append((id_, record_id, reading.text, reading.digest, reading.row.url, when))


def versions_add(
    rows: NewRows, states: Iterable[tuple[RecordState, Source]], raws: Raws, ids: Sequence[int],
    refs: Mapping[Ref, int], at: datetime,
) -> None:  # fmt: skip
    """New versions with their words and refs."""
    left, when, texts, zones = iter(ids), at.isoformat(), _Texts(), dict[str, ZoneInfo]()
    facts, payloads, fact_refs = rows.of["host_fact"], rows.of["host_factpayload"], rows.of["host_factref"]
    for state, source in states:
        zone = zones.get(source.zone) or zones.setdefault(source.zone, ZoneInfo(source.zone))
        for v in state.new:
            assert v.said is not None
            v.id = id_ = next(left)
            fact = v.said.fact
            occurred, day, sort_at = times_of(fact, at, zone)
            facts.append((
                id_, state.id, source.pk, raws[state.id, v.raw_digest], v.kind, v.version, key_number(v.key),
                texts[v.key[1]], occurred.isoformat() if occurred else None, day, sort_at.isoformat(), v.how,
                fact.implied, v.digest, when, when if v.closed_as else None, v.closed_as,
            ))  # fmt: skip
            payloads.append((id_, v.said.data, fact.said, v.salt))
            fact_refs.extend([(id_, refs[ref], place) for place, ref in enumerate(fact.refs)])


def closings(versions: Iterable[Version], at: datetime) -> list[Statement]:
    """What is replaced, undone or retracted is closed, once."""
    by_reason: dict[str, list[int]] = {}
    for v in versions:
        by_reason.setdefault(str(v.closed_as), []).append(v.id or 0)
    return [(_CLOSE, [at, why, array(ids)]) for why, ids in sorted(by_reason.items())]


def heads_save(rows: NewRows, states: Collection[RecordState]) -> list[Statement]:
    """Moves heads and the newest keys of records, the only rows of a fact that change in place; new ones are added."""
    texts, heads, records, same = _Texts(), list[Any](), list[Any](), list[Any]()
    new = rows.of["host_facthead"]
    for state in states:
        key, stored = state.key, state.stored
        if state.same and key and stored:
            if key != stored.key:
                same.append((state.id, texts[key[1]]))
            continue
        if key and stored != Stored(key, key[1], state.seen):  # a new record was inserted just so
            records.append((state.id, key_number(key), texts[key[1]], state.seen))
        for kind, head in state.heads.items():
            number, at = key_number(head.key), texts[head.key[1]]
            values = (head.current.id if head.current else None, head.versions, number, at)
            if head.id is None:
                new.append((state.id, kind, *values))
            elif head.changed or head.key != head.stored_key:
                heads.append((head.id, *values))
    found = [(_HEADS, heads), (_RECORDS, records), (_SAME, same)]
    return [(sql, [array(column) for column in zip(*values, strict=True)]) for sql, values in found if values]


def misses_save(misses: Mapping[int, Mapping[str, int]]) -> list[Statement]:
    rows = [{"id": id_, "misses": found} for id_, found in misses.items()]
    return [(_MISSES, [json.dumps(rows)])] if rows else []


def malformed_save(found: Sequence[tuple[Source, int, str, str]], at: datetime) -> list[int]:
    """Keeps what could not be read: ``(source, raw id, kind, reason)``. Gives the source ids of those that are new."""
    rows = [{"s": source.pk, "raw": raw, "kind": kind, "reason": reason} for source, raw, kind, reason in found]
    with connection.cursor() as cursor:
        cursor.execute(_MALFORMED, [at, json.dumps(rows)])
        return [source_id for (source_id,) in cursor.fetchall()]


def check_add(
    rows: NewRows, id_: int, source: Source, asked: Asked, how: str, started_at: datetime, refs: Mapping[Ref, int],
    at: datetime,
) -> None:  # fmt: skip
    """One asking, with the outcome for each of its refs."""
    rows.of["host_check"].append((
        id_, source.pk, how, started_at, asked.took_ms, asked.late, asked.outcome, asked.reason[:1000],
        asked.detail[:4000], at,
    ))  # fmt: skip
    rows.of["host_checkref"].extend(
        (id_, source.pk, refs[o.ref], o.outcome, o.complete, list(o.kinds), o.reason[:1000], at) for o in asked.refs
    )


def hours_save(counts: Mapping[int, tuple[int, int]], at: datetime) -> list[Statement]:
    """Counts of new versions and of malformed ones, by source id."""
    hour = at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    return [(_HOUR, [id_, hour, *counts[id_], at]) for id_ in sorted(counts) if any(counts[id_])]


def notices(payloads: Iterable[Mapping[str, Any]]) -> list[Statement]:
    """NOTIFYs, delivered at commit; listeners re-read what they show."""
    texts = [json.dumps(payload, separators=(",", ":")) for payload in payloads]
    return [("SELECT pg_notify('throughline', %s)", [text]) for text in texts]
