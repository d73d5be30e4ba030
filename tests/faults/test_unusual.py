"""Rare troubles: a full disk, clocks that jump, and a source that comes and goes for minutes."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from connectors.sdk.testing import Fault, FaultProxy
from tests.faults.house import RECOVERED_S, House
from tests.faults.test_killed import Times, goes_on
from workspace.embedded.place import ordinary_account

pytestmark = pytest.mark.faults
FLAP_S = float(os.environ.get("FLAP_S", "600"))


@pytest.fixture
def small_disk(home: House, tmp_path: Path) -> Iterator[Path]:
    """2 MB for the pieces of imported files, and no more."""
    if os.geteuid() != 0:
        pytest.skip("Only root may mount a small disk: run this as root.")
    disk = home.place.folder("small")
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk], capture_output=True, check=False)
    if done.returncode:
        pytest.skip(f"No small disk can be mounted here: {done.stderr.decode().strip()}")
    place = disk / "table"
    place.mkdir()
    os.chown(place, *ordinary_account())
    table = "ALTER TABLE host_importpiece SET TABLESPACE "
    with psycopg.connect(home.database.url("postgres"), autocommit=True) as root:
        root.execute(f"CREATE TABLESPACE small LOCATION '{place}'")
        root.execute(table + "small")
    yield place
    with psycopg.connect(home.database.url("postgres"), autocommit=True) as root:
        root.execute(table + "pg_default")
        root.execute("DROP TABLESPACE small")
    assert subprocess.run(["umount", disk], check=False).returncode == 0


def lines(count: int) -> str:
    """Facts as a file of them has them, one a line."""
    said = {"kind": "refund.paid", "data": {"amount": {"amount": "1.00", "currency": "EUR"}},
            "occurred": "2026-11-01T00:00:00+00:00"}  # fmt: skip
    marks = (os.urandom(20).hex() for _ in range(count))  # which no database packs into less
    refs = ((f"order:{mark}", f"refund:{mark}") for mark in marks)
    return "\n".join(json.dumps({**said, "id": order, "refs": [order, refund]}) for order, refund in refs)


def test_a_disk_that_is_full_leaves_no_half_of_a_file_behind(home: House, small_disk: Path, tmp_path: Path) -> None:
    file = tmp_path / "refunds.jsonl"
    file.write_text(lines(40_000))
    done = home.manage("facts_import", "past", str(file), ok=False)
    assert done.returncode != 0
    assert "Make room, then send it again. Nothing of it was kept." in done.stderr
    assert home.ask("SELECT count(*) FROM host_fileimport WHERE state IN ('waiting', 'running', 'done')") == 0
    assert home.facts("past") == 0
    with psycopg.connect(home.database.url("postgres"), autocommit=True) as root:
        root.execute("ALTER TABLE host_importpiece SET TABLESPACE pg_default")
    home.manage("facts_import", "past", str(file))
    home.wait(lambda: home.facts("past") >= 40_000, 300)
    assert home.facts("past") == 40_000


def test_an_import_is_killed_with_its_command_and_again_with_its_worker(
    home: House, seconds: Times, tmp_path: Path
) -> None:
    file, count = tmp_path / "more.jsonl", 40_000
    file.write_text(lines(count))
    known = lambda: home.facts("pushed")  # noqa: E731
    command = home.begin("facts_import", "pushed", str(file))
    home.wait(lambda: known() > 2000, 180)
    command.kill()
    command.wait(10)
    seen = known()
    seconds["went on without its command after"] = home.wait(lambda: known() > seen)
    home.kill("worker")
    home.start("worker")
    goes_on(home, known, count, seconds, 300)
    home.wait(lambda: home.ask("SELECT state FROM host_fileimport ORDER BY id DESC") == "done")
    assert known() == home.ask("SELECT count(*) FROM host_record r JOIN host_source s ON s.id = r.source_id"
                               " WHERE s.name = 'pushed'") == count  # fmt: skip
    assert seconds["went on without its command after"] < RECOVERED_S


def test_a_source_comes_and_goes_for_minutes_and_every_row_is_known_once(home: House, seconds: Times) -> None:
    with FaultProxy(home.source) as proxy:
        home.source_at(proxy.url)
        ends, turn = time.monotonic() + FLAP_S, 0
        while time.monotonic() < ends:
            for kind in (Fault("errors"), Fault("reset"), Fault("truncate"), Fault("stall"), None):
                proxy.clear()
                last = home.grow(20)
                if kind is not None:
                    proxy.put(kind)
                time.sleep(2 + turn % 3)
                turn += 1
        proxy.clear()
        seconds["caught up after"] = home.wait(lambda: home.cursor() == str(last), 330)
        home.holds(last)
        assert home.answer(last)["situation"] == "paid"
    home.source_at(home.source)


def test_the_machines_clock_jumps_hours_ahead_and_back_and_work_goes_on(home: House, seconds: Times) -> None:
    clock = home.folder / "clock"
    clock.write_text("0")
    for name in ("beat", "worker", "web"):
        home.kill(name)
    home.env["CLOCK_FILE"] = str(clock)
    home.start("web", "worker", "beat")
    for hours in (0, 3, -2, 0):
        clock.write_text(str(hours * 3600))
        time.sleep(0.5)
        last = home.grow(50)
        seconds[f"polled at {hours:+} h after"] = home.wait(lambda: home.cursor() == str(last), 90)  # noqa: B023
    home.holds(last)
    steps = "SELECT count(*) FROM (SELECT learned_at - lag(learned_at) OVER (ORDER BY id) AS d FROM host_check) x"
    assert home.ask(f"{steps} WHERE d < interval '0'") == 0, "what is known never steps back"
    assert home.ask("SELECT max(learned_at) < now() + interval '1 minute' FROM host_fact")
