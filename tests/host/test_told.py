"""Whatever a connector's errors and remarks say, they are kept soundly, without a secret, and polling goes on."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from django.db import connection

from connectors.host import registry
from connectors.host.models import Check, Source
from connectors.host.selectors import source_health
from connectors.host.services import gather_now, source_act, source_check, source_poll, source_save
from connectors.host.services.gathering import lanes
from connectors.sdk import Connector, Done, Fact, Found, Page, Ref, Row, SourceError, TryAgain, Unreadable, action
from connectors.sdk.secrets import secret_resolve

KEY = "sk_live_a-key-of-the-source"
ODD = f"the key is {KEY}, the order a\x00b \ud800"


class Chatty(Connector):
    title, domain, accepts = "Chatty", "finance", ("order",)
    fails: Any = None

    def check(self) -> str:
        return self._said()

    def lookup(self, refs: Iterable[Ref]) -> Iterator[Found]:
        for ref in refs:
            yield Found(ref, [Row("order", self._said()[:3], {})], complete=False, reason=ODD)

    def changes(self, cursor: str | None) -> Iterator[Page]:
        yield Page([Row("order", self._said()[:3], {})], "c1")

    def read(self, row: Row) -> Iterable[Fact]:
        raise ValueError(ODD)

    @action("Do it?")
    def act(self, key: str) -> Done:
        return Done(self._said())

    def _said(self) -> str:
        if self.fails:
            raise self.fails
        return ODD


@pytest.fixture
def chatty(committed_db: Any, monkeypatch: pytest.MonkeyPatch) -> Source:
    monkeypatch.setattr(registry, "_discovered", lambda: ({"chatty": Chatty}, {}))
    monkeypatch.setattr(lanes, "_lanes", {})
    monkeypatch.setenv("CHATTY_KEY", KEY)
    return source_save(name="chatty", title="Chatty", connector="chatty", domain="finance", freshness_s=60, poll_s=60,
                       settings={"base_url": "http://x", "webhook_secret": "env:CHATTY_KEY"})  # fmt: skip


def keeps_the_key() -> list[str]:
    """Tables in which it stands."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = [row[0] for row in cursor.fetchall()]
        found = []
        for table in tables:
            cursor.execute(f'SELECT EXISTS (SELECT FROM "{table}" t WHERE t::text LIKE %s)', [f"%{KEY}%"])
            found += [table] if cursor.fetchone()[0] else []  # type: ignore[index]
    return found


@pytest.mark.parametrize("kind", [None, RuntimeError, TryAgain, Unreadable, SourceError])
def test_whatever_they_say_is_kept_and_no_secret_is(kind: Any, chatty: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    secret_resolve("env:CHATTY_KEY")
    monkeypatch.setattr(Chatty, "fails", kind and kind(ODD))
    source_poll(name="chatty")
    gather_now(seeds=[Ref("order", "1")], timeout=5, force=True)
    assert set(Check.objects.values_list("how", flat=True)) == {"poll", "lookup"}
    assert keeps_the_key() == [] and KEY not in str(source_health("chatty"))
    lanes._lanes.clear()
    if kind is None:
        assert KEY not in source_act(source="chatty", action="act", arguments={}, key="k").sentence
    elif kind is not RuntimeError:
        with pytest.raises(SourceError) as caught:
            source_check(name="chatty")
        assert KEY not in str(caught.value) and str(caught.value).endswith("the order a\\u0000b \\ud800")


def test_however_long_it_asks_us_to_wait_there_is_a_due_time() -> None:
    waits = [TryAgain("", after=after).after for after in (math.inf, 1e300, -5, 3, math.nan, None)]
    assert waits == [30 * 86400, 30 * 86400, 0, 3, None, None]


def test_a_secret_is_read_from_ordinary_files_alone(tmp_path: Any) -> None:
    for place in ("/dev/zero", "/proc/self/environ", "/etc", "/a\x00b", str(tmp_path / "none")):
        with pytest.raises(SourceError, match="can't be read"):
            secret_resolve(f"file:{place}")
