"""The past of the demo's own systems, read page by page."""

from collections.abc import Iterator

import pytest

from connectors.host.models import Backfill, Fact
from connectors.host.services import backfill_start, backfill_work, source_save
from tests.demo.conftest import TOKEN, Systems, running


@pytest.fixture(scope="module")
def systems(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Systems]:
    with running(tmp_path_factory.mktemp("systems")) as found:
        yield found


@pytest.mark.parametrize(("name", "kind"), [("shop", "order.placed"), ("warehouse", "return.received")])
def test_the_past_of_a_demo_system_is_read(
    db: None, systems: Systems, name: str, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEMO_KEY", TOKEN)
    source_save(
        name=name, title=name.title(), connector=f"demo_{name}", domain="order", freshness_s=60, poll_s=60,
        settings={"base_url": systems.urls[name], "internal": True, "api_key": "env:DEMO_KEY"},
    )  # fmt: skip
    backfill = backfill_start(source=name, since=None, pages_a_minute=6000).pk
    while backfill_work(backfill_id=backfill):
        pass
    done = Backfill.objects.get()
    assert (done.state, done.malformed) == ("done", 0) and done.pages > 1
    assert Fact.objects.filter(kind=kind).count() > 20 and done.new == Fact.objects.count()
