"""``manage.py demo``: everything on this machine, one URL at the end, nothing left behind when it stops."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from workspace import embedded, processes
from workspace.demo.opening import Api, ApiError, cases_open
from workspace.demo.prepare import PASSWORD, PEOPLE
from workspace.demo.seed.days import ZONE
from workspace.demo.seed.situations import SITUATIONS
from workspace.demo.seed.world import World, build
from workspace.demo.seed.write import seed_if_old
from workspace.demo.systems import NAMES
from workspace.demo.systems.keys import keys_kept
from workspace.env import BASE_DIR, env
from workspace.supervisor import NotReady, Supervisor, answers

TICKS = {"POLL_TICK_S": "1", "SWEEP_TICK_S": "5", "OUTBOX_TICK_S": "2"}
"""Quicker than a real installation needs: what changes in a system should show while somebody looks."""
PYTHON = [sys.executable]
CELERY = [*PYTHON, "-m", "celery", "--quiet", "-A", "workspace.celery"]
QUIET = ["--loglevel", "WARNING"]
ALL_READY_S = 90


class Command(BaseCommand):
    help = "Runs Throughline with four demo systems on this machine. PORT moves it; Ctrl-C stops everything."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        port = env().port
        if not processes.port_is_free(port):
            raise CommandError(
                f"Port {port} is taken. Use another: PORT={port + 1 if port < 65535 else 8123} make demo"
            )
        try:
            with ExitStack() as stack:
                supervisor = stack.enter_context(Supervisor())
                servers = stack.enter_context(embedded.running(env().var_dir, os.environ))
                stack.callback(supervisor.stop_all)
                Demo(supervisor, servers, port).run()
                code = supervisor.wait()
        except (embedded.EmbeddedError, NotReady, OSError) as error:
            raise CommandError(str(error)) from None
        except subprocess.CalledProcessError:
            raise CommandError("The demo could not be prepared; what went wrong stands above.") from None
        except ApiError as error:
            raise CommandError(f"The demo's cases could not be opened: {error}") from None
        sys.exit(code)


class Demo:
    """One run: systems, then tables and people, then the workspace, then its cases."""

    def __init__(self, supervisor: Supervisor, servers: Mapping[str, str], port: int) -> None:
        self.supervisor = supervisor
        self.var_dir = env().var_dir.absolute()
        self.port, self.base_url = port, f"http://127.0.0.1:{port}"
        self.env = {
            **servers, **TICKS, "DEMO": "1", "PORT": str(port), "BASE_URL": self.base_url, "VAR_DIR": str(self.var_dir),
        }  # fmt: skip

    def run(self) -> None:
        today = datetime.now(ZONE).date()
        self.say("Writing what the demo systems hold")
        written = seed_if_old(self.var_dir / "demo", today)
        sources = self.systems_start()
        self.say("Making tables, people and sources")
        tokens = self.prepare(sources, written)
        self.say("Starting the workspace")
        self.workspace_start()
        cases = self.cases_open(tokens["rep"], build(today))
        self.tell(tokens, sources, cases)

    def systems_start(self) -> dict[str, dict[str, str]]:
        """Start the four systems; where each answers, where it is controlled, and the file of its key."""
        folder, found = self.var_dir / "demo", {}
        keys = keys_kept(folder / "keys", NAMES)
        for name in NAMES:
            port = processes.free_port()
            module = f"workspace.demo.systems.{name}"
            argv: list[str | Path] = [*PYTHON, "-m", module, "--port", str(port), "--db", folder / f"{name}.sqlite",
                    "--token", keys[name].read_text()]  # fmt: skip
            self.supervisor.start(name, argv, env=self.env, cwd=BASE_DIR)
            url = f"http://127.0.0.1:{port}"
            found[name] = {"url": url, "control_url": f"{url}/control", "key": f"file:{keys[name]}"}
        for name, at in found.items():
            self.wait_for(name, f"{at['url']}/health")
        return found

    def wait_for(self, name: str, url: str) -> None:
        child = self.supervisor.children[name]
        if not processes.wait_until(answers(url), timeout_s=ALL_READY_S, alive=lambda: child.running):
            raise NotReady("\n".join([f"{name} does not answer. Its last lines:", *child.lines]))

    def prepare(self, sources: Mapping[str, Mapping[str, str]], forget: bool) -> dict[str, str]:
        """Tables, people and sources, in a process of its own: this one never opens the database."""
        wanted = {"forget": forget, "sources": {n: {"url": s["url"], "key": s["key"]} for n, s in sources.items()}}
        done = subprocess.run(
            [*PYTHON, "manage.py", "demo_prepare"], cwd=BASE_DIR, env={**os.environ, **self.env},
            input=json.dumps(wanted), stdout=subprocess.PIPE, text=True, check=True,
        )  # fmt: skip
        tokens: dict[str, str] = json.loads(done.stdout.splitlines()[-1])["tokens"]
        return tokens

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

    def cases_open(self, token: str, world: World) -> dict[str, str]:
        """A case per situation. Opening stores no facts: they are asked for when somebody looks."""
        wanted = {
            name: {"question": "refund-status", "refs": world.refs(name), "message": situation.message}
            for name, situation in SITUATIONS.items()
        }
        return cases_open(Api(self.base_url, token), wanted, known_cases(self.var_dir / "demo.json"))

    def tell(self, tokens: Mapping[str, str], sources: Mapping[str, Mapping[str, str]], cases: dict[str, str]) -> None:
        """Write ``var/demo.json`` for programs, and the URL and logins for people."""
        logins = {role: {"username": p[0], "password": PASSWORD} for role, p in PEOPLE.items() if role != "program"}
        told = {
            "base_url": self.base_url, "tokens": tokens, "cases": cases, "logins": logins,
            "sources": {n: {"url": s["url"], "control_url": s["control_url"]} for n, s in sources.items()},
        }  # fmt: skip
        path = self.var_dir / "demo.json"
        fresh = path.with_suffix(".new")
        fresh.write_text(json.dumps(told, indent=1))
        fresh.chmod(0o600)
        fresh.replace(path)
        self.say(f"\nReady: {self.base_url}")
        for role, (username, first, last) in PEOPLE.items():
            if role != "program":
                self.say(f"  {role:<11} {username:<6} password {PASSWORD}   ({first} {last})")
        self.say(f"  Maya's case {self.base_url}/cases/{cases['paid']}/")
        for name, at in sources.items():
            self.say(f"  {name:<11} {at['control_url']}")
        self.say("  Ctrl-C stops everything.")

    def say(self, line: str) -> None:
        print(line, flush=True)


def known_cases(path: Path) -> dict[str, str]:
    """The cases that an earlier run opened."""
    try:
        found = json.loads(path.read_text())["cases"]
    except (OSError, ValueError, KeyError):
        return {}
    return {str(k): str(v) for k, v in found.items()} if isinstance(found, dict) else {}
