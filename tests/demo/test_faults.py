"""A demo system as the demo starts it: its control page switches the faults of the proxy before it."""

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.demo.conftest import TOKEN, WEDNESDAY
from workspace.demo.seed.write import seed_if_old
from workspace.processes import free_port, wait_until
from workspace.supervisor import answers


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("served")
    seed_if_old(folder, WEDNESDAY)
    (folder / "key").write_text(TOKEN)
    port = free_port()
    where = ["--port", str(port), "--db", str(folder / "warehouse.sqlite"), "--token-file", str(folder / "key")]
    command = [sys.executable, "-m", "workspace.demo.systems.warehouse", *where]
    process = subprocess.Popen(command, env=dict(os.environ), cwd=Path(__file__).parents[2])
    url = f"http://127.0.0.1:{port}"
    assert wait_until(answers(f"{url}/health"), timeout_s=30)
    yield url
    process.terminate()
    assert process.wait(10) is not None


def call(url: str, order: dict[str, Any] | None = None, accept: str = "application/json") -> tuple[int, str]:
    body = None if order is None else json.dumps(order).encode()
    try:
        with urllib.request.urlopen(urllib.request.Request(url, body, {"Accept": accept}), timeout=5) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def test_a_fault_is_begun_seen_and_ended_by_the_control_call(warehouse: str) -> None:
    assert call(f"{warehouse}/returns/x")[0] == 401
    status, said = call(f"{warehouse}/control", {"do": "fault", "kind": "errors", "status": 502, "share": "1"})
    assert (status, json.loads(said)["faults"][0]["kind"]) == (200, "errors")
    assert call(f"{warehouse}/returns/x")[0] == 502
    assert call(f"{warehouse}/health")[0] == 200
    assert json.loads(call(f"{warehouse}/control", {"do": "up"})[1])["faults"] == []
    assert call(f"{warehouse}/returns/x")[0] == 401


def test_a_fault_that_is_none_is_refused_with_those_there_are(warehouse: str) -> None:
    status, said = call(f"{warehouse}/control", {"do": "fault", "kind": "sleepy"})
    assert (status, "There are: latency, stall" in said) == (422, True)
    assert call(f"{warehouse}/control", {"do": "fault", "kind": "latency", "share": 7})[0] == 422


def test_the_control_page_offers_every_fault_in_words(warehouse: str) -> None:
    status, page = call(f"{warehouse}/control", accept="text/html")
    assert status == 200
    assert "tells every row of a list twice" in page
    assert "takes the question and says nothing" in page
