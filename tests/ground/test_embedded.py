"""Real servers: started, killed, started again. They never touch the state of the checkout."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest
import redis

from tests.ground.test_supervisor import gone
from workspace.embedded import EmbeddedError, running
from workspace.embedded.place import place_for, remove
from workspace.processes import wait_until

HOLDER = """
import sys, time
from pathlib import Path
from workspace.embedded import running
from workspace.supervisor import Supervisor
with Supervisor(), running(Path(sys.argv[1]), {}):
    time.sleep(60)
"""


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A state folder as deep as they come, with spaces, longer than any socket's path may be. Whatever one test does to
    the servers in it, the next one starts them again."""
    path = tmp_path_factory.mktemp("embedded") / ("a deep folder " * 5).strip() / "with spaces" / "var"
    yield path
    remove(place_for(path / "embedded"))


def holder(state: Path) -> tuple[subprocess.Popen[bytes], dict[str, str]]:
    """A process that runs the servers, and their URLs."""
    process = subprocess.Popen([sys.executable, "-c", HOLDER, str(state)], cwd=Path(__file__).parents[2])
    told = state / "servers.json"
    assert wait_until(lambda: told.exists() and json.loads(told.read_text())["pid"] == process.pid, timeout_s=60)
    return process, json.loads(told.read_text())


def test_what_was_stored_is_found_again(state: Path) -> None:
    with running(state, {}) as first, psycopg.connect(first["DATABASE_OWNER_URL"]) as owner:
        owner.execute("CREATE TABLE kept AS SELECT 'still here' AS word")
        redis.Redis.from_url(first["BROKER_URL"]).set("queued", "1")
    with running(state, {}) as second, psycopg.connect(second["DATABASE_OWNER_URL"]) as owner:
        assert owner.execute("SELECT word FROM kept").fetchone() == ("still here",)
        assert redis.Redis.from_url(second["BROKER_URL"]).get("queued") == b"1"


def test_owner_and_application_are_two_roles(state: Path) -> None:
    with running(state, {"BROKER_URL": "redis://set"}) as added:
        assert set(added) == {"DATABASE_URL", "DATABASE_OWNER_URL"}
        with psycopg.connect(added["DATABASE_URL"]) as app, pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("CREATE TABLE mine (id int)")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_no_process_is_left_behind_and_the_next_start_works(number: signal.Signals, state: Path) -> None:
    process, _ = holder(state)
    ids = [child.pid for child in psutil.Process(process.pid).children(recursive=True)]
    assert len(ids) > 2
    process.send_signal(number)
    process.wait(20)
    assert wait_until(lambda: gone(ids), timeout_s=20)
    with running(state, {}) as again, psycopg.connect(again["DATABASE_URL"]) as app:
        assert app.execute("SELECT 1").fetchone() == (1,)


def test_a_lock_that_names_a_stranger_is_stale(state: Path) -> None:
    with running(state, {"BROKER_URL": "set"}):
        pass
    data = place_for(state / "embedded").path / "postgres"
    (data / "postmaster.pid").write_text(f"{os.getpid()}\n{data}\n1\n5432\n\n127.0.0.1\n")
    with running(state, {"BROKER_URL": "set"}) as added, psycopg.connect(added["DATABASE_URL"]) as app:
        assert app.execute("SELECT 1").fetchone() == (1,)


def test_a_killed_server_loses_nothing_that_was_committed(state: Path) -> None:
    process, urls = holder(state)
    with psycopg.connect(urls["database_owner_url"]) as owner:
        owner.execute("CREATE TABLE kept_too AS SELECT 1 AS word")
    ids = [child.pid for child in psutil.Process(process.pid).children(recursive=True)]
    for number in [process.pid, *ids]:
        with_suppressed_kill(number)
    process.wait(20)
    with running(state, {}) as again, psycopg.connect(again["DATABASE_OWNER_URL"]) as owner:
        assert owner.execute("SELECT word FROM kept_too").fetchone() == (1,)


def with_suppressed_kill(number: int) -> None:
    """SIGKILL; already gone is as good."""
    try:
        os.kill(number, signal.SIGKILL)
    except ProcessLookupError:
        pass


def test_two_runs_do_not_share_one_state_folder(state: Path) -> None:
    with running(state, {}), pytest.raises(EmbeddedError, match="already uses"), running(state, {}):
        pass


def test_nothing_starts_when_both_are_set(tmp_path: Path) -> None:
    with running(tmp_path / "var", {"DATABASE_URL": "postgres://a@b/c", "BROKER_URL": "redis://b"}) as added:
        assert added == {}
    assert not (tmp_path / "var").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root needs another account")
def test_root_changes_no_account_and_no_permission_outside_the_servers_folder(state: Path) -> None:
    state.mkdir(parents=True, exist_ok=True)
    before = outside(state)
    with running(state, {}):
        place = place_for(state / "embedded")
        assert place.path.stat().st_mode & 0o777 == 0o711
        assert all(p.uids().real != 0 for p in psutil.Process().children(recursive=True) if "postgres" in p.name())
        assert outside(state) == before
    assert outside(state) == before


def outside(state: Path) -> dict[str, object]:
    """Accounts, and mode and owner of every folder above the state, the temporary folder and the programs."""
    folders = {*state.parents, state, Path("/tmp"), Path("/var/tmp"), *Path(psycopg.__file__).parents}  # noqa: S108
    modes = {str(f): (f.stat().st_mode, f.stat().st_uid, f.stat().st_gid) for f in folders}
    return {"modes": modes, **{name: Path(name).read_bytes() for name in ("/etc/passwd", "/etc/group")}}
