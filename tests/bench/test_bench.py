"""`make bench`: each speed as a ratio over a bare baseline in the same run. Nothing here is part of the suite.

The machine is shared and noisy: contestants take turns, and medians are compared.
"""

import json
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
import requests
from django.db import connection, connections

from connectors.host import registry
from connectors.host.selectors import evidence
from connectors.host.services import facts_record, gather, source_save
from connectors.host.services.gathering import lanes
from connectors.sdk import Connector, Fact, Found, Ref, Row
from tests.database import TestDatabase

pytestmark = pytest.mark.bench
MONEY = {"amount": "84.90", "currency": "EUR"}


class Timed(Connector):
    title = "Timed"
    domain = "finance"
    accepts = ("order",)
    covers = {"order": ("refund.paid",)}

    def check(self) -> str:
        return "It works."

    def lookup(self, refs: Sequence[Ref]) -> Iterable[Found]:
        for ref in refs:
            rows = self.http.get(self.http.path("/{ref}", ref=ref.value))
            yield Found(ref, [Row("refund", row["id"], row) for row in rows])

    def read(self, row: Row) -> Iterable[Fact]:
        yield Fact("refund.paid", {"amount": MONEY}, [Ref("order", row.body["ref"]), Ref("refund", row.id)],
                   datetime(2026, 11, 9, tzinfo=UTC))  # fmt: skip


def timed(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def median(work: Callable[[], Any], times: int = 15) -> float:
    work()
    return statistics.median(timed(work) for _ in range(times))


def say(name: str, value: float, unit: str = "x") -> None:
    print(f"  {name:<66} {value:6.2f} {unit}")


@pytest.fixture
def bench_db(committed_db: TestDatabase, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestDatabase]:
    monkeypatch.setattr(registry, "_discovered", lambda: ({"timed": Timed}, {}))
    monkeypatch.setattr(lanes, "_lanes", {})
    for threads_keep in (connections.settings["default"], connection.settings_dict):
        monkeypatch.setitem(threads_keep, "CONN_MAX_AGE", 60)  # as in production
    yield committed_db
    with connection.cursor() as cursor:  # the pool's threads keep theirs open
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()"
        )


@pytest.fixture
def slow_url() -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen([sys.executable, "-m", "tests.bench.slow_source", "--port", str(port), "--ms", "50"])
    url = f"http://127.0.0.1:{port}"
    for _ in range(100):
        try:
            requests.get(url + "/x", timeout=1)
            break
        except requests.ConnectionError:
            time.sleep(0.1)
    yield url
    process.terminate()
    process.wait(10)


def test_gathering_healthy_sources_in_parallel(bench_db: TestDatabase, slow_url: str) -> None:
    slowest = median(lambda: requests.get(slow_url + "/x", timeout=5))
    for count in (3, 8, 20):
        for n in range(count):
            source_save(name=f"s{n}", title=f"S{n}", connector="timed", domain="finance", freshness_s=60,
                        settings={"base_url": slow_url, "internal": True})  # fmt: skip
        ask = 0

        def once() -> None:
            nonlocal ask
            ask += 1
            assert gather(seeds=[Ref("order", f"o{ask}")], force=True).wait(10)

        say(f"gathering {count} sources of 50 ms, facts and checks stored, over one call", median(once, 9) / slowest)


def test_the_stored_view_over_the_bare_sql(bench_db: TestDatabase) -> None:
    source = source_save(name="s", title="S", connector="timed", domain="finance", freshness_s=60,
                         settings={"base_url": "http://127.0.0.1:1", "internal": True})  # fmt: skip
    for batch in range(20):
        rows = [Row("refund", f"{batch}-{n}", {"ref": f"o{(batch * 500 + n) // 20}"}) for n in range(500)]
        facts_record(source=source, rows=rows, how="import", started_at=datetime.now(UTC))
    analyze(bench_db)
    bare = (
        "SELECT f.id, p.data FROM host_refvalue r JOIN host_factref fr ON fr.ref_id = r.id"
        " JOIN host_fact f ON f.id = fr.fact_id JOIN host_factpayload p ON p.fact_id = f.id"
        " WHERE r.scheme = 'order' AND r.value = 'o77' AND f.superseded_at IS NULL ORDER BY f.sort_at DESC, f.id DESC"
    )

    def sql() -> None:
        with connection.cursor() as cursor:
            assert len(cursor.execute(bare).fetchall()) == 20

    def view() -> None:
        assert len(evidence(seeds=[Ref("order", "o77")]).facts) == 20

    say("evidence of a matter of 20 facts, over the bare SQL for the facts", median(view) / median(sql))


def test_ingest_over_copy(bench_db: TestDatabase) -> None:
    source = source_save(name="s", title="S", connector="timed", domain="finance", freshness_s=60,
                         settings={"base_url": "http://127.0.0.1:1", "internal": True})  # fmt: skip
    rows = [Row("refund", f"r{n}", {"ref": f"o{n // 3}", "id": f"r{n}"}) for n in range(5000)]
    batches = [rows[n : n + 1000] for n in range(0, len(rows), 1000)]

    def ingest() -> None:
        for batch in batches:
            facts_record(source=source, rows=batch, how="import", started_at=datetime.now(UTC))

    fresh, replay = timed(ingest), timed(ingest)
    with bench_db.connect(as_owner=True) as owner:
        copied = timed(lambda: copy_same(owner, rows))
    say("ingest of 5,000 rows, over COPY of the same into indexed tables (share)", copied / fresh)
    say("replay of the same rows (share)", copied / replay)


def analyze(database: TestDatabase) -> None:
    """What autovacuum does by itself a minute later."""
    with database.connect(as_owner=True) as owner:
        owner.execute("ANALYZE")


def copy_same(owner: psycopg.Connection, rows: Sequence[Row]) -> None:
    """What a loader with no rules at all would do: rows, versions and refs into the same tables' likes."""
    owner.execute("CREATE TEMP TABLE c_fact (LIKE host_fact INCLUDING INDEXES)")
    owner.execute("CREATE TEMP TABLE c_payload (LIKE host_factpayload INCLUDING INDEXES)")
    owner.execute("CREATE TEMP TABLE c_ref (LIKE host_factref INCLUDING INDEXES)")
    now = datetime.now(UTC)
    columns = (
        "id, record_id, source_id, raw_id, kind, version, started_at, sort_at, how, implied, payload_digest, learned_at"
    )
    with owner.cursor() as cursor:
        with cursor.copy(f"COPY c_fact ({columns}) FROM STDIN") as copy:
            for n in range(len(rows)):
                copy.write_row((n, n, 1, n, "refund.paid", 1, now, now, "import", False, "0" * 64, now))
        with cursor.copy("COPY c_payload (fact_id, data, said, salt) FROM STDIN") as copy:
            for n in range(len(rows)):
                copy.write_row((n, json.dumps({"amount": MONEY}), "", "0" * 32))
        with cursor.copy("COPY c_ref (id, fact_id, ref_id, place) FROM STDIN") as copy:
            for n in range(2 * len(rows)):
                copy.write_row((n, n // 2, n, n % 2))
    owner.commit()
