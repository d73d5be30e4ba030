"""How gathering stores, pauses and gives way, over real HTTP, with real threads and commits."""

import threading
import time
from collections.abc import Sequence
from typing import Any

import pytest

from connectors.host.models import CheckRef, Fact, Lease, Source
from connectors.host.services import gather, gather_now
from connectors.host.services.gathering import lane_states, lanes, writer
from connectors.host.services.gathering.writer import Word
from connectors.host.services.recording import Batch, Recorded
from connectors.host.signals import facts_recorded
from connectors.sdk import Ref
from tests.host.test_gathering import ORDER, Store, _thing, kinds, stores

pytestmark = pytest.mark.alone

__all__ = ["stores"]


def hit(name: str) -> set[str]:
    return set(CheckRef.objects.filter(source__name=name).values_list("outcome", flat=True))


def test_a_paused_source_is_never_asked_and_that_is_said(stores: dict[str, Store]) -> None:
    Source.objects.filter(name="finance").update(paused=True)
    gathering = gather_now(seeds=[ORDER], timeout=5)
    assert gathering.settled and gathering.rejected == {"finance": "Finance is paused."}
    assert stores["finance"].asked == [] and kinds() == {"order.placed", "return.received"}


def test_answers_that_came_together_are_stored_in_one_transaction(
    stores: dict[str, Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    stores["shop"].rows["/order:o1"] = [_thing("1", "order.placed", "order:o1", "return:x1", "payment:p1")]
    for name in ("warehouse", "finance"):
        stores[name].behave = stores[name].slow
    groups: list[int] = []
    real = writer.facts_record_all

    def watched(batches: Sequence[Batch], **more: Any) -> list[Recorded]:
        groups.append(len(batches))
        return real(batches, **more)

    monkeypatch.setattr(writer, "facts_record_all", watched)
    monkeypatch.setattr(writer, "PAUSE_S", 0.3)
    monkeypatch.setattr(writer, "LINGER_S", 0.3)
    assert gather_now(seeds=[ORDER], timeout=5).settled
    assert groups == [1, 2]


def test_an_answer_that_can_not_be_stored_spoils_no_other(
    stores: dict[str, Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = writer.facts_record_all

    def picky(batches: Sequence[Batch], **more: Any) -> list[Recorded]:
        if any(batch.source.name == "warehouse" for batch in batches):
            raise ValueError("no room for the warehouse")
        return real(batches, **more)

    monkeypatch.setattr(writer, "facts_record_all", picky)
    assert gather_now(seeds=[ORDER], timeout=5).settled
    assert kinds() == {"order.placed", "refund.paid"}
    assert Lease.objects.count() == 0


def test_a_gathering_is_settled_when_its_answers_are_stored_whoever_still_reads_the_news(
    stores: dict[str, Store],
) -> None:
    free = threading.Event()

    def slow_reader(**_: Any) -> None:
        free.wait(3)

    facts_recorded.connect(slow_reader, weak=False, dispatch_uid="slow")
    try:
        gathering = gather(seeds=[ORDER])
        assert gathering.wait(2.5) and Fact.objects.count() == 3
        assert not gathering.wait_told(0.1)
        free.set()
        assert gathering.wait_told(3)
    finally:
        free.set()
        facts_recorded.disconnect(dispatch_uid="slow")


def test_a_full_pool_asks_nothing_says_so_and_gives_back_what_it_took(
    stores: dict[str, Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lanes, "pool_submit", lambda *_: False)
    gathering = gather_now(seeds=[ORDER], timeout=5)
    assert gathering.settled and "Too many" in gathering.rejected["shop"] and gathering.asked == 0
    assert Lease.objects.count() == 0 and lane_states()[Source.objects.get(name="shop").pk].in_flight == 0


def test_what_the_cap_cuts_off_is_a_visible_gap(stores: dict[str, Store]) -> None:
    gathering = gather_now(seeds=[Ref("order", f"o{n}") for n in range(55)], timeout=10)
    assert gathering.settled and len(stores["shop"].asked) == 50
    assert CheckRef.objects.filter(source__name="shop", outcome="refused").count() == 5


def test_the_lanes_of_this_process_tell_how_they_stand(stores: dict[str, Store]) -> None:
    stores["finance"].behave = stores["finance"].broken
    for _ in range(5):
        gather_now(seeds=[ORDER], timeout=5, force=True)
    states = {state.name: state for state in lane_states().values()}
    assert (states["Shop"].breaker, states["Shop"].requests, states["Shop"].in_flight) == ("closed", 5, 0)
    assert states["Finance"].breaker == "open" and states["Finance"].rests_until is not None
    assert "left alone" in gather_now(seeds=[ORDER], timeout=5, force=True).rejected["finance"]
    assert hit("finance") == {"unreachable"}


def test_a_hung_source_delays_no_storing_of_the_others(stores: dict[str, Store]) -> None:
    stores["warehouse"].behave = stores["warehouse"].hang
    Source.objects.filter(name="warehouse").update(source_limit_s=15)
    gatherings = []
    for n in range(3):
        gatherings.append(gather(seeds=[ORDER], force=True))
        began = time.monotonic()
        while CheckRef.objects.filter(source__name="finance").count() <= n and time.monotonic() - began < 6:
            time.sleep(0.01)
        assert time.monotonic() - began < 6  # the hung one is left after 15
    assert hit("finance") == {"found"}
    stores["warehouse"].freed.set()
    assert all(gathering.wait_told(10) for gathering in gatherings)


class Lone:
    """An owner of words that is told nothing more."""

    holder = "lone"

    def __init__(self) -> None:
        self.times = 0
        self.ended = threading.Event()

    def stored(self, recorded: Sequence[Recorded]) -> None:
        raise RuntimeError("its owner can't go on")

    def done(self, times: int = 1, *, untold: bool = False) -> None:
        self.times += times

    def told(self, times: int) -> None:
        self.ended.set()


def test_an_owner_that_fails_stops_no_writer(stores: dict[str, Store]) -> None:
    for _ in range(2):
        lone = Lone()
        writer.writer().expect()
        writer.writer().put(Word(lone, Source.objects.get(name="shop").pk, (), None))
        assert lone.ended.wait(15) and lone.times == 1
