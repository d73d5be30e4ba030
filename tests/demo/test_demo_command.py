"""``manage.py demo`` as people run it: one line when all is ready, the same cases next time, nothing left behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from cases.models import Case
from connectors.host.models import Fact
from tests.database import TestDatabase
from workspace.demo.seed.past import WEEKS
from workspace.demo.seed.world import CASES
from workspace.env import BASE_DIR
from workspace.processes import free_port, port_is_free

READY_S = 180


@contextmanager
def demo(var: Path, port: int) -> Iterator[tuple[dict[str, Any], list[str]]]:
    """The demo, ready: what it wrote for programs and what it printed. It is told to stop at the end."""
    environ = {**os.environ, "VAR_DIR": str(var), "PORT": str(port), "DEMO_WEEKS": "1"}
    process = subprocess.Popen(
        [sys.executable, "manage.py", "demo"], cwd=BASE_DIR, env=environ, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    killer = _killed_after(process, READY_S)
    lines: list[str] = []
    try:
        assert process.stdout
        for line in process.stdout:
            lines.append(line)
            if line.startswith("Ready: "):
                break
        assert lines and lines[-1] == f"Ready: http://127.0.0.1:{port}\n", "".join(lines)
        yield json.loads((var / "demo.json").read_text()), lines
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)
        killer.cancel()
    assert process.returncode == 128 + signal.SIGTERM


def _killed_after(process: subprocess.Popen[str], seconds: float) -> Any:
    from threading import Timer

    timer = Timer(seconds, process.kill)
    timer.start()
    return timer


def left_over(var: Path) -> list[str]:
    """Command lines of processes that still work in this folder."""
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            if f"VAR_DIR={var}".encode() in path.read_bytes().split(b"\0"):
                found.append(path.with_name("cmdline").read_text().replace("\0", " "))
        except OSError:
            continue
    return found


def health(url: str) -> int:
    with urllib.request.urlopen(f"{url}/health", timeout=5) as response:
        return int(response.status)


@pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc")
def test_the_demo_starts_twice_with_the_same_cases_and_leaves_nothing(
    committed_db: TestDatabase, tmp_path: Path
) -> None:
    port, var = free_port(), tmp_path / "a folder" / "var"
    with demo(var, port) as (first, said):
        assert first["base_url"] == f"http://127.0.0.1:{port}"
        assert set(first["tokens"]) == {"rep", "supervisor", "integrator", "program"}
        assert set(first["cases"]) == set(CASES)
        assert [health(at["url"]) for at in first["sources"].values()] == [200] * 4
        cases = Case.objects.count()
        assert Fact.objects.exists() and cases == len(CASES) + len(WEEKS[-1].split())
        assert any(line.startswith("Told 1 week of the past") for line in said)
    assert not left_over(var) and port_is_free(port)
    with demo(var, port) as (second, _):
        assert (second["cases"], second["tokens"]) == (first["cases"], first["tokens"])
        assert Case.objects.count() == cases
    assert not left_over(var)


def test_a_taken_port_is_named_with_what_to_do(tmp_path: Path) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        environ = {**os.environ, "VAR_DIR": str(tmp_path), "PORT": str(port)}
        done = subprocess.run(
            [sys.executable, "manage.py", "demo"],
            cwd=BASE_DIR,
            env=environ,
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 1 and f"Port {port} is taken" in done.stderr and "make demo" in done.stderr
