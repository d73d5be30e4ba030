"""`make bench`: the board of trust over a million events, from the weekly sums against the direct SQL over the events.

BENCH_EVENTS sets how many. The direct SQL tells six of the measures; the board tells all, and must take less than a
tenth of its time and say the same.
"""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection

from cases.measuring import week_of
from cases.models import MeasureWeek, Observation
from cases.selectors import trust_board
from cases.services import measures_digest, measures_follow, measures_rebuild
from tests.bench.measure import interleaved, say
from tests.bench.trust_mass import fill
from tests.database import TestDatabase

pytestmark = pytest.mark.bench
EVENTS = int(os.environ.get("BENCH_EVENTS", "1_000_000"))
AT_MOST = 0.1
ENDS = datetime(2026, 11, 20, 12, tzinfo=UTC)
# By name, what was met and of how many, as the definitions say it, over the events and their payloads.
DIRECT = """
WITH opened AS (
    SELECT case_id, at FROM cases_event WHERE kind = 'case.opened' AND at >= %(since)s AND at < %(until)s
), moves AS (
    SELECT o.case_id, count(e.id) AS n FROM opened o LEFT JOIN cases_event e ON e.case_id = o.case_id
        AND e.kind IN ('handover.accepted', 'owner.changed') GROUP BY 1
), sent AS (
    SELECT s.id, e.at, p.data FROM cases_event e JOIN cases_eventpayload p ON p.event_id = e.id
    JOIN cases_statement s ON s.event_id = e.id
    WHERE e.kind = 'message.out' AND e.at >= %(since)s AND e.at < %(until)s
), broken AS (
    SELECT (p.data ->> 'statement')::bigint AS id, min(e.at) AS at FROM cases_event e
    JOIN cases_eventpayload p ON p.event_id = e.id WHERE e.kind = 'told.broken' GROUP BY 1
)
SELECT 'volume', count(*), count(*) FROM opened
UNION ALL SELECT 'transfers', sum(n), count(*) FROM moves
UNION ALL SELECT 'transferred_twice', count(*) FILTER (WHERE n > 1), count(*) FROM moves
UNION ALL SELECT 'not_helped', count(*) FILTER (WHERE data ->> 'helped' IN ('sympathy', 'nothing')), count(*) FROM sent
UNION ALL SELECT 'facts_fresh', count(*) FILTER (WHERE (u ->> 'within')::bool), count(*)
    FROM sent, jsonb_array_elements(data -> 'used') u
UNION ALL SELECT 'held_up', count(*) FILTER (WHERE b.id IS NULL OR b.at > sent.at + interval '30 days'), count(*)
    FROM sent LEFT JOIN broken b ON b.id = sent.id
    WHERE b.id IS NOT NULL OR jsonb_array_length(data -> 'claims') > 0 OR data ->> 'helped' = 'fact'
"""


def direct(since: datetime, until: datetime) -> dict[str, tuple[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(DIRECT, {"since": since, "until": until})
        return {name: (int(met), int(of)) for name, met, of in cursor.fetchall()}


def test_the_board_answers_from_sums_in_under_a_tenth_of_the_direct_sql(committed_db: TestDatabase):
    user = User.objects.create_user("bench")
    with committed_db.connect(as_owner=True) as owner:
        owner.autocommit = True
        events = fill(owner, EVENTS, ENDS, user.pk)
    began = time.perf_counter()
    cases = measures_rebuild()
    took = time.perf_counter() - began
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE cases_measureweek")
    end = week_of(ENDS) + timedelta(days=7)
    since = end - timedelta(weeks=12)
    at = [datetime(d.year, d.month, d.day, tzinfo=UTC) for d in (since, end)]
    board = trust_board(since, end)
    found = direct(*at)
    assert {name: (board.figure(name).now.met, board.figure(name).now.of) for name in found} == found
    seconds = interleaved({"board": lambda: trust_board(since, end), "direct": lambda: direct(*at)}, times=5)
    held = say("trust board over direct SQL", seconds["board"] / seconds["direct"], at_most=AT_MOST)
    say("rebuild, events a second", events / took, unit="")
    print(
        f"    {events:,} events of {cases:,} cases, {Observation.objects.count():,} observations,"
        f" {MeasureWeek.objects.count():,} sums; board {1000 * seconds['board']:.0f} ms,"
        f" direct {1000 * seconds['direct']:.0f} ms, rebuild {took:.0f} s"
    )
    digest = measures_digest()
    assert measures_follow() == 0 and measures_digest() == digest
    assert held
