"""`make bench`: what it costs to digest and to verify a day of facts, over reading the same rows and hashing them, and
that neither needs more memory for more of them. BENCH_FACTS sets how many; the second time it is four times that."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from cases.selectors.ledger.kinds import erased_of
from connectors.host.models import Source
from connectors.host.services.digests import FACTS, Counted, day_verify, digest_seal, start_of
from tests.bench.measure import interleaved, say
from tests.bench.test_ingest import BATCH, ledger, refunds, tell
from tests.database import TestDatabase

__all__ = ["ledger"]
pytestmark = pytest.mark.bench
MANY = int(os.environ.get("BENCH_FACTS", "20_000"))


def fill(source: Source, start: int, end: int) -> None:
    for number in range(start, end, BATCH):
        tell(source, refunds(number, BATCH))


def undigested(owner: psycopg.Connection) -> None:
    """As if nothing had been digested: only the owner can."""
    for change in ("DISABLE TRIGGER USER", "ENABLE TRIGGER USER"):
        owner.execute(f"ALTER TABLE host_digestpart {change}")
        if change.startswith("DISABLE"):
            owner.execute("TRUNCATE host_digestpart")
    owner.commit()


def bare(database: TestDatabase, day: Any) -> Callable[[], int]:
    """Reads the rows that a day's digest of facts is made of, and hashes them as they come."""

    def read() -> int:
        count = 0
        with database.connect() as app, app.cursor("bare") as cursor:
            cursor.itersize = 1024
            cursor.execute(FACTS.sql, {"start": start_of(day), "end": start_of(day + timedelta(days=1))})
            for row in cursor:
                hashlib.sha256(repr(row).encode()).digest()
                count += 1
        return count

    return read


def memory_of(verb: str) -> int:
    said = subprocess.run([sys.executable, "-m", "tests.bench.prove", verb], check=True, capture_output=True, text=True)
    return int(said.stdout.split()[-1])


def test_digesting_and_verifying_over_reading_and_hashing(ledger: Source, committed_db: TestDatabase) -> None:
    now = datetime.now(UTC)
    day, later = now.date(), now + timedelta(hours=1)
    fill(ledger, 0, MANY)

    def seal() -> None:
        with committed_db.connect(as_owner=True) as owner:
            undigested(owner)
        assert digest_seal(kind=FACTS, day=day, until=later, made_at=later)

    def verify() -> None:
        counted = Counted()
        assert day_verify(FACTS, day, erased_of, counted) is None and counted.rows == MANY

    read = bare(committed_db, day)
    assert read() == MANY
    took = interleaved({"read": read, "seal": seal, "verify": verify}, times=5)
    print(f"  facts a second: { ({name: round(MANY / seconds) for name, seconds in took.items()}) }")
    held = [
        say(f"digesting {MANY} facts, over reading and hashing them", took["seal"] / took["read"], at_most=6),
        say(f"verifying {MANY} facts, over reading and hashing them", took["verify"] / took["read"], at_most=6),
    ]
    assert all(held)


def test_neither_needs_more_memory_for_more_facts(ledger: Source, committed_db: TestDatabase) -> None:
    used: dict[str, list[int]] = {"seal": [], "verify": []}
    for start, end in ((0, MANY), (MANY, 4 * MANY)):
        fill(ledger, start, end)
        with committed_db.connect(as_owner=True) as owner:
            undigested(owner)
        for verb, found in used.items():
            found.append(memory_of(verb))
    print(f"  MiB at most: {used}")
    held = [say(f"memory to {verb} {4 * MANY} facts over {MANY}", found[1] / found[0], at_most=1.15)
            for verb, found in used.items()]  # fmt: skip
    assert all(held)
