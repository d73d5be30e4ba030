"""A whole installation in processes of its own, each of which can be killed, stopped and started again."""

from __future__ import annotations

import base64
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
import psycopg
import requests
from celery import Celery
from redis.exceptions import RedisError

from connectors.sdk import StandardWebhooks
from workspace import processes
from workspace.embedded import postgres, valkey
from workspace.embedded.place import place_for, remove
from workspace.supervisor import answers

ROOT = Path(__file__).parents[2]
SECRET = "whsec_" + base64.b64encode(b"t" * 32).decode()
PYTHON = sys.executable
TICKS = {"POLL_TICK_S": "1", "SWEEP_TICK_S": "5", "OUTBOX_TICK_S": "1"}
REP = """
from django.contrib.auth.models import Group, User
from workspace.access.services import token_make
user = User.objects.create_user("dana")
user.groups.add(Group.objects.get_or_create(name="rep")[0])
print(token_make(user=user)[1])
"""
RECOVERED_S = 15.0
"""So long after what was killed is back, work must go on."""


class House:
    """PostgreSQL, a broker, a source, workers, beat and web. ``names`` of processes: source, worker, beat, web …"""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.place = place_for(folder / "embedded")
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.commands: dict[str, list[str]] = {}
        self.env = dict(os.environ)
        self.token = ""
        self._servers()
        self._programs()

    # -- what it is made of ---------------------------------------------------------------------------

    def _servers(self) -> None:
        with postgres.started(self.place, log=self.folder / "postgres.log") as made:
            self.passwords = made.passwords  # the cluster and its roles are made once
        self.database = postgres.Server(processes.free_port(), self.passwords)
        self.broker_port = processes.free_port()
        password = valkey._password(self.place)
        self.broker = f"redis://:{password}@127.0.0.1:{self.broker_port}/0"
        self._config = valkey._configured(self.place, self.place.folder("valkey"), self.broker_port, password)
        self.database_start()
        self.broker_start()

    def _programs(self) -> None:
        self.web_port, source_port = processes.free_port(), processes.free_port()
        self.url, self.source = f"http://127.0.0.1:{self.web_port}", f"http://127.0.0.1:{source_port}"
        self.env |= {
            **TICKS, "DATABASE_URL": self.database.app_url, "DATABASE_OWNER_URL": self.database.owner_url,
            "BROKER_URL": self.broker, "VAR_DIR": str(self.folder / "var"), "DEBUG": "1", "TALLY_HOOK": SECRET,
            "PYTHONPATH": os.pathsep.join([str(self._installed()), str(ROOT)]), "PORT": str(self.web_port),
            "DJANGO_SETTINGS_MODULE": "workspace.settings",
        }  # fmt: skip
        self.env.pop("LISTEN_URL", None)
        celery = [PYTHON, "-m", "celery", "--quiet", "-A", "workspace.celery"]
        web = ["--host", "127.0.0.1", "--port", str(self.web_port), "--no-access-log", "--log-level", "warning"]
        self.commands = {
            "source": [PYTHON, "-m", "tests.faults.tally", "--port", str(source_port)],
            "worker": [*celery, "worker", "--concurrency", "2", "--loglevel", "WARNING", "-n", "one@%h"],
            "worker2": [*celery, "worker", "--concurrency", "2", "--loglevel", "WARNING", "-n", "two@%h"],
            "beat": [*celery, "beat", "--loglevel", "WARNING"],
            "web": [PYTHON, "-m", "uvicorn", "workspace.asgi:application", *web],
        }  # fmt: skip

    def _installed(self) -> Path:
        """The source's connector, offered as an installed package offers one."""
        site = self.folder / "site" / "tally-1.0.dist-info"
        site.mkdir(parents=True)
        wrong = 'import os\nif "CLOCK_FILE" in os.environ:\n    from tests.faults.clock import follow\n'
        wrong += '    follow(os.environ["CLOCK_FILE"])\n'
        (site.parent / "sitecustomize.py").write_text(wrong)
        (site / "METADATA").write_text("Metadata-Version: 2.1\nName: tally\nVersion: 1.0\n")
        (site / "entry_points.txt").write_text("[throughline.connectors]\ntally = tests.faults.tally:Tally\n")
        return site.parent

    # -- processes ------------------------------------------------------------------------------------

    def start(self, *names: str) -> None:
        for name in names:
            log = (self.folder / f"{name}.log").open("ab")
            self.running[name] = processes.spawn(self.commands[name], env=self.env, cwd=ROOT, stdout=log)
        for name, url in (("web", f"{self.url}/healthz"), ("source", f"{self.source}/rows?after=0&limit=1")):
            if name in names:
                assert processes.wait_until(answers(url), timeout_s=40), self.words(name)
        for name in {"worker", "worker2"} & set(names):
            assert processes.wait_until(lambda: self._listens(name), timeout_s=60), self.words(name)  # noqa: B023

    def _listens(self, name: str) -> bool:
        """Whether this worker answers: only from then on can it go on with anything."""
        short = {"worker": "one", "worker2": "two"}[name]
        # The pool of connections is the process's own, and may hold one to a broker that was killed.
        with suppress(OSError, RedisError), Celery(broker=self.broker, set_as_current=False) as app:
            return any(f"{short}@" in key for answer in app.control.ping(timeout=1.0) for key in answer)
        return False

    def kill(self, name: str) -> None:
        """SIGKILL to the process and all its children, as when a machine goes."""
        process = self.running.pop(name)
        for child in psutil.Process(process.pid).children(recursive=True):
            child.kill()
        process.kill()
        process.wait(10)

    def kill_child(self, name: str) -> None:
        """SIGKILL to one child of a worker, as the kernel does where memory runs out."""
        children = psutil.Process(self.running[name].pid).children()
        assert children
        children[0].kill()

    def stop_all(self) -> None:
        for process in reversed(list(self.running.values())):
            processes.stop(process, within_s=5)
        self.running.clear()
        remove(self.place)

    def words(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text()[-3000:]

    def database_start(self) -> None:
        data = self.place.path / "postgres"
        command = postgres._command(postgres._programs(self.place), data, True)
        self.running["database"] = self.place.spawn(
            [*command, "-p", str(self.database.port)], log=self.folder / "postgres.log", death_signal=signal.SIGINT
        )
        ready = lambda: postgres._answers(self.database.app_url)  # noqa: E731
        assert processes.wait_until(ready, timeout_s=40), "PostgreSQL does not start"

    def database_stop(self, how: signal.Signals = signal.SIGINT) -> None:
        processes.stop(self.running.pop("database"), how=how, within_s=20)

    def broker_start(self) -> None:
        command = [valkey._program(self.place), self._config]
        log = self.folder / "valkey.log"
        self.running["broker"] = self.place.spawn(command, log=log, death_signal=signal.SIGTERM)
        assert processes.wait_until(lambda: valkey._answers(self.broker), timeout_s=20)

    # -- what is done and seen ------------------------------------------------------------------------

    def manage(self, *arguments: str, ok: bool = True) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [PYTHON, "manage.py", *arguments], env=self.env, cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert not ok or done.returncode == 0, done.stdout[-2000:] + done.stderr[-3000:]
        return done

    def begin(self, *arguments: str) -> subprocess.Popen[bytes]:
        """A command in a process of its own, to be killed."""
        return processes.spawn([PYTHON, "manage.py", *arguments], env=self.env, cwd=ROOT, stdout=subprocess.DEVNULL)

    def python(self, code: str) -> str:
        """Run some lines with Django set up; what they print."""
        return self.manage("shell", "-v", "0", "-c", code).stdout.strip()

    def source_at(self, url: str, name: str = "tally", poll_s: float | None = 1.0) -> None:
        """This source answers there."""
        settings = {"base_url": url, "internal": True, "webhook_secret": "env:TALLY_HOOK"}
        wanted = {"name": name, "title": name.title(), "connector": "tally", "domain": "finance", "freshness_s": 60,
                  "poll_s": poll_s, "settings": settings}  # fmt: skip
        self.python(f"from connectors.host.services import source_save; source_save(**{wanted!r})")

    def grow(self, rows: int) -> int:
        return int(requests.post(f"{self.source}/grow", json={"rows": rows}, timeout=5).json()["last"])

    def ask(self, query: str, *values: Any) -> Any:
        """The first column of the first row."""
        with psycopg.connect(self.database.app_url, connect_timeout=3) as link:
            row = link.execute(query, values).fetchone()
            return row[0] if row else None

    def facts(self, source: str = "tally") -> int:
        """How many fact versions this source has brought."""
        query = "SELECT count(*) FROM host_fact f JOIN host_source s ON s.id = f.source_id WHERE s.name = %s"
        return int(self.ask(query, source))

    def deliver(self, key: str, rows: Sequence[int]) -> int:
        """One signed delivery, as its sender makes it: the status, or 0 where nobody answers."""
        body = json.dumps({"rows": [{"n": n} for n in rows]}).encode()
        signed = StandardWebhooks().sign(key, datetime.now(UTC), body, [SECRET])
        try:
            return requests.post(f"{self.url}/in/pushed/", data=body, headers=signed, timeout=10).status_code
        except requests.RequestException:
            return 0

    def deliver_until_taken(self, key: str, rows: Sequence[int]) -> None:
        """What every sender of webhooks does: try again until somebody says 2xx."""
        assert processes.wait_until(lambda: 200 <= self.deliver(key, rows) < 300, timeout_s=60)

    def wait(self, what: Callable[[], bool], seconds: float = 60) -> float:
        """Seconds until it is so; fails where it never is. A database that is away is no answer."""
        began = time.monotonic()

        def so() -> bool:
            try:
                return what()
            except psycopg.Error:
                return False

        assert processes.wait_until(so, timeout_s=seconds), {n: self.words(n) for n in ("worker", "web")}
        return time.monotonic() - began

    def answer(self, order: int) -> dict[str, Any]:
        """What a program is told where it asks about one order, waiting for the sources."""
        case = self.api("POST", "cases/", {"question": "refund-status", "refs": [f"order:T-{order}"]})["reference"]
        return self.api("GET", f"cases/{case}/answer/?wait=5")

    def api(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        headers = {"Authorization": f"Token {self.token}"}
        got = requests.request(method, f"{self.url}/api/v1/{path}", json=body, headers=headers, timeout=20)
        assert got.status_code < 300, got.text[:1000]
        return dict(got.json())

    def holds(self, rows: int, source: str = "tally") -> None:
        """Exactly these rows are known: none lost, none doubled; the cursor stands behind the last, and the page says
        that all is well."""
        query = (
            "SELECT count(DISTINCT r.record_id) || ' ' || count(*) || ' ' || max(r.record_id::int) FROM host_fact f"
            " JOIN host_record r ON r.id = f.record_id JOIN host_source s ON s.id = f.source_id WHERE s.name = %s"
        )
        assert self.ask(query, source) == f"{rows} {rows} {rows}"
        if source == "tally":
            assert self.cursor() == str(rows)
            self.wait(lambda: self.api("GET", "sources/tally/")["state"] == "on_time", 20)

    def cursor(self) -> str | None:
        """How far the polled source has been read."""
        joined = "host_sourcecursor c JOIN host_source s ON s.id = c.source_id"
        found = self.ask(f"SELECT cursor FROM {joined} WHERE s.name = 'tally'")
        return None if found is None else str(found)


@contextmanager
def house(folder: Path) -> Iterator[House]:
    """Tables, three sources of one kind, and everything running but worker2: *tally* is polled every second, *pushed*
    delivers, and *past* is only backfilled."""
    built = House(folder)
    try:
        built.manage("migrate", "-v", "0")
        built.start("source")
        for name, poll_s in (("tally", 1.0), ("pushed", None), ("past", None)):
            built.source_at(built.source, name, poll_s)
        built.token = built.python(REP)
        built.start("web", "worker", "beat")
        yield built
    finally:
        built.stop_all()
