"""A web process that is told to stop has let go of its streams within five seconds."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import Any

import requests
from django.conf import settings
from django.test import Client

from workspace.processes import free_port, wait_until


def _up(port: int) -> bool:
    try:
        return requests.get(f"http://127.0.0.1:{port}/healthz", timeout=1).ok
    except requests.RequestException:
        return False


def test_open_streams_do_not_keep_a_process_alive(dana: Any) -> None:
    client, port = Client(), free_port()
    client.force_login(dana)
    cookie = {"Cookie": f"sessionid={client.cookies['sessionid'].value}"}
    command = [sys.executable, "-m", "uvicorn", "workspace.asgi:application", "--port", str(port), "--no-access-log"]
    process = subprocess.Popen(command, env={**os.environ, "SECRET_KEY": settings.SECRET_KEY})
    try:
        assert wait_until(lambda: _up(port), timeout_s=30)
        address = f"http://127.0.0.1:{port}/cases/stream"
        with requests.get(address, headers=cookie, stream=True, timeout=10) as response:
            lines = response.iter_lines(chunk_size=1, decode_unicode=True)
            assert next(lines) == ": open"
            process.send_signal(signal.SIGTERM)
            started = time.monotonic()
            assert process.wait(5) in (0, -signal.SIGTERM) and time.monotonic() - started < 5
    finally:
        process.kill()
        process.wait()
