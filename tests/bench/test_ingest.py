"""Ingest as a share of what COPY, with no rules at all, does with the very same rows in the same run."""

import statistics
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import psycopg
import pytest

from connectors.host import registry
from connectors.host.models import Source
from connectors.host.services import facts_record, source_save
from connectors.sdk import Connector, Fact, Ref, Row
from tests.bench.measure import say, timed
from tests.database import TestDatabase

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
    say(f"ingest of {BATCH} new facts with their refs, as a share of COPY's rate", copy / fresh, at_least=0.35)
    say(f"replay of {BATCH} facts, as a share of COPY's rate", copy / replay, at_least=0.6)
