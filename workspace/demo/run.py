"""One run of the demo: what is started in which order, and what people and programs are told when all is ready."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from workspace import processes
from workspace.demo.prepare import PASSWORD, PEOPLE, source_of
from workspace.demo.seed.days import ZONE
from workspace.demo.seed.world import CASES, build
from workspace.demo.seed.write import seed_if_old
from workspace.demo.systems import NAMES
from workspace.demo.systems.keys import keys_kept
from workspace.demo.teams import COLLEAGUES
from workspace.env import BASE_DIR, env
from workspace.supervisor import NotReady, Supervisor, answers

TICKS = {"POLL_TICK_S": "1", "SWEEP_TICK_S": "5", "OUTBOX_TICK_S": "2", "INBOX_TICK_S": "2", "UNDO_S": "8",
         "LEDGER_TICK_S": "15"}  # fmt: skip
"""Quicker than a real installation needs: what changes in a system should show while somebody looks."""
SHARES = {"REVIEW_SHARE": "0.15", "REVIEW_SECOND_SHARE": "0.3"}
"""More is read than where there are thousands of cases."""
PYTHON = [sys.executable]
CELERY = [*PYTHON, "-m", "celery", "--quiet", "-A", "workspace.celery"]
QUIET = ["--loglevel", "WARNING"]
ALL_READY_S = 90


@dataclass(frozen=True)
class Place:
    """A running system: where it answers, where it is commanded, and how the workspace is told of it.

    ``source`` are the arguments of ``source_save`` but for the name.
    """

    url: str
    control_url: str
    source: Mapping[str, Any]


class Demo:
    """One run: systems, then tables and people, then the workspace, then its cases.

    For another set of systems, override ``systems_start`` and ``wanted``; the past is of these alone.
    """

    has_past = True

    def __init__(self, supervisor: Supervisor, servers: Mapping[str, str], port: int) -> None:
        self.supervisor = supervisor
        self.var_dir = env().var_dir.absolute()
        self.anew = self.var_dir / "demo" / "anew"
        """Stands while the systems hold something new and the workspace has not yet forgotten the old."""
        self.today = datetime.now(ZONE).date()
        self.weeks = env().demo_weeks if self.has_past else 0
        self.port, self.base_url = port, f"http://127.0.0.1:{port}"
        self.env = {
            **servers, **TICKS, **SHARES, "DEMO": "1", "PORT": str(port), "BASE_URL": self.base_url,
            "VAR_DIR": str(self.var_dir), **self.mail(),
        }  # fmt: skip

    def run(self) -> None:
        self.say("Starting the systems of record")
        places = self.systems_start()
        self.say("Making tables, people, sources and cases; the first time also their past, which takes about a minute")
        made = self.prepare(places)
        self.say("Starting the workspace")
        self.workspace_start()
        self.tell(made["tokens"], places, made["cases"])

    def mail(self) -> dict[str, str]:
        """Letters in and out are folders, unless a mail server is named: the customers' mailbox has a page."""
        folder = quote(str(self.var_dir / "demo" / "mail"))
        own = {"EMAIL_URL": f"maildir:{folder}/out", "INBOX_URL": f"maildir:{folder}/in",
               "EMAIL_FROM": "support@throughline.example"}  # fmt: skip
        return {name: os.environ.get(name) or value for name, value in own.items()}

    def systems_start(self) -> dict[str, Place]:
        """Write what the four systems hold, unless that was done today, and start them."""
        folder = self.var_dir / "demo"
        unfinished = self.anew.exists()
        folder.mkdir(parents=True, exist_ok=True)
        self.anew.touch()  # before anything is written, so that whatever is interrupted begins anew
        if not seed_if_old(folder, self.today) and not unfinished:
            self.anew.unlink()
        found: dict[str, Place] = {}
        keys = keys_kept(folder / "keys", NAMES)
        for name in NAMES:
            port = processes.free_port()
            module = f"workspace.demo.systems.{name}"
            where: list[str | Path] = ["--port", str(port), "--db", folder / f"{name}.sqlite"]
            where += ["--token-file", keys[name]]
            self.supervisor.start(name, [*PYTHON, "-m", module, *where], env=self.env, cwd=BASE_DIR)
            url = f"http://127.0.0.1:{port}"
            found[name] = Place(url, f"{url}/control", source_of(name, url, f"file:{keys[name]}"))
        for name, place in found.items():
            self.wait_for(name, f"{place.url}/health")
        return found

    def wanted(self) -> dict[str, dict[str, Any]]:
        """Each named case, as ``case_open`` takes it."""
        world = build(self.today)
        return {
            name: {"question": s.question, "channel": "web", "refs": world.refs(name), "message": s.message}
            for name, s in CASES.items()
        }

    def wait_for(self, name: str, url: str) -> None:
        child = self.supervisor.children[name]
        if not processes.wait_until(answers(url), timeout_s=ALL_READY_S, alive=lambda: child.running):
            raise NotReady("\n".join([f"{name} does not answer. Its last lines:", *child.lines]))

    def prepare(self, places: Mapping[str, Place]) -> dict[str, Any]:
        """What needs the database, in a process of its own; gives the tokens by role and the cases by situation."""
        sources = {name: place.source for name, place in places.items()}
        wanted = {"forget": self.anew.exists(), "sources": sources, "cases": self.wanted(), "weeks": self.weeks,
                  "today": self.today.isoformat()}  # fmt: skip
        done = subprocess.run(
            [*PYTHON, "manage.py", "demo_prepare"], cwd=BASE_DIR, env={**os.environ, **self.env},
            input=json.dumps(wanted), stdout=subprocess.PIPE, text=True, check=True,
        )  # fmt: skip
        self.anew.unlink(missing_ok=True)
        made: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        if made["anew"]:
            self.say("Another day, or a start that was interrupted: the demo began anew, dated from today backwards.")
        if made["history"]:
            cases, seconds = made["history"]
            weeks = "1 week" if self.weeks == 1 else f"{self.weeks} weeks"
            self.say(f"Told {weeks} of the past: {cases} cases in {seconds:.0f} seconds")
        return made

    def workspace_start(self) -> None:
        """Worker and beat first: they need longest, and the web server waits for nobody."""
        start = self.supervisor.start
        start("worker", [*CELERY, "worker", "--concurrency", "2", *QUIET], env=self.env, cwd=BASE_DIR)
        start("beat", [*CELERY, "beat", *QUIET], env=self.env, cwd=BASE_DIR)
        web = ["-m", "uvicorn", "workspace.asgi:application", "--host", "127.0.0.1", "--port", str(self.port)]
        quiet = ["--timeout-graceful-shutdown", "2", "--no-access-log", "--log-level", "warning"]
        start("web", [*PYTHON, *web, *quiet], env=self.env, cwd=BASE_DIR)
        self.wait_for("web", f"{self.base_url}/healthz")
        worker = self.supervisor.children["worker"]
        if not processes.wait_until(self.worker_answers, timeout_s=ALL_READY_S, alive=lambda: worker.running):
            raise NotReady("\n".join(["The worker does not answer. Its last lines:", *worker.lines]))

    def worker_answers(self) -> bool:
        from celery import Celery

        broker = self.env.get("BROKER_URL") or os.environ["BROKER_URL"]
        with Celery(broker=broker, set_as_current=False) as app:
            return bool(app.control.ping(timeout=0.5))

    def tell(self, tokens: Mapping[str, str], places: Mapping[str, Place], cases: Mapping[str, str]) -> None:
        """Write ``var/demo.json`` for programs, and the URL and logins for people."""
        logins = {role: {"username": p[0], "password": PASSWORD} for role, p in PEOPLE.items() if role != "program"}
        others = [{"username": name, "password": PASSWORD} for name in COLLEAGUES]
        told = {
            "base_url": self.base_url, "tokens": tokens, "cases": cases, "logins": logins,
            "colleagues": others,
            "sources": {name: {"url": p.url, "control_url": p.control_url} for name, p in places.items()},
        }  # fmt: skip
        path = self.var_dir / "demo.json"
        fresh = path.with_suffix(".new")
        fresh.write_text(json.dumps(told, indent=1))
        fresh.chmod(0o600)
        fresh.replace(path)
        self.say(f"\nReady: {self.base_url}")
        for role, (username, first, last) in PEOPLE.items():
            if role != "program":
                self.say(f"  {role:<13} {username:<6} password {PASSWORD}   ({first} {last})")
        for username, (first, last, role) in COLLEAGUES.items():
            self.say(f"  {role:<13} {username:<6} password {PASSWORD}   ({first} {last})")
        if "paid" in cases:
            self.say(f"  Maya's case   {self.base_url}/cases/{cases['paid']}/")
        self.say(f"  mailbox       {self.base_url}/demo/mailbox/   (what customers were sent)")
        for name, place in places.items():
            self.say(f"  {name:<13} {place.control_url}")
        self.say("  Ctrl-C stops everything.")

    def say(self, line: str) -> None:
        print(line, flush=True)
