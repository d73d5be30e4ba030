"""A real broker, worker and beat: the doorbell rings, and a killed worker's child loses nothing."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from tests.database import TestDatabase
from workspace import processes
from workspace.celery import app
from workspace.embedded import running
from workspace.env import Env

ROOT = Path(__file__).parents[2]


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[str]:
    """An embedded Valkey of one test."""
    from workspace.embedded.place import place_for, remove

    with running(tmp_path / "var", {"DATABASE_URL": "set"}) as added:
        yield added["BROKER_URL"]
    remove(place_for(tmp_path / "var" / "embedded"))


def test_beat_rings_for_tasks_that_exist() -> None:
    app.loader.import_default_modules()
    assert {entry["task"] for entry in app.conf.beat_schedule.values()} <= set(app.tasks)


def test_worker_and_beat_do_what_is_due(broker: str, committed_db: TestDatabase, tmp_path: Path) -> None:
    ticks = {name.upper(): "1" for name in Env.model_fields if name.endswith("_tick_s")}
    env = {**os.environ, **ticks, "BROKER_URL": broker, "VAR_DIR": str(tmp_path), "DEBUG": "1"}
    log = tmp_path / "worker.log"
    celery = [sys.executable, "-m", "celery", "-A", "workspace.celery"]
    with log.open("wb") as out:
        worker = processes.spawn([*celery, "worker", "-l", "INFO", "-c", "1"], env=env, cwd=ROOT, stdout=out)
        beat = processes.spawn([*celery, "beat", "-l", "INFO"], env=env, cwd=ROOT, stdout=out)
    try:
        names = [entry["task"] for entry in app.conf.beat_schedule.values()]
        done = lambda: all(f"Task {name}" in log.read_text() for name in names) and "succeeded" in log.read_text()  # noqa: E731
        assert processes.wait_until(done, timeout_s=120), log.read_text()[-3000:]
        assert "Traceback" not in log.read_text()
        assert redis.Redis.from_url(broker).ping()
    finally:
        processes.stop(beat)
        processes.stop(worker)
