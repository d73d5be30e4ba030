"""What the pages say of a source that tells by itself, of one that is left alone for a while, and in which zone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from connectors.host.errors import BadSource
from connectors.host.models import Source
from connectors.host.selectors import house_zone, source_health
from connectors.host.services import facts_push, facts_record, source_retry, source_save
from connectors.host.services.gathering import lanes
from connectors.sdk import Fact, Ref, Row, TryAgain
from connectors.sdk.transport import LaneState, SourceLane
from tests.sources.conftest import Plain, checked, make
from tests.sources.test_pages import page
from workspace.pages.sources.wording import rests

EVENT = {"specversion": "1.0", "id": "e1", "source": "till", "type": "return.received", "subject": "return:R1",
         "time": "2026-11-01T10:00:00Z", "data": {}}  # fmt: skip


@pytest.fixture
def till(db: None) -> Source:
    """A source that only pushes."""
    return source_save(
        name="till", title="Till", connector="push", domain="warehouse", settings={}, freshness_s=60, by="Jonas"
    )


def test_a_source_that_tells_by_itself_is_not_offered_to_be_asked(till: Source, integrator: Client) -> None:
    said = page(integrator, "/sources/till/")
    assert "Nothing has arrived from Till yet" in said and "Nothing yet" in said
    assert "Ask now" not in said and "asked yet" not in said and "Not asked" not in said
    assert source_health("till").cause == "Nothing has arrived from Till yet."
    with pytest.raises(BadSource, match="never asked"):
        source_retry(name="till", by="Jonas")


def test_once_something_has_come_it_says_when(till: Source, integrator: Client) -> None:
    facts_push(events=[EVENT])
    said = page(integrator, "/sources/till/")
    assert "Till tells us by itself" in said and "It last told us something new" in said and "Ask now" not in said
    checked(till, 1, how="check")
    assert source_health("till").cause == "Till tells us by itself." and source_health("till").age_s is None


def test_a_breaker_that_is_open_is_told_in_a_sentence(
    db: None, integrator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lanes, "_lanes", {})
    ledger = make("ledger", poll_s=None)
    assert "calls failed" not in page(integrator, "/sources/ledger/")
    _fail(lanes.lane_of(ledger), 6)
    until = timezone.localtime(lanes.lane_of(ledger).state().rests_until, house_zone())
    said = page(integrator, "/sources/ledger/")
    assert f"Not asked until {until:%H:%M:%S}: 5 of the last 5 calls failed." in said


def _fail(lane: SourceLane, times: int) -> None:
    """Calls that fail, until the lane lets none through any more."""
    for _ in range(times):
        try:
            with lane.admit():
                raise TryAgain("Down.")
        except TryAgain:
            pass


UNTIL = datetime(2026, 11, 22, 14, 3, 10, tzinfo=ZoneInfo("UTC"))


@pytest.mark.parametrize(("breaker", "until", "polled", "said"), [
    ("open", UNTIL, False, "Not asked until 14:03:10: 6 of the last 10 calls failed."),
    ("open", UNTIL, True, "No case asks it until 14:03:10: 6 of the last 10 calls failed."),
    ("half open", None, False, "The next call is a trial: 6 of the last 10 calls failed."),
    ("closed", UNTIL, False, "Not asked until 14:03:10: it asked us to wait."), ("closed", None, False, ""),
])  # fmt: skip
def test_each_state_of_a_lane_has_its_sentence(breaker: str, until: datetime | None, polled: bool, said: str) -> None:
    lane = LaneState("Ledger", breaker, until, 6, 10, 0, 4, 9, 0, 0, None, None)  # type: ignore[arg-type]
    assert rests(lane, polled=polled) == said


class Library(Plain):
    """Reads a document as it is."""

    def read(self, row: Row) -> Iterable[Fact]:
        yield Fact("policy.delivery", row.body, [Ref("policy", "delivery")])


DOCUMENT = {"document": "DL-2", "title": "Delivery", "version": "1", "in_force_from": "2020-01-01",
            "zone": "Europe/Helsinki"}  # fmt: skip


def test_sources_are_shown_in_the_zone_of_the_policies_and_say_so(warehouse: Source, integrator: Client) -> None:
    assert "Times are in UTC." in page(integrator)
    policy = make("policy", zone="Asia/Tokyo")
    Source.objects.filter(pk=policy.pk).update(domain="policy")
    assert "Times are in Asia/Tokyo." in page(integrator)
    facts_record(source=policy, rows=[Row("document", "RT-7", DOCUMENT)], how="poll", started_at=timezone.now(),
                 connector=Library(SimpleNamespace(zone="Asia/Tokyo"), None))  # type: ignore[arg-type]
    checked(warehouse, 1, "unreachable", "Warehouse can’t be reached.")
    said = page(integrator, "/sources/warehouse/")
    since = timezone.localtime(source_health("warehouse").since, ZoneInfo("Europe/Helsinki"))
    assert "Times are in Europe/Helsinki." in said and "since <time datetime=" in said and f">{since:%H:%M}<" in said
