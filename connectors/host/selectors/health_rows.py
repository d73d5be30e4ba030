"""What is counted about sources: a fixed number of queries for all of them, each over an index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

DAY = timedelta(hours=24)
SETTLED = timedelta(minutes=2)
"""Before this, nothing that is being stored now can still turn up."""
REMEMBERED = 50_000
_over: dict[tuple[tuple[int, bool, timedelta], datetime], Tally | None] = {}
LATENCY_CHECKS = 1000
"""Percentiles are over this many checks at most, the latest of the day."""

_COUNTS = """
SELECT s.id, s.zone, cur.cursor, cur.due_at, coalesce(cur.failures, 0), cur.moved_at,
       coalesce(h.new, 0), coalesce(h.malformed, 0), last.at, coalesce(lat.n, 0), lat.p,
       coalesce(bad.outcome, ''), coalesce(bad.reason, ''), bad.at, pushed.at
FROM host_source s
LEFT JOIN host_sourcecursor cur ON cur.source_id = s.id
LEFT JOIN LATERAL (
    SELECT sum(new) AS new, sum(malformed) AS malformed FROM host_sourcehour
    WHERE source_id = s.id AND hour >= %(midnight)s AND hour <= %(at)s
) h ON true
LEFT JOIN LATERAL (
    SELECT last_at AS at FROM host_sourcehour WHERE source_id = s.id AND new > 0 AND hour <= %(at)s
    ORDER BY hour DESC LIMIT 1
) last ON true
LEFT JOIN LATERAL (
    SELECT count(*) AS n, percentile_disc(ARRAY[0.5, 0.95, 0.99]) WITHIN GROUP (ORDER BY took_ms) AS p FROM (
        SELECT took_ms FROM host_check WHERE source_id = s.id AND learned_at BETWEEN %(since)s AND %(at)s
        ORDER BY learned_at DESC LIMIT %(latency)s
    ) took
) lat ON true
LEFT JOIN LATERAL (
    SELECT outcome, reason, learned_at AS at FROM host_check
    WHERE source_id = s.id AND outcome <> 'ok' AND learned_at <= %(at)s ORDER BY learned_at DESC LIMIT 1
) bad ON true
LEFT JOIN LATERAL (
    SELECT received_at AS at FROM host_inbound WHERE source_id = s.id AND received_at <= %(at)s
    ORDER BY received_at DESC LIMIT 1
) pushed ON true
WHERE s.id = ANY(%(ids)s)
"""

# The gap before a good poll, or before the first one in the window: how old the data was when it came.
_BUCKETS = """
SELECT s.id, b.at, b.checks, b.errors, b.first_ok, b.last_ok, b.gap
FROM unnest(%(ids)s::bigint[]) AS s(id), LATERAL (
    SELECT date_bin(%(step)s, learned_at, %(since)s) AS at, count(*) AS checks,
           count(*) FILTER (WHERE outcome <> 'ok') AS errors,
           min(learned_at) FILTER (WHERE outcome = 'ok') AS first_ok,
           max(learned_at) FILTER (WHERE outcome = 'ok') AS last_ok, max(gap) AS gap
    FROM (
        SELECT learned_at, outcome, CASE WHEN outcome = 'ok' THEN learned_at - max(learned_at)
               FILTER (WHERE outcome = 'ok') OVER (ORDER BY learned_at ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
               END AS gap
        FROM host_check WHERE source_id = s.id AND learned_at > %(since)s AND learned_at <= %(at)s
          AND (how = 'poll' OR NOT s.id = ANY(%(polled)s))
    ) gaps GROUP BY 1
) b ORDER BY 1, 2
"""

_BEFORE = """
SELECT s.id, good.at FROM unnest(%(polled)s::bigint[]) AS s(id), LATERAL (
    SELECT learned_at AS at FROM host_check WHERE source_id = s.id AND learned_at <= %(since)s
      AND how = 'poll' AND outcome = 'ok' ORDER BY learned_at DESC LIMIT 1
) good
"""

_ERRORS = """
SELECT source_id, CASE WHEN reason LIKE '%%(429)%%' OR reason LIKE '%%asked us to wait%%' THEN 'rate_limited'
                       WHEN reason LIKE '%%is in trouble (5%%' THEN 'in_trouble' ELSE outcome END AS class, count(*)
FROM host_check WHERE source_id = ANY(%(ids)s) AND outcome <> 'ok' AND learned_at > %(since)s AND learned_at <= %(at)s
GROUP BY 1, 2
"""

_DELIVERIES = """
SELECT w.source_id, w.state, count(*), min(i.received_at)
FROM host_inboundwork w JOIN host_inbound i ON i.id = w.inbound_id
WHERE w.source_id = ANY(%(ids)s) AND w.state IN ('waiting', 'failed', 'dead') GROUP BY 1, 2
"""

_DRIFT = """
SELECT source_id, count(*) FROM host_sourcefield
WHERE source_id = ANY(%(ids)s) AND (NOT known OR missing_at IS NOT NULL) GROUP BY 1
"""


@dataclass(frozen=True)
class Counts:
    """What is counted about one source. Percentiles are in milliseconds: p50, p95, p99."""

    zone: str
    cursor: str | None
    due_at: datetime | None
    failures: int
    moved_at: datetime | None
    events_today: int
    malformed_today: int
    last_event_at: datetime | None
    latency_checks: int
    latency: list[int] | None
    bad_outcome: str
    bad_reason: str
    bad_at: datetime | None
    pushed_at: datetime | None


@dataclass(frozen=True)
class Tally:
    """The checks of one stretch of time. ``gap``: the longest time that lay before one of its good ones."""

    checks: int
    errors: int
    first_ok: datetime | None
    last_ok: datetime | None
    gap: timedelta | None


def _run(sql: str, given: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return list(cursor.fetchall())


def counts_of(ids: Sequence[int], at: datetime, midnight: datetime) -> dict[int, Counts]:
    given = {"ids": list(ids), "at": at, "since": at - DAY, "midnight": midnight, "latency": LATENCY_CHECKS}
    return {id_: Counts(*row) for id_, *row in _run(_COUNTS, given)}


def tallies_of(
    ids: Sequence[int], polled: Sequence[int], since: datetime, at: datetime, step: timedelta
) -> dict[int, dict[datetime, Tally]]:
    """Checks by source and stretch; of polled sources only the polls. Stretches without checks are left out.

    Stretches that are over never change, so this process remembers them and asks only for what came since.
    """
    starts = [since + n * step for n in range(-int((since - at) // step))]
    kinds = {id_: (id_, id_ in set(polled), step) for id_ in ids}
    unknown = [start for start in starts if any((kinds[id_], start) not in _over for id_ in ids)]
    fresh: dict[tuple[int, datetime], Tally] = {}
    if unknown:
        given = {"ids": list(ids), "polled": list(polled), "since": unknown[0], "at": at, "step": step}
        fresh = {(id_, start): Tally(*rest) for id_, start, *rest in _run(_BUCKETS, given)}
    found: dict[int, dict[datetime, Tally]] = {id_: {} for id_ in ids}
    for id_ in ids:
        for start in starts:
            known = (kinds[id_], start)
            tally = _over[known] if known in _over else fresh.get((id_, start))
            if tally is not None:
                found[id_][start] = tally
            if start + step <= at - SETTLED:
                _over[known] = tally
    if len(_over) > REMEMBERED:
        _over.clear()
    return found


def read_before(polled: Sequence[int], since: datetime) -> dict[int, datetime]:
    """When each polled source was last read before ``since``."""
    return dict(_run(_BEFORE, {"polled": list(polled), "since": since}))  # type: ignore[arg-type]


def errors_of(ids: Sequence[int], at: datetime) -> dict[int, dict[str, int]]:
    """Failed checks of the day before ``at``, by class."""
    found: dict[int, dict[str, int]] = {}
    for id_, kind, n in _run(_ERRORS, {"ids": list(ids), "since": at - DAY, "at": at}):
        found.setdefault(id_, {})[kind] = n
    return found


def deliveries_of(ids: Sequence[int]) -> dict[int, dict[str, tuple[int, datetime]]]:
    """What is still to be done now: by state, how many and since when."""
    found: dict[int, dict[str, tuple[int, datetime]]] = {}
    for id_, state, n, since in _run(_DELIVERIES, {"ids": list(ids)}):
        found.setdefault(id_, {})[state] = (n, since)
    return found


def drift_of(ids: Sequence[int]) -> dict[int, int]:
    """Fields whose shape changed and that nobody has looked at yet."""
    return dict(_run(_DRIFT, {"ids": list(ids)}))  # type: ignore[arg-type]
