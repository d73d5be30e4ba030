"""The proxy of faults before a real server: each fault is seen on the wire, and what it does to a connector."""

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from connectors.sdk import TryAgain, Unreadable
from connectors.sdk.answer import retry_after
from connectors.sdk.http import Http
from connectors.sdk.testing import Fault, FaultProxy, Server, say
from connectors.sdk.testing.faults import FAULTS, parsed

pytestmark = pytest.mark.alone

ROWS = {"at": "2026-11-22T10:00:00Z", "rows": [{"id": "a", "sum": "84.90"}, {"id": "b", "sum": "1.00"}]}


@pytest.fixture
def proxy() -> Iterator[FaultProxy]:
    with Server(say(200, ROWS)) as source, FaultProxy(source.url, untouched=["/control"]) as proxy:
        yield proxy


def get(proxy: FaultProxy, path: str = "/rows?page=2") -> Any:
    return Http(proxy.url, internal=True, limit_s=0.6, name="The warehouse").get(path)


def test_without_faults_it_hands_everything_on_as_it_is(proxy: FaultProxy) -> None:
    assert get(proxy) == ROWS
    assert proxy.asked[0].target == "/rows?page=2"


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ("stall", "did not answer within"),
        ("drip:seconds=0.1", "did not answer within"),
        ("latency:seconds=2", "did not answer within"),
        ("reset", "could not be reached"),
        ("rate_limit:seconds=30", "asks us to slow down"),
        ("errors:status=502", "is in trouble"),
    ],
)
def test_a_source_in_trouble_is_one_to_try_again(proxy: FaultProxy, fault: str, sentence: str) -> None:
    proxy.put(parsed(fault))
    began = time.monotonic()
    with pytest.raises(TryAgain, match=sentence):
        get(proxy)
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("fault", ["truncate", "content_type"])
def test_a_spoiled_answer_is_never_taken_for_an_absence(proxy: FaultProxy, fault: str) -> None:
    proxy.put(Fault(fault))
    with pytest.raises(TryAgain) as caught:
        get(proxy)
    assert isinstance(caught.value, Unreadable) or "could not be reached" in caught.value.sentence


def test_rows_are_doubled_turned_renamed_and_their_times_moved(proxy: FaultProxy) -> None:
    proxy.put(Fault("duplicates"))
    assert [row["id"] for row in get(proxy)["rows"]] == ["a", "a", "b", "b"]
    proxy.put(Fault("reorder"))
    assert [row["id"] for row in get(proxy)["rows"]] == ["b", "b", "a", "a"]
    proxy.clear()
    proxy.put(Fault("drift"))
    assert list(get(proxy)["rows_v2"][0]) == ["id", "sum_v2"]
    proxy.clear("drift")
    proxy.put(Fault("clock_skew", seconds=-3600))
    assert get(proxy)["at"] == "2026-11-22T09:00:00Z"


def test_a_rate_limit_may_be_told_as_a_date(proxy: FaultProxy) -> None:
    proxy.put(Fault("rate_limit_date", seconds=120))
    answer = requests.get(proxy.url, timeout=5)
    assert answer.status_code == 429
    assert 100 < (retry_after(answer.headers["Retry-After"]) or 0) <= 121


def test_a_share_of_the_requests_fails_and_in_bursts(proxy: FaultProxy) -> None:
    proxy.put(Fault("errors", share=0.3, burst=3))
    with requests.Session() as session:
        failed = [session.get(proxy.url, timeout=5).status_code == 503 for _ in range(300)]
    assert 40 < sum(failed) < 160
    assert "TTT" in "".join("T" if one else "." for one in failed)


def test_some_paths_no_fault_ever_meets(proxy: FaultProxy) -> None:
    proxy.put(Fault("stall"))
    assert get(proxy, "/control") == ROWS


def test_a_fault_that_can_not_be_meant_is_refused_with_a_sentence() -> None:
    for wrong in ("sleepy", "errors:status=200", "latency:seconds=1e12", "drip:often=1", "errors:share=2"):
        with pytest.raises(ValueError, match=r"\.$"):
            parsed(wrong)
    assert json.loads(json.dumps(list(FAULTS)))[0] == "latency"
