"""The four demo systems, really running, with the seed of a fixed Wednesday."""

from __future__ import annotations

import json
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from connectors.contrib.demo_finance.connector import DemoFinance
from connectors.contrib.demo_shop.connector import DemoShop
from connectors.contrib.demo_warehouse.connector import DemoWarehouse
from connectors.sdk import Connector, Fact, Ref
from connectors.sdk.http import Http
from tests.database import TestDatabase
from workspace.demo.seed.world import World, build
from workspace.demo.seed.write import seed_if_old
from workspace.demo.systems import NAMES
from workspace.demo.systems import finance as finance_system
from workspace.demo.systems import policy as policy_system
from workspace.demo.systems import shop as shop_system
from workspace.demo.systems import warehouse as warehouse_system
from workspace.demo.systems.base import build as system_build
from workspace.processes import free_port, wait_until

WEDNESDAY = date(2026, 11, 18)
TOKEN = "a-key-of-the-demo"
SYSTEMS = {
    "shop": shop_system.SYSTEM, "warehouse": warehouse_system.SYSTEM,
    "finance": finance_system.SYSTEM, "policy": policy_system.SYSTEM,
}  # fmt: skip
CONNECTORS: dict[str, tuple[type[Connector], dict[str, str]]] = {
    "shop": (DemoShop, {"api_key": TOKEN}), "finance": (DemoFinance, {"password": TOKEN}),
    "warehouse": (DemoWarehouse, {"api_key": TOKEN, "zone": "Europe/Helsinki"}),
}  # fmt: skip


@dataclass
class Systems:
    """Where each system answers, and the world that was written into them."""

    urls: dict[str, str]
    world: World

    def control(self, name: str, do: Any, ref: str = "", **more: Any) -> tuple[int, dict[str, Any]]:
        """Status and answer of one command."""
        return self.call(f"{self.urls[name]}/control", json.dumps({"do": do, "ref": ref, **more}).encode())

    def call(self, url: str, body: bytes | None = None, **headers: str) -> tuple[int, Any]:
        request = urllib.request.Request(url, body, {k.replace("_", "-"): v for k, v in headers.items()})
        try:
            with urllib.request.urlopen(request, timeout=10) as response:
                return response.status, json.loads(response.read())
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read() or b"null")

    def connector(self, name: str, token: str = TOKEN) -> Any:
        cls, values = CONNECTORS[name]
        values = {key: token if value == TOKEN else value for key, value in values.items()}
        settings = cls.Settings(base_url=self.urls[name], internal=True, **values)
        return cls(settings, Http(self.urls[name], headers=cls.headers(settings), internal=True, limit_s=5))

    def facts(self, name: str, ref: str) -> list[Fact]:
        """What one lookup of one ref yields, read."""
        connector = self.connector(name)
        found = list(connector.lookup([Ref.parse(ref)]))
        return [fact for f in found for row in f.rows for fact in connector.read(row)]

    def order(self, situation: str) -> str:
        return self.world.named[situation].number

    def rma(self, situation: str) -> str:
        return self.world.named[situation].returns[0].number


@contextmanager
def running(folder: Path, today: date = WEDNESDAY) -> Iterator[Systems]:
    """The four systems over freshly written files in ``folder``."""
    seed_if_old(folder, today)
    servers, urls = [], {}
    for name in NAMES:
        port = free_port()
        app = system_build(SYSTEMS[name], folder / f"{name}.sqlite", TOKEN)
        server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error"))
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        servers.append((server, thread))
        urls[name] = f"http://127.0.0.1:{port}"
    assert wait_until(lambda: all(s.started for s, _ in servers), timeout_s=20)
    try:
        yield Systems(urls, build(today))
    finally:
        for server, _ in servers:
            server.should_exit = True
        for _, thread in servers:
            thread.join(5)


@pytest.fixture
def nothing_recorded(django_db_setup: None, test_database: TestDatabase) -> None:
    """What threads of earlier tests have committed is gone."""
    test_database.empty()


@pytest.fixture(scope="module")
def systems(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Systems]:
    """Fresh for each module, since commands change them."""
    with running(tmp_path_factory.mktemp("systems")) as found:
        yield found


@pytest.fixture(autouse=True)
def all_well() -> Iterator[None]:
    """No fault outlives its test."""
    yield
    for system in SYSTEMS.values():
        system.faults.down, system.faults.delay_s, system.faults.limited_until = False, 0.0, None
