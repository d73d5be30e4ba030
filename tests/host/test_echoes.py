"""A source that sends our own key back: what is kept of it is masked, wherever it stood."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from connectors.host import registry
from connectors.host.models import Fact, Source
from connectors.host.selectors import fact_raw
from connectors.host.services import gather_now, source_poll, source_save
from connectors.host.services.gathering import lanes
from connectors.sdk import Connector, Found, Page, Ref, Row, Settings
from connectors.sdk import Fact as Said
from connectors.sdk.secrets import MASKED
from tests.host.test_told import keeps_the_key

KEY = 'sk_live_"a-key"-of-the-source-ä'
SHORT = "shop"


class EchoSettings(Settings):
    key: str
    password: str = ""


class Echo(Connector):
    """Its rows hold the key that they were asked with, in a value, a name, an id and an address."""

    title, domain, accepts = "Echo", "order", ("order",)
    Settings = EchoSettings

    def check(self) -> str:
        return "It works."

    def lookup(self, refs: Iterable[Ref]) -> Iterator[Found]:
        for ref in refs:
            yield Found(ref, [self._row(f"o-{self.settings.key}")])

    def changes(self, cursor: str | None) -> Iterator[Page]:
        yield Page([self._row("o1"), Row("order", 5, {"asked": self.settings.key})], "c1")  # type: ignore[arg-type]

    def _row(self, id: str) -> Row:
        key = self.settings.key
        body = {"status": f"asked with {key}", "deep": [{key: [1, key]}], "shop": "a shop of shops"}
        return Row("order", id, body, url=f"https://echo.example/?key={key}")

    def read(self, row: Row) -> Iterable[Said]:
        yield Said("order.changed", {"status": row.body["status"]}, [Ref("order", "48-1")])


@pytest.fixture
def echo(committed_db: Any, monkeypatch: pytest.MonkeyPatch) -> Source:
    monkeypatch.setattr(registry, "_discovered", lambda: ({"echo": Echo}, {}))
    monkeypatch.setattr(lanes, "_lanes", {})
    monkeypatch.setenv("ECHO_KEY", KEY)
    monkeypatch.setenv("ECHO_PASSWORD", SHORT)
    monkeypatch.setattr("tests.host.test_told.KEY", "a-key")
    settings = {"base_url": "http://x", "key": "env:ECHO_KEY", "password": "env:ECHO_PASSWORD"}
    return source_save(
        name="echo", title="Echo", connector="echo", domain="order", freshness_s=60, poll_s=60, settings=settings
    )


def test_a_key_that_comes_back_is_stored_nowhere(echo: Source) -> None:
    source_poll(name="echo")
    gather_now(seeds=[Ref("order", "1")], timeout=5, force=True)
    assert Fact.objects.count() == 2 and keeps_the_key() == []


def test_it_is_shown_as_masked_and_nothing_else_is_changed(echo: Source) -> None:
    source_poll(name="echo")
    fact = Fact.objects.select_related("payload").get()
    assert fact.payload.data == {"status": f"asked with {MASKED}"}
    raw = fact_raw(fact.pk)
    assert raw["deep"] == [{MASKED: [1, MASKED]}] and raw["shop"] == "a shop of shops"
