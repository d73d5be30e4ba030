"""The web process as it is run: one port, strict headers, gone in time."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
import requests

from workspace import processes
from workspace.supervisor import answers

ROOT = Path(__file__).parents[2]


@dataclass
class Web:
    """A running web process and its address."""

    process: subprocess.Popen[bytes]
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def started(state: Path, **extra: str) -> Web:
    """uvicorn as the Procfile starts it, on the test database."""
    port = processes.free_port()
    command = next(line for line in (ROOT / "Procfile").read_text().splitlines() if line.startswith("web:"))
    argv = command.removeprefix("web: python").replace("${PORT:-8000}", str(port)).replace("0.0.0.0", "127.0.0.1")  # noqa: S104
    env = {**os.environ, "VAR_DIR": str(state), "DEMO": "1", "BROKER_URL": "memory://", **extra}
    process = processes.spawn([sys.executable, *argv.split()], env=env, cwd=ROOT)
    alive = partial(processes.is_running, process)
    assert processes.wait_until(answers(f"http://127.0.0.1:{port}/sign-in/"), timeout_s=40, alive=alive)
    return Web(process, port)


@pytest.fixture(scope="module")
def web(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    found = started(tmp_path_factory.mktemp("web"))
    yield found
    processes.stop(found.process)


def raw(web: Web, text: str) -> str:
    """What the server answers to bytes that a proper client would not send."""
    with socket.create_connection(("127.0.0.1", web.port), timeout=10) as line:
        line.sendall(text.replace("\n", "\r\n").encode())
        return line.recv(65536).decode("utf-8", "replace")


def test_pages_come_with_a_strict_policy(web: Web) -> None:
    answer = requests.get(f"{web.url}/sign-in/", timeout=10)
    policy = answer.headers["Content-Security-Policy"]
    assert answer.status_code == 200
    assert "script-src 'self'" in policy and "frame-ancestors 'none'" in policy and "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_it_says_that_it_is_well(web: Web) -> None:
    answer = requests.get(f"{web.url}/healthz", timeout=10)
    assert (answer.status_code, answer.text) == (200, "ok\n")


def test_bodies_too_large_or_of_untold_length_are_turned_away(web: Web) -> None:
    large = requests.post(f"{web.url}/api/v1/cases/", data=b"x" * 2_000_000, timeout=10)
    untold = requests.post(f"{web.url}/api/v1/cases/", data=iter([b"{}"]), timeout=10)
    assert (large.status_code, untold.status_code) == (413, 411)
    assert large.headers["Content-Type"] == "application/problem+json" and "1048576" in large.json()["detail"]


@pytest.mark.parametrize("path", ["/sign-in/?q=\u00e4", "/%ff", "/%00", "//x//..", "/static/%00", "/?q=%00%ff"])
def test_odd_addresses_never_break_the_server(path: str, web: Web) -> None:
    status = int(raw(web, f"GET {path} HTTP/1.1\nHost: localhost\nConnection: close\n\n").split(" ", 2)[1])
    assert status < 500


@pytest.mark.alone
def test_it_is_gone_within_five_seconds_even_while_a_client_dawdles(django_db_setup: None, tmp_path: Path) -> None:
    web = started(tmp_path)
    with socket.create_connection(("127.0.0.1", web.port)) as line:
        line.sendall(b"POST /sign-in/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 500\r\n\r\nuser=")
        time.sleep(0.5)
        began = time.monotonic()
        web.process.send_signal(signal.SIGTERM)
        web.process.wait(10)
    assert time.monotonic() - began < 5


def test_without_its_database_it_is_up_and_says_what_is_wrong(tmp_path: Path) -> None:
    web = started(
        tmp_path, DATABASE_URL="postgres://app:x@127.0.0.1:1/none", LISTEN_URL="postgres://app:x@127.0.0.1:1/none"
    )
    answer = requests.get(f"{web.url}/healthz", timeout=10)
    processes.stop(web.process)
    assert (answer.status_code, answer.text) == (503, "The database does not answer.\n")


def test_settings_that_cannot_work_stop_the_start_with_a_hint(tmp_path: Path) -> None:
    env = {**os.environ, "VAR_DIR": str(tmp_path), "BROKER_URL": "http://wrong", "SECRET_KEY": "", "DEBUG": ""}
    done = subprocess.run(
        [sys.executable, "-m", "uvicorn", "workspace.asgi:application", "--port", str(processes.free_port())],
        env=env, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert "throughline.E002" in done.stderr and "throughline.E003" in done.stderr and "HINT" in done.stderr
