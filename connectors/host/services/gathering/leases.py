"""Single flight across processes: whoever holds the lease asks, the others hear of the result."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import connection

from connectors.host.services.store.tables import Statement, run

Pair = tuple[int, int]
"""A source's id and a ref's."""
Held = tuple[int, int, str]
"""A source's id, a ref's, and who asks."""

# Leases don't wait for the clock of what is known, and never write behind it.
_NOW = "greatest(clock_timestamp(), (SELECT last FROM host_clock WHERE id = 1))"
_TAKE = f"""
WITH quick AS (SELECT set_config('synchronous_commit', 'off', true)), died AS (
    INSERT INTO host_unheard (source_id, ref_id, started_at, ended_at, learned_at)
    SELECT l.source_id, l.ref_id, l.started_at, l.expires_at, {_NOW}
    FROM host_lease l
    JOIN unnest(%(sources)s::bigint[], %(refs)s::bigint[]) n(source_id, ref_id) USING (source_id, ref_id)
    WHERE l.expires_at <= clock_timestamp()
)
INSERT INTO host_lease (source_id, ref_id, holder, started_at, expires_at)
SELECT n.source_id, n.ref_id, %(holder)s, %(at)s, clock_timestamp() + n.seconds * interval '1 second'
FROM quick, unnest(%(sources)s::bigint[], %(refs)s::bigint[], %(seconds)s::float8[]) n(source_id, ref_id, seconds)
ORDER BY n.source_id, n.ref_id
ON CONFLICT (source_id, ref_id) DO UPDATE SET holder = EXCLUDED.holder, started_at = EXCLUDED.started_at,
    expires_at = EXCLUDED.expires_at
WHERE host_lease.expires_at <= clock_timestamp() RETURNING source_id, ref_id
"""

_ASKED = """
SELECT DISTINCT cr.source_id, cr.ref_id
FROM unnest(%(sources)s::bigint[], %(refs)s::bigint[]) n(source_id, ref_id)
JOIN host_checkref cr ON cr.source_id = n.source_id AND cr.ref_id = n.ref_id AND cr.learned_at >= %(since)s
JOIN host_check c ON c.id = cr.check_row_id AND (c.started_at >= %(since)s OR NOT %(forced)s)
"""

_RETURN = """
DELETE FROM host_lease l USING unnest(%s::bigint[], %s::bigint[], %s::text[]) n(source_id, ref_id, holder)
WHERE l.source_id = n.source_id AND l.ref_id = n.ref_id AND l.holder = n.holder
"""
# What was given back at once (the pool was full) was on no page.
_UNHEARD = f"""
WITH gone AS ({_RETURN} RETURNING l.source_id, l.ref_id, l.started_at)
INSERT INTO host_unheard (source_id, ref_id, started_at, ended_at, learned_at)
SELECT source_id, ref_id, started_at, clock_timestamp(), {_NOW} FROM gone
WHERE started_at < clock_timestamp() - interval '10 milliseconds'
"""


def leases_take(
    wanted: Mapping[Pair, float], holder: str, since: datetime, at: datetime, *, forced: bool = False
) -> tuple[set[Pair], set[Pair]]:
    """Those that nobody asks about now; they are ours from ``at``, for the seconds given at most. In two parts: to be
    asked, and to be given back because somebody finished asking after ``since``; where ``forced``, it must
    have begun after it, too. One round trip, but two statements: the second has to see what the last holder of a lease
    committed.

    The commit is not waited for: a lease that a crash of the database loses would have run out anyway.
    """
    if not wanted:
        return set(), set()
    columns = {"sources": [source for source, _ in wanted], "refs": [ref for _, ref in wanted]}
    with connection.cursor() as cursor:
        cursor.execute(
            f"{_TAKE}; {_ASKED}",
            {**columns, "seconds": list(wanted.values()), "holder": holder, "since": since, "at": at, "forced": forced},
        )
        taken = set(cursor.fetchall())
        cursor.nextset()
        done = taken & set(cursor.fetchall())
    return taken - done, done


def leases_return(held: Iterable[Held], *, heard: bool) -> None:
    """Give back what is still its holder's. Unless an answer was ``heard``, and is on record, that nothing was is."""
    with connection.cursor() as cursor:
        run(cursor, return_statements(held, heard=heard))


def return_statements(held: Iterable[Held], *, heard: bool) -> list[Statement]:
    """What gives them back, for those who send several statements at once."""
    given = sorted(held)
    return [(_RETURN if heard else _UNHEARD, [list(column) for column in zip(*given, strict=True)])] if given else []
