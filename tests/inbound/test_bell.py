"""The whole way in processes of their own: web, broker and worker; and without the bell, beat."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from django.conf import settings

from connectors.contrib.push.connector import Push
from connectors.host.models import InboundWork
from tests.ground.test_celery import broker
from tests.inbound.conftest import SECRET, signed
from tests.inbound.test_facts import event
from workspace import processes

__all__ = ["broker"]
ROOT = Path(__file__).parents[2]


@pytest.fixture
def running(broker: str, committed_db: object, tmp_path: Path) -> Iterator[str]:
    """The address of a web process, beside a worker; no beat, so that only the bell can ring."""
    port = processes.free_port()
    env = {**os.environ, "BROKER_URL": broker, "VAR_DIR": str(tmp_path), "DEBUG": "1", "SHOP_SECRET": SECRET,
           "SECRET_KEY": settings.SECRET_KEY}  # fmt: skip
    web = [sys.executable, "-m", "uvicorn", "workspace.asgi:application", "--port", str(port), "--no-access-log"]
    celery = [sys.executable, "-m", "celery", "-A", "workspace.celery", "worker", "-c", "1", "-l", "WARNING"]
    started = [processes.spawn(command, env=env, cwd=ROOT, stdout=subprocess.DEVNULL) for command in (web, celery)]
    yield f"http://127.0.0.1:{port}"
    for process in started:
        processes.stop(process)


def test_a_delivery_is_worked_on_within_a_moment_of_its_answer(running: str) -> None:
    from tests.inbound.conftest import make_source

    assert Push.can("receive") and make_source("turku", "push")
    text = json.dumps(event())
    posted: list[requests.Response] = []

    def post() -> bool:
        try:
            kind = {"Content-Type": "application/cloudevents+json"}
            posted.append(requests.post(f"{running}/in/turku/", text, headers={**signed(text), **kind}, timeout=5))
        except requests.ConnectionError:
            return False
        return posted[-1].status_code == 202

    assert processes.wait_until(post, timeout_s=40)
    done = lambda: InboundWork.objects.filter(state="done", new=1).exists()  # noqa: E731
    assert processes.wait_until(done, timeout_s=30)
