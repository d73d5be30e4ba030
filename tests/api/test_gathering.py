"""Through the API to sources over real HTTP: the stored answer comes at once, what is unknown is asked meanwhile."""

import time
from collections.abc import Callable

import pytest

from connectors.host.models import Check
from connectors.host.selectors import moment
from tests.api.client import Caller, Reply
from tests.api.conftest import opened
from tests.host.test_gathering import Store, stores

pytestmark = pytest.mark.alone

__all__ = ["stores"]


@pytest.fixture
def busy_pool() -> None:
    """Here there are places: what these tests write is committed."""


def until(rep: Caller, reference: str, holds: Callable[[Reply], object]) -> Reply:
    ends = time.monotonic() + 10
    while not holds(reply := rep.get(f"cases/{reference}/answer/")):
        assert time.monotonic() < ends, reply.body
        time.sleep(0.1)
    return reply


def paid(reply: Reply) -> bool:
    """The money has left, and every source has answered."""
    return reply["situation"] == "paid" and {s["status"] for s in reply["sources"]} == {"live"}


def test_a_case_nobody_has_seen_is_asked_about_and_answered(stores: dict[str, Store], rep: Caller) -> None:
    reference = opened(rep, "order:o1")
    assert until(rep, reference, paid)["steps"]
    # One asking each; on a slow machine its request may be sent a second time, by the rules for slow answers.
    assert sorted(Check.objects.values_list("source__name", flat=True)) == sorted(stores)


def test_a_hung_source_costs_the_answer_nothing(stores: dict[str, Store], rep: Caller) -> None:
    stores["finance"].behave = stores["finance"].hang
    reference = opened(rep, "order:o1")
    began = time.monotonic()
    answer = rep.get(f"cases/{reference}/answer/")
    assert answer.status == 200 and time.monotonic() - began < 1


def test_asking_about_the_past_asks_nobody(stores: dict[str, Store], rep: Caller) -> None:
    reference = opened(rep, "order:o1")
    until(rep, reference, paid)
    asked = [len(s.asked) for s in stores.values()]
    for store in stores.values():
        store.rows.clear()
    assert rep.get(f"cases/{reference}/answer/", as_of=moment()[0].isoformat())["situation"] == "paid"
    assert [len(s.asked) for s in stores.values()] == asked


def test_a_refresh_asks_again_and_a_source_that_is_down_is_a_gap(stores: dict[str, Store], rep: Caller) -> None:
    reference = opened(rep, "order:o1")
    until(rep, reference, paid)
    stores["warehouse"].behave = stores["warehouse"].broken
    assert rep.post(f"cases/{reference}/refresh/").status == 202
    answer = until(rep, reference, lambda reply: "source_down" in reply["flags"])
    [gap] = [g for g in answer["gaps"] if g["source"] == "warehouse"]
    assert gap["reason"] and gap["since"] and answer["situation"] == "paid"
