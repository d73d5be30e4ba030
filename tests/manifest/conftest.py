"""The cast: a warehouse described by a manifest, and servers that answer as the test says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from connectors.host.registry import sound
from connectors.sdk import Connector, Fact, kinds
from connectors.sdk.http import Http
from connectors.sdk.manifest import compiled
from connectors.sdk.testing import Asked, Server, say

DEPOT = """
title = "Depot"
domain = "warehouse"

[settings]
api_key = "The key that the depot gave you"

[auth]
header = { "X-Api-Key" = "{api_key}" }

[check]
get = "/me"
says = "The depot answers and takes the key."

[lookup.return]
get = "/returns/{value}"

[record.return]
id = "{rma}"
refs = { return = "{rma}", order = "{order.number}" }
status = "{state}"
statuses = { EXPECTED = [], RECEIVED = "return.received", INSPECTED = ["return.received", "return.inspected"] }
fact."return.received" = { at = "{received_at}", by = "{dock}" }
fact."return.inspected" = { at = "{inspected_at}", result = { value = "{result}", table = { OK = "passed" } } }
"""
RETURN: dict[str, Any] = {
    "rma": "RMA-1", "state": "INSPECTED", "order": {"number": "48-1193"}, "dock": "Dock 3", "result": "OK",
    "received_at": "2026-11-13T16:02:00", "inspected_at": "2026-11-16T08:41:07Z",
}  # fmt: skip
Answers = Callable[[Asked], Any]
"""From a request to the JSON of its answer; None is a 404."""
Facing = Callable[..., tuple[Connector, Server]]


def with_parts(*more: str, **swaps: str) -> str:
    """The depot's manifest with parts added at its end, and lines that start with a key swapped for others."""
    lines = DEPOT.strip().split("\n")
    for key, line in swaps.items():
        (at,) = [n for n, one in enumerate(lines) if one.startswith(key.replace("__", "."))]
        lines[at] = line
    return "\n".join([*lines, *more])


def behaviour(answers: Answers) -> Any:
    def behave(sock: Any, asked: Asked) -> None:
        document = answers(asked)
        say(404 if document is None else 200, {} if document is None else document)(sock, asked)

    return behave


@pytest.fixture
def facing() -> Iterator[Facing]:
    """``facing(toml, answers)``: the connector that the manifest describes, against a real server."""
    with ExitStack() as servers:

        def make(
            text: str, answers: Answers, zone: str = "Europe/Helsinki", **settings: Any
        ) -> tuple[Connector, Server]:
            server = servers.enter_context(Server(behaviour(answers)))
            cls = sound(compiled(text))
            given = {"api_key": "k-e-y-1"} if "api_key" in cls.Settings.model_fields else {}
            chosen = cls.Settings(**{"base_url": server.url, "internal": True, "zone": zone, **given, **settings})
            http = Http(server.url, headers=cls.headers(chosen), auth=cls.auth(chosen), internal=True, name=cls.title)
            return cls(chosen, http), server

        yield make


def facts(connector: Connector, rows: Any) -> dict[str, Fact]:
    """The facts of these rows by kind, each sound by its schema."""
    said = [one for row in rows for one in connector.read(row)]
    assert [kinds.problem(f.kind, f.data, f.said) for f in said if isinstance(f, Fact)] == [""] * len(said)
    return {one.kind: one for one in said if isinstance(one, Fact)}
