"""Which refs belong to a matter: what its seeds lead to, and no further."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from connectors.sdk import Ref
from connectors.sdk.refs import MATTER_SCHEMES

MAX_REFS = 200

# A look-up of its own for each ref: joined as a whole, PostgreSQL may walk all facts in each step of the recursion.
_SQL = """
WITH RECURSIVE seed AS (
    SELECT r.id, r.scheme FROM host_refvalue r
    JOIN unnest(%(schemes)s::text[], %(values)s::text[]) n(s, v) ON r.scheme = n.s AND r.value = n.v
), base AS (
    SELECT id FROM seed WHERE scheme = ANY(%(matter)s)
    UNION ALL SELECT id FROM seed WHERE NOT EXISTS (SELECT 1 FROM seed WHERE scheme = ANY(%(matter)s))
), reach(id) AS (
    SELECT id FROM base
    UNION
    SELECT near.ref_id FROM reach CROSS JOIN LATERAL (
        SELECT other.ref_id FROM host_factref fr
        JOIN host_fact f ON f.id = fr.fact_id
            AND f.learned_at <= %(as_of)s AND (f.superseded_at IS NULL OR f.superseded_at > %(as_of)s)
        JOIN host_factref other ON other.fact_id = f.id
        JOIN host_refvalue v ON v.id = other.ref_id AND v.scheme = ANY(%(matter)s)
        WHERE fr.ref_id = reach.id OFFSET 0
    ) near
), matter AS (SELECT id FROM reach LIMIT %(cap)s)
SELECT r.id, r.scheme, r.value, true FROM matter JOIN host_refvalue r USING (id)
UNION
SELECT person.*, false FROM matter CROSS JOIN LATERAL (
    SELECT r.id, r.scheme, r.value FROM host_factref fr
    JOIN host_fact f ON f.id = fr.fact_id
        AND f.learned_at <= %(as_of)s AND (f.superseded_at IS NULL OR f.superseded_at > %(as_of)s)
    JOIN host_factref other ON other.fact_id = f.id
    JOIN host_refvalue r ON r.id = other.ref_id
    WHERE fr.ref_id = matter.id AND (r.scheme = 'email' OR r.scheme LIKE '%%.customer') OFFSET 0
) person
UNION
SELECT r.id, r.scheme, r.value, false FROM host_refvalue r JOIN seed ON seed.id = r.id
"""


@dataclass(frozen=True)
class Closure:
    """Ids of refs: those that facts of the matter carry, and those of its people, that are only asked about."""

    matter: dict[int, Ref]
    people: dict[int, Ref]
    cut: tuple[str, ...] = ()

    @property
    def refs(self) -> dict[int, Ref]:
        return {**self.people, **self.matter}


def closure(seeds: Sequence[Ref], as_of: datetime) -> Closure:
    """Refs that current facts at ``as_of`` tie to the seeds, through matter schemes only.

    Where no seed names a matter, the matters of the person are meant.
    """
    with connection.cursor() as cursor:
        cursor.execute(*closure_statement(seeds, as_of))
        return closure_read(cursor.fetchall())


def closure_statement(seeds: Sequence[Ref], as_of: datetime) -> tuple[str, dict[str, Any]]:
    """The statement, for those who send several at once; then ``closure_read`` its rows."""
    return _SQL, {
        "schemes": [s.scheme for s in seeds], "values": [s.value for s in seeds],
        "matter": sorted(MATTER_SCHEMES), "as_of": as_of, "cap": MAX_REFS + 1,
    }  # fmt: skip


def closure_read(rows: Iterable[tuple[int, str, str, bool]]) -> Closure:
    matter: dict[int, Ref] = {}
    people: dict[int, Ref] = {}
    for id_, scheme, value, reached in rows:
        (matter if reached else people)[id_] = Ref(scheme, value)
    for id_ in matter:
        people.pop(id_, None)
    cut: tuple[str, ...] = ()
    if len(matter) > MAX_REFS:
        matter = dict(sorted(matter.items())[:MAX_REFS])
        cut = (f"More than {MAX_REFS} references belong to this; only the first were read.",)
    return Closure(matter, people, cut)
