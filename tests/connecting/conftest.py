"""The cast: a shop that answers over HTTP with people in it, and the commands as a terminal has them."""

from __future__ import annotations

import io
import json
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from connectors.sdk.testing import Server, say

KEY = "sk_test_a-key-that-nobody-may-see"
ORDER: dict[str, Any] = {
    "number": "48-1193", "state": "placed", "placed_at": "2026-10-23T06:04:00+03:00", "amount": 84.9, "currency": "EUR",
    "customer": {"id": "C-7", "name": "Maya Lindqvist", "email": "Maya+shop@Post.fi", "phone": "+358 40 1234567"},
    "billing": {"street": "Aurakatu 7", "city": "Turku", "name": "Maya Lindqvist"},
    "paid_with": {"number": "4242 4242 4242 4242"}, "note": "Maya Lindqvist asked for a call: maya+shop@post.fi",
    "links": {"payment": "/v1/payments/P-9"},
}  # fmt: skip
PAYMENT = {"id": "P-9", "order": "48-1193", "payer": "maya+shop@post.fi", "client_secret": "pi_9_secret_abcdef123456"}


@dataclass
class Ran:
    """How a command ended, and what it said on both channels."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def manage() -> Callable[..., Ran]:
    """``manage("connector", "list")``, with its exit status."""

    def run(*words: str) -> Ran:
        out, err = io.StringIO(), io.StringIO()
        try:
            call_command(*words, stdout=out, stderr=err)
        except CommandError as error:
            return Ran(error.returncode, out.getvalue(), str(error))
        except SystemExit as stop:
            return Ran(int(stop.code or 0), out.getvalue(), err.getvalue())
        return Ran(0, out.getvalue(), err.getvalue())

    return run


@pytest.fixture
def shop() -> Iterator[Server]:
    """Orders and payments below /v1; each request must bring the key."""

    def answer(sock: Any, asked: Any) -> None:
        found = {
            "/v1/ping": {"ok": True}, "/v1/orders/48-1193": {**ORDER, "self": f"{server.url}/v1/orders/48-1193"},
            "/v1/payments/P-9": PAYMENT,
        }.get(asked.path)  # fmt: skip
        if asked.headers.get("authorization") != f"Bearer {KEY}":
            return say(401, {"error": f"{asked.headers.get('authorization')} is not a key."})(sock, asked)
        return say(200, found)(sock, asked) if found else say(404, {"error": "none"})(sock, asked)

    with Server(answer) as server:
        yield server


@pytest.fixture
def settings_of(shop: Server, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The options that connect to the shop."""
    monkeypatch.setenv("SHOP_KEY", KEY)
    return ["--base-url", f"{shop.url}/v1", "--key", "env:SHOP_KEY", "--internal"]


@pytest.fixture
def bundled(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """A second folder in which connectors are found by their folder, like connectors/contrib itself."""
    from connectors import contrib
    from connectors.host import registry

    monkeypatch.setattr(contrib, "__path__", [*contrib.__path__, str(tmp_path)])
    registry._discovered.cache_clear()
    yield tmp_path
    registry._discovered.cache_clear()
    for name in [n for n in sys.modules if n.startswith("connectors.contrib.acme")]:
        del sys.modules[name]  # the next test's connector has the same name
    shutil.rmtree(tmp_path, ignore_errors=True)
