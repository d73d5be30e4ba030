"""The cast of the source tests: a warehouse that is polled, a ledger that is asked, and what they said when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.utils import timezone

from connectors.host import registry
from connectors.host.models import Check, Source
from connectors.host.selectors import health_rows
from connectors.host.services import clock_tick, source_save
from connectors.sdk import Connector, Fact, Found, Page, Ref, Row, SourceError, TryAgain
from connectors.sdk.testing import Server, say


class Plain(Connector):
    """Asks ``/check``, ``/things`` and ``/changes`` of a real server; rows say their facts plainly."""

    title = "Plain warehouse"
    domain = "warehouse"
    accepts = ("return",)
    covers = {"return": ("return.received",)}

    def check(self) -> str:
        self.http.get("/check")
        return "It works."

    def lookup(self, refs: Iterable[Ref]) -> Iterator[Found]:
        for ref in refs:
            yield Found(ref, [self._row(thing) for thing in self.http.get("/things")])

    def changes(self, cursor: str | None) -> Iterator[Page]:
        yield Page([self._row(thing) for thing in self.http.get("/changes")], "c2")

    def _row(self, thing: dict[str, Any]) -> Row:
        return Row("return", thing["id"], thing)

    def read(self, row: Row) -> Iterable[Fact]:
        yield Fact("return.received", {}, [Ref("return", row.id)], datetime.fromisoformat(row.body["at"]))


@pytest.fixture(autouse=True)
def plain_connector(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health_rows, "_over", {})
    found = {**registry.connector_classes(), "plain": Plain}
    monkeypatch.setattr(registry, "_discovered", lambda: (found, {}))


def make(name: str = "warehouse", *, poll_s: float | None = 60, freshness_s: float = 1800, **more: Any) -> Source:
    settings = {"base_url": "http://127.0.0.1:9", "internal": True, **more.pop("settings", {})}
    return source_save(
        name=name, title=more.pop("title", name.title()), connector="plain", domain="warehouse", settings=settings,
        freshness_s=freshness_s, poll_s=poll_s, **more,
    )  # fmt: skip


def checked(source: Source, minutes_ago: float, outcome: str = "ok", reason: str = "", **more: Any) -> Check:
    """A check that was stored so long ago."""
    at = timezone.now() - timedelta(minutes=minutes_ago)
    how = more.pop("how", "poll" if source.poll_s else "lookup")
    return Check.objects.create(
        source=source, how=how, started_at=at, learned_at=at, took_ms=more.pop("took_ms", 40), outcome=outcome,
        reason=reason, **more,
    )  # fmt: skip


@pytest.fixture
def warehouse(db: None) -> Source:
    clock_tick()
    return make()


def person(role: str) -> Client:
    user = User.objects.create_user(role, first_name=role.title(), last_name="Virta")
    user.groups.add(Group.objects.get_or_create(name=role)[0])
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def integrator(db: None) -> Client:
    return person("integrator")


__all__ = ["Plain", "Server", "SourceError", "TryAgain", "checked", "make", "person", "say"]
