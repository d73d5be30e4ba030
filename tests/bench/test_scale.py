"""`make bench-scale`: what a million and ten million stored facts cost those who store and read a few.

Two databases on one server, one with ten times the facts (BENCH_FACTS sets how many) and so ten times the past; a
process for each does the same things, taking turns. What is read is read again: the first time its pages may come from
the disk, which is told; the best of three more counts. Medians of all turns are compared, and the least told beside
them. Takes about half an hour, and 2 kB of disk for a fact.
"""

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import psycopg
import pytest

from connectors.host.models import Source
from tests.bench.desk import NAMES, ONCE
from tests.bench.mass import fill
from tests.bench.measure import say
from tests.bench.test_ingest import ledger, memory_of  # noqa: F401 the fixture
from tests.database import TestDatabase, url_with_name
from workspace import processes
from workspace.supervisor import answers

pytestmark = pytest.mark.scale
FACTS = int(os.environ.get("BENCH_FACTS", "10_000_000"))
TURNS, WARM = 24, 3
AT_MOST = 1.35


@dataclass
class Desk:
    """The process that works with one database."""

    process: subprocess.Popen[str]

    def take(self, name: str, number: int) -> tuple[float, float]:
        """Seconds for the first time, and for the best of those after it."""
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(f"{name} {number}\n")
        self.process.stdin.flush()
        first, last = self.process.stdout.readline().split()
        return float(first), float(last)


def run(url: str, owner_url: str, *command: str) -> subprocess.Popen[str]:
    env = {**os.environ, "DATABASE_URL": url, "DATABASE_OWNER_URL": owner_url, "LISTEN_URL": url, "DEBUG": "1"}
    return subprocess.Popen(
        [sys.executable, *command], env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )  # fmt: skip


@pytest.fixture(scope="session")
def tally() -> Iterator[str]:
    """The system of record that is polled."""
    port = processes.free_port()
    process = processes.spawn([sys.executable, "-m", "tests.faults.tally", "--port", str(port)])
    assert processes.wait_until(answers(f"http://127.0.0.1:{port}/rows?after=0&limit=1"), timeout_s=40)
    yield f"http://127.0.0.1:{port}"
    processes.stop(process, within_s=5)


@contextmanager
def desk_with(facts: int, server: tuple[str, str], tally: str) -> Iterator[Desk]:
    database = TestDatabase(*server)
    urls = [url_with_name(url, database.name) for url in server]
    with database.made():
        migrating = run(*urls, "manage.py", "migrate", "-v", "0")
        assert migrating.wait() == 0
        desk = run(*urls, "-m", "tests.bench.desk", str(facts), tally)
        assert desk.stdout
        sources, user = json.loads(desk.stdout.readline())
        with psycopg.connect(urls[1]) as owner:
            fill(owner, facts, sources, user)
        try:
            yield Desk(desk)
        finally:
            processes.stop(desk, within_s=10)


def test_nothing_is_slower_with_ten_times_the_facts(server_urls: tuple[str, str], tally: str) -> None:
    with ExitStack() as stack:
        few, many = (stack.enter_context(desk_with(n, server_urls, tally)) for n in (FACTS // 10, FACTS))
        held = [compared(name, few, many) for name in NAMES]
    assert all(held)


def compared(name: str, few: Desk, many: Desk) -> bool:
    """One line of the table; the two take turns at being first."""
    took: dict[int, list[tuple[float, float]]] = {0: [], 1: []}
    for turn in range(TURNS + WARM):
        for which in (0, 1) if turn % 2 else (1, 0):
            took[which].append((few, many)[which].take(name, turn))
    first, last = ([[times[n] for times in took[which][WARM:]] for which in (0, 1)] for n in (0, 1))
    words, of = name.replace("_", " "), " and ".join(f"{1000 * statistics.median(times):.0f} ms" for times in last)
    print(f"  {words}: {of}; the least {min(last[1]) / min(last[0]):.2f}x", end="")
    print("" if name in ONCE else f", the first time {ratio(first):.2f}x")
    return say(f"{words}, {FACTS:,} over {FACTS // 10:,}", ratio(last), at_most=AT_MOST)


def ratio(times: list[list[float]]) -> float:
    few, many = map(statistics.median, times)
    return many / few


def test_a_million_facts_need_no_more_memory_than_the_first(ledger: Source) -> None:  # noqa: F811
    at = (FACTS // 100, FACTS // 10)
    used = memory_of(at[1], at=at)
    print(f"  {used[0]} MiB after {at[0]:,} facts, {used[1]} MiB after {at[1]:,}")
    assert say(f"memory of a process after {at[1]:,} facts over that after {at[0]:,}", used[1] / used[0], at_most=1.1)
