"""`make bench-scale`: what a million and ten million stored facts cost those who store and read a few. Takes minutes.

BENCH_FACTS sets the larger number; the smaller is a tenth of it. The rows are written by SQL alone.
"""

import os
import statistics
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.contrib.auth import get_user_model

from cases.actors import Actor
from cases.selectors import timeline_page
from cases.services import case_open
from connectors.host.models import Source
from connectors.host.selectors import evidence
from connectors.sdk import Ref
from tests.bench.measure import say, timed
from tests.bench.test_ingest import BATCH, ledger, memory_of, refunds, tell  # noqa: F401 the fixture
from tests.database import TestDatabase

pytestmark = pytest.mark.scale
FACTS = int(os.environ.get("BENCH_FACTS", "10_000_000"))
STEP = 500_000
PER_ORDER = 20
FILL = (
    "INSERT INTO host_refvalue (id, scheme, value) SELECT 2 * n + 1, 'refund', 's' || n FROM {rows} n",
    "INSERT INTO host_refvalue (id, scheme, value) SELECT 2 * n, 'order', 'q' || n FROM {rows} n WHERE n % {per} = 0",
    "INSERT INTO host_record (id, source_id, record_type, record_id, started_at, since, seen, misses)"
    " SELECT n, {source}, 'refund', 's' || n, {at}, {at}, md5(n::text) || md5(n::text), '{{}}' FROM {rows} n",
    "INSERT INTO host_rawrow (id, record_id, body, digest, url, learned_at) SELECT n, n, jsonb_build_object("
    " 'id', 's' || n, 'order', 'q' || n / {per} * {per}, 'amount', '12.90', 'currency', 'EUR', 'state', 'paid'),"
    " md5(n::text) || md5(n::text), '', {at} FROM {rows} n",
    "INSERT INTO host_fact (id, record_id, source_id, raw_id, kind, version, started_at, occurred, sort_at, how,"
    " implied, payload_digest, learned_at) SELECT n, n, {source}, n, 'refund.paid', 1, {at}, {at}, {at}, 'import',"
    " false, md5(n::text) || md5(n::text), {at} FROM {rows} n",
    "INSERT INTO host_factpayload (fact_id, data, said, salt) SELECT n,"
    ' \'{{"amount": {{"amount": "12.90", "currency": "EUR"}}}}\', \'\', md5(n::text) FROM {rows} n',
    "INSERT INTO host_factref (id, fact_id, ref_id, place) SELECT 2 * n, n, 2 * (n / {per} * {per}), 0 FROM {rows} n",
    "INSERT INTO host_factref (id, fact_id, ref_id, place) SELECT 2 * n + 1, n, 2 * n + 1, 1 FROM {rows} n",
    "INSERT INTO host_facthead (id, record_id, kind, fact_id, versions, started_at)"
    " SELECT n, n, 'refund.paid', n, 1, {at} FROM {rows} n",
)
TABLES = ("refvalue", "record", "rawrow", "fact", "factref", "facthead")
FIRST = 100_000_000
BEHIND = 10**12
"""Ids of synthetic rows begin at FIRST, those of real ones behind all of them."""


def fill(owner: psycopg.Connection, source: Source, start: int, stop: int) -> None:
    """Facts ``start`` to ``stop``, twenty to an order, one a second."""
    for at in range(start, stop, STEP):
        rows = f"generate_series({FIRST + at}::bigint, {FIRST + min(at + STEP, stop) - 1})"
        when = f"timestamptz '2025-01-01+00' + (n - {FIRST}) * interval '1 second'"
        for sql in FILL:
            owner.execute(sql.format(rows=rows, source=source.pk, per=PER_ORDER, at=when))
        owner.commit()
    for table in TABLES:
        last = f"greatest(max(id), {BEHIND})"
        owner.execute(f"SELECT setval(pg_get_serial_sequence('host_{table}', 'id'), {last}) FROM host_{table}")
    owner.commit()
    owner.autocommit = True
    for table in (*TABLES, "factpayload"):
        owner.execute(f"VACUUM ANALYZE host_{table}")
    owner.autocommit = False


def costs(source: Source, stored: int) -> dict[str, float]:
    """Medians in seconds: a batch, its replay, the evidence of a matter and its case's timeline."""
    orders = [FIRST + (stored * n // 40) // PER_ORDER * PER_ORDER for n in range(1, 40)]
    rep, _ = get_user_model().objects.get_or_create(username="bench")
    opened = [
        case_open(question="refund-status", refs=[Ref("order", f"q{n}")], actor=Actor.rule("bench"), owner=rep)
        for n in orders[:9]
    ]
    batches = [refunds(stored * 10 + n * BATCH, BATCH) for n in range(9)]
    found = [len(evidence(seeds=[Ref("order", f"q{n}")]).facts) for n in orders]
    assert set(found) == {PER_ORDER}
    return {
        "ingest of a batch": each(batches, lambda rows: tell(source, rows)),
        "replay of a batch": each(batches, lambda rows: tell(source, rows)),
        "evidence of a matter": each(orders, lambda n: evidence(seeds=[Ref("order", f"q{n}")])),
        "a case's timeline": each(opened * 3, lambda case: timeline_page(case=case)),
    }


def each(things: list[Any], work: Callable[[Any], object]) -> float:
    return statistics.median([timed(lambda thing=thing: work(thing)) for thing in things][2:])  # type: ignore[misc]


def test_nothing_is_slower_with_ten_times_the_facts(ledger: Source, committed_db: TestDatabase) -> None:  # noqa: F811
    with committed_db.connect(as_owner=True) as owner:
        fill(owner, ledger, 0, FACTS // 10)
        few = costs(ledger, FACTS // 10)
        fill(owner, ledger, FACTS // 10, FACTS)
        many = costs(ledger, FACTS)
    for name, seconds in few.items():
        print(
            f"  {name}: {seconds * 1000:.2f} ms with {FACTS // 10:,} facts, {many[name] * 1000:.2f} ms with {FACTS:,}"
        )
        say(f"{name} with {FACTS:,} facts stored over {FACTS // 10:,}", many[name] / seconds, at_most=1.35)


def test_a_million_facts_need_no_more_memory_than_the_first(ledger: Source) -> None:  # noqa: F811
    used = memory_of(1_000_000, at=(100_000, 1_000_000))
    print(f"  {used[0]} MiB after 100,000 facts, {used[1]} MiB after 1,000,000")
    say("memory of a process after 1,000,000 facts over that after 100,000", used[1] / used[0], at_most=1.1)
