"""Ingest as a share of what COPY, with no rules at all, does with the very same rows in the same run."""

import statistics
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest

from connectors.host import registry
from connectors.host.models import Source
from connectors.host.services import facts_record, source_save
from connectors.sdk import Connector, Fact, Ref, Row
from tests.bench.measure import say, timed
from tests.database import TestDatabase, url_with_name

pytestmark = pytest.mark.bench
FILLED = ("refvalue", "record", "rawrow", "fact", "factpayload", "factref", "facthead")
"""Every table that a fact fills."""
BATCH, TURNS, WARM = 1000, 15, 4
T0 = datetime(2026, 11, 9, 10, tzinfo=UTC)


class Ledger(Connector):
    title = "Ledger"
    domain = "finance"
    accepts = ("order",)
    covers = {"order": ("refund.paid",)}

    def check(self) -> str:
        return "It works."

    def read(self, row: Row) -> Iterable[Fact]:
        body = row.body
        yield Fact(
            "refund.paid", {"amount": {"amount": body["amount"], "currency": body["currency"]}},
            [Ref("order", body["order"]), Ref("refund", row.id)], datetime.fromisoformat(body["paid_at"]),
        )  # fmt: skip


@pytest.fixture
def ledger(committed_db: TestDatabase, monkeypatch: pytest.MonkeyPatch) -> Iterator[Source]:
    monkeypatch.setattr(registry, "_discovered", lambda: ({"ledger": Ledger}, {}))
    yield source_save(name="ledger", title="Ledger", connector="ledger", domain="finance", freshness_s=60,
                      settings={"base_url": "http://127.0.0.1:1", "internal": True})  # fmt: skip


def refunds(start: int, count: int) -> list[Row]:
    return [
        Row("refund", f"r{n}", {
            "id": f"r{n}", "order": f"o{n // 3}", "amount": f"{n % 90 + 1}.90", "currency": "EUR", "state": "paid",
            "paid_at": (T0 + timedelta(seconds=n % 80_000)).isoformat(), "method": "card", "last4": "4242",
        }) for n in range(start, start + count)
    ]  # fmt: skip


def tell(source: Source, rows: Sequence[Row]) -> None:
    facts_record(source=source, rows=rows, how="import", started_at=datetime.now(UTC))


def likes(owner: psycopg.Connection) -> None:
    """Empty tables like ours, with all their indexes."""
    for table in FILLED:
        owner.execute(f"CREATE TABLE IF NOT EXISTS copied_{table} (LIKE host_{table} INCLUDING ALL)")
    owner.commit()


class Loader:
    """COPY of exactly the rows that ingest has just stored, into the likes of its tables."""

    def __init__(self, owner: psycopg.Connection) -> None:
        self.owner, self.last = owner, dict.fromkeys(FILLED, 0)
        likes(owner)

    def take(self) -> dict[str, list[tuple[Any, ...]]]:
        """The rows that came since the last time, as text: what is cheapest to send."""
        found = {}
        for table in FILLED:
            columns = [c.name for c in self.owner.execute(f"SELECT * FROM host_{table} LIMIT 0").description or ()]
            key = columns[0] if "id" not in columns else "id"
            texts = ", ".join(f"{c}::text" for c in columns)
            rows = self.owner.execute(
                f"SELECT {texts} FROM host_{table} WHERE {key} > %s ORDER BY {key}", [self.last[table]]
            )
            found[table] = rows.fetchall()
            self.last[table] = max([self.last[table], *(int(row[columns.index(key)]) for row in found[table])])
        self.owner.commit()
        return found

    def copy(self, found: dict[str, list[tuple[Any, ...]]]) -> None:
        with self.owner.cursor() as cursor:
            for table in FILLED:
                with cursor.copy(f"COPY copied_{table} FROM STDIN") as copy:
                    for row in found[table]:
                        copy.write_row(row)
        self.owner.commit()


def analyze(owner: psycopg.Connection) -> None:
    """What autovacuum does by itself a minute later."""
    owner.execute("ANALYZE")
    owner.commit()


def test_ingest_and_replay_as_a_share_of_copy(ledger: Source, committed_db: TestDatabase) -> None:
    took: dict[str, list[float]] = {"copy": [], "fresh": [], "replay": []}
    with committed_db.connect(as_owner=True) as owner:
        loader = Loader(owner)
        for turn in range(TURNS):
            rows = refunds(turn * BATCH, BATCH)
            took["fresh"].append(timed(partial(tell, ledger, rows)))
            found = loader.take()
            took["copy"].append(timed(partial(loader.copy, found)))
            took["replay"].append(timed(partial(tell, ledger, rows)))
            if turn in (1, WARM - 1):
                analyze(owner)
    copy, fresh, replay = (statistics.median(seconds[WARM:]) for seconds in took.values())
    each = {name: f"{statistics.median(seconds[WARM:]) * 1e6 / BATCH:.0f} µs" for name, seconds in took.items()}
    print(f"  a fact takes: {each}")
    held = [
        say(f"ingest of {BATCH} new facts with their refs, as a share of COPY's rate", copy / fresh, at_least=0.35),
        say(f"replay of {BATCH} facts, as a share of COPY's rate", copy / replay, at_least=0.6),
    ]
    assert all(held)


def test_ingest_needs_no_more_memory_for_a_million_facts_than_for_the_first(ledger: Source) -> None:
    """A fifth of a million in `make bench`; all of it in `make bench-scale`."""
    used = memory_of(200_000, at=(20_000, 200_000))
    assert say("memory of a process after 200,000 facts over that after 20,000", used[1] / used[0], at_most=1.1)


def memory_of(facts: int, at: tuple[int, int]) -> list[int]:
    """Resident MiB of a process that stores so many facts, when it has stored ``at[0]`` and ``at[1]``."""
    command = [sys.executable, "-m", "tests.bench.remember", str(facts), *map(str, at)]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return [int(one) for one in said]


def test_ingest_against_dlt(ledger: Source, committed_db: TestDatabase) -> None:
    python = dlt_python()
    if python is None:
        print("  dlt could not be installed here; it is left out")
        return
    rows = refunds(0, 20_000)
    ours = timed(lambda: [tell(ledger, rows[n : n + BATCH]) for n in range(0, len(rows), BATCH)])
    url = url_with_name(committed_db.owner_url, committed_db.name)
    command = [str(python), str(Path(__file__).with_name("load_with_dlt.py")), url, str(len(rows))]
    said = subprocess.run(command, check=False, capture_output=True, text=True)
    assert said.returncode == 0, said.stderr[-2000:]
    with committed_db.connect(as_owner=True) as owner:
        owner.execute("DROP SCHEMA IF EXISTS dlt_bench CASCADE")
        owner.execute("DROP SCHEMA IF EXISTS dlt_bench_staging CASCADE")
    theirs = float(said.stdout.split()[-1])
    print(f"  20,000 facts: {ours:.1f} s here, {theirs:.1f} s with dlt")
    assert say("ingest of 20,000 facts, over dlt versioning the same with their refs", theirs / ours, at_least=3)


def dlt_python() -> Path | None:
    """The Python of an environment of dlt's own, made the first time; None where that can't be."""
    home = Path(__file__).parents[2] / "var" / "dlt"
    python = home / "bin" / "python"
    if not (home / "done").exists():
        made = subprocess.run([sys.executable, "-m", "venv", str(home)], check=False, capture_output=True)
        pip = [str(python), "-m", "pip", "-q", "--disable-pip-version-check", "install", "dlt[postgres]"]
        if made.returncode or subprocess.run(pip, check=False, capture_output=True).returncode:
            return None
        (home / "done").touch()
    return python
