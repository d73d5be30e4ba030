"""The host treats a connector from a manifest like any other: polled, asked, stored, and told what it can't read."""

from collections.abc import Iterator
from typing import Any

import pytest

from connectors.host.models import Fact, Malformed, Source, SourceCursor
from connectors.host.services.polling import source_poll
from connectors.host.services.sources import source_save
from connectors.sdk.testing import Asked, Server
from tests.manifest.conftest import behaviour

pytestmark = pytest.mark.django_db
SENT: dict[str, Any] = {
    "rma": "RMA-1", "status": "RECEIVED", "revision": 1, "order": {"number": "A-1"},
    "received_at": "2026-11-13T16:02:00", "updated_at": "2026-11-16T06:41:07",
}  # fmt: skip


@pytest.fixture
def depot(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Source, list[Any], list[Asked]]]:
    """A source with the bundled manifest; the rows that it has are the test's to change."""
    rows: list[Any] = []
    monkeypatch.setenv("WAREHOUSE_KEY", "k-e-y-12345")
    with Server(behaviour(lambda asked: {"data": {"returns": rows}, "meta": {"more": False}})) as server:
        source = source_save(
            name="depot", title="Depot", connector="rest", domain="warehouse", zone="Europe/Helsinki", freshness_s=60,
            poll_s=60, settings={"base_url": server.url, "internal": True, "key": "env:WAREHOUSE_KEY"},
        )  # fmt: skip
        yield source, rows, server.asked


def kinds(source: Source) -> list[str]:
    return sorted(Fact.objects.filter(source=source, superseded_at=None).values_list("kind", flat=True))


def test_it_is_polled_and_what_it_says_is_stored(depot: tuple[Source, list[Any], list[Asked]]) -> None:
    source, rows, asked = depot
    assert source_poll(name="depot") == 0  # from now on
    rows.append(SENT)
    SourceCursor.objects.update(cursor="2026-11-16T06:00:00+00:00")
    assert source_poll(name="depot") == 2 and kinds(source) == ["return.dispatched", "return.received"]
    assert asked[-1].headers["authorization"] == "Bearer k-e-y-12345"
    assert SourceCursor.objects.get(source=source).cursor == "2026-11-16T06:41:07+00:00"
    assert source_poll(name="depot") == 0


def test_an_unknown_status_is_kept_with_its_sentence_and_the_rest_is_stored(
    depot: tuple[Source, list[Any], list[Asked]],
) -> None:
    source, rows, _ = depot
    rows += [{**SENT, "rma": "RMA-2", "status": "ON_HOLD"}, SENT]
    SourceCursor.objects.update(cursor="2026-11-16T06:00:00+00:00")
    assert source_poll(name="depot") == 2
    assert "'ON_HOLD' is not named in connector.toml" in Malformed.objects.get().reason
