"""The last locks of a transaction: refs, cursors and the clock, with the ids of what is about to be inserted."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from connectors.host.services.clock import tick_statement
from connectors.host.services.refs import refs_statement, refs_take
from connectors.host.services.store.tables import Statement, array, results
from connectors.sdk import Ref

_CLOSED_REFS = "SELECT fact_id, ref_id FROM host_factref WHERE fact_id = ANY(%s::bigint[])"
_CURSOR = """
INSERT INTO host_sourcecursor (source_id, cursor, failures, moved_at) VALUES (%s, %s, 0, clock_timestamp())
ON CONFLICT (source_id) DO UPDATE SET cursor = EXCLUDED.cursor, failures = 0, moved_at = EXCLUDED.moved_at
"""
_IDS = """
SELECT ARRAY(SELECT nextval('host_rawrow_id_seq') FROM generate_series(1, %s)),
       ARRAY(SELECT nextval('host_fact_id_seq') FROM generate_series(1, %s)),
       ARRAY(SELECT nextval('host_check_id_seq') FROM generate_series(1, %s))
"""


@dataclass
class Learned:
    """The tick, if one was needed; ids of refs; refs of facts that are closed; and ids for what is new."""

    at: datetime | None
    refs: dict[Ref, int]
    closed_refs: dict[int, list[int]]
    raw_ids: list[int]
    fact_ids: list[int]
    check_ids: list[int]


def learn(
    *, refs: Collection[Ref], closed: Collection[int], cursors: Mapping[int, str], raws: int, facts: int, checks: int,
    tick: bool,
) -> Learned:  # fmt: skip
    """Names the refs, moves the cursors (by source id), and takes the clock last, held to commit."""
    statements: list[Statement] = []
    if refs:
        statements.append(refs_statement(refs))
    statements += [(_CURSOR, [source_id, cursors[source_id]]) for source_id in sorted(cursors)]
    statements.append((_CLOSED_REFS, [array(closed)]))
    statements.append((_IDS, [raws, facts, checks]))
    if tick:
        statements.append(tick_statement())
    by_fact: dict[int, list[int]] = {}
    with connection.cursor() as cursor:
        found = results(cursor, statements)
        named = refs_take(refs, found[0]) if refs else {}
    behind = found[-3:] if tick else [*found[-2:], [(None,)]]
    for fact_id, ref_id in behind[0]:
        by_fact.setdefault(fact_id, []).append(ref_id)
    return Learned(behind[2][0][0], named, by_fact, *behind[1][0])
