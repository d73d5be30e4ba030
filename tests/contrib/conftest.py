"""A connector over its own recordings, served over real HTTP."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from connectors.host.registry import connector_class
from connectors.sdk import Connector, Fact, Found, Ref, Row, Undone, kinds
from connectors.sdk.http import Http
from connectors.sdk.testing import Behaviour, ReplayServer, Server

CONTRIB = Path(__file__).parents[2] / "connectors" / "contrib"
Make = Callable[..., Connector]


def connected(slug: str, url: str, **settings: Any) -> Connector:
    cls = connector_class(slug)
    given = {"base_url": url, "internal": True, "key": "sk_test_1", **settings}
    chosen = cls.Settings(**{name: value for name, value in given.items() if value is not None})
    return cls(chosen, Http(chosen.base_url, headers=cls.headers(chosen), internal=True, name=cls.title))


@pytest.fixture
def replayed() -> Iterator[Make]:
    """``replayed("stripe")``: the connector against its recordings."""
    with ExitStack() as servers:

        def make(slug: str, **settings: Any) -> Connector:
            server = servers.enter_context(ReplayServer(CONTRIB / slug / "recordings"))
            return connected(slug, server.url, **settings)

        yield make


@pytest.fixture
def facing() -> Iterator[Make]:
    """``facing("stripe", behaviour)``: the connector against a server that behaves so."""
    with ExitStack() as servers:

        def make(slug: str, behaviour: Behaviour, **settings: Any) -> Connector:
            return connected(slug, servers.enter_context(Server(behaviour)).url, **settings)

        yield make


def ask(connector: Connector, ref: str) -> Found:
    (found,) = connector.lookup([Ref.parse(ref)])
    return found


def facts(connector: Connector, rows: Any) -> list[Fact]:
    """Every fact of these rows, each sound by its schema."""
    said = [one for row in rows for one in connector.read(row)]
    found = [one for one in said if isinstance(one, Fact)]
    assert [kinds.problem(f.kind, f.data, f.said) for f in found] == [""] * len(found)
    return found


def fact(connector: Connector, ref: str, kind: str) -> Fact:
    """The one fact of this kind that asking about a ref leads to."""
    (found,) = [f for f in facts(connector, ask(connector, ref).rows) if f.kind == kind]
    return found


def undone(connector: Connector, row: Row) -> set[str]:
    return {one.kind for one in connector.read(row) if isinstance(one, Undone)}
