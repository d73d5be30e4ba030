"""A read that takes longer than its source's reads do is asked a second time; whoever answers first wins."""

from __future__ import annotations

import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from connectors.sdk import TryAgain
from connectors.sdk.calls import Call
from connectors.sdk.exchange import Reply, Request, Trouble
from connectors.sdk.hedging import LEAST
from connectors.sdk.testing import Server, hang, in_turn, say
from connectors.sdk.testing.server import Asked, Behaviour
from connectors.sdk.transport import Breaker, NotNow, SourceLane, call

pytestmark = pytest.mark.alone

FINE = say(200, {"ok": 1})


def learned(server: Server, **options: object) -> SourceLane:
    """A lane that knows its source's pace."""
    lane = SourceLane("Finance", internal=True, **options)  # type: ignore[arg-type]
    for _ in range(LEAST):
        read(lane, server)
    return lane


def read(lane: SourceLane, server: Server, limit_s: float = 3.0) -> object:
    with lane.admit(), call(limit_s):
        return lane.http(server.url).get("/x")


def after_pace(*then: Behaviour) -> Behaviour:
    return in_turn(*[FINE] * LEAST, *then)


def late(seconds: float, then: Behaviour = FINE) -> Behaviour:
    def behave(sock: socket.socket, asked: Asked) -> None:
        time.sleep(seconds)
        then(sock, asked)

    return behave


def test_the_second_call_wins_where_the_first_hangs_and_the_first_is_cut() -> None:
    with Server(after_pace(hang(), FINE)) as server:
        lane = learned(server)
        began = time.monotonic()
        assert read(lane, server) == {"ok": 1}
        assert time.monotonic() - began < 0.5
        assert read(lane, server) == {"ok": 1}
        assert len(server.asked) == LEAST + 3
    assert (lane.state().hedges, lane.state().retries, lane.state().in_flight) == (1, 0, 0)


def test_the_first_wins_where_the_second_is_slower_and_the_second_gives_its_place_back() -> None:
    with Server(after_pace(late(0.15), hang(), FINE)) as server:
        lane = learned(server)
        assert read(lane, server) == {"ok": 1}
        until(lambda: lane.state().in_flight == 0)
        assert len(server.asked) == LEAST + 2


@pytest.mark.parametrize("second", [say(503), say(429), hang()])
def test_a_second_answer_that_is_no_good_does_not_count(second: Behaviour) -> None:
    with Server(after_pace(late(0.2), second)) as server:
        assert read(learned(server), server) == {"ok": 1}


def test_the_second_answer_stands_where_the_first_fails_in_the_end() -> None:
    with Server(after_pace(late(0.1, say(503)), late(0.2), say(503))) as server:
        lane = learned(server)
        assert read(lane, server) == {"ok": 1}
    assert lane.state().retries == 0


def test_what_follows_a_won_second_call_is_not_cut() -> None:
    with Server(after_pace(hang(), say(302, b"", {"Location": "/y"}), FINE)) as server:
        assert read(learned(server), server) == {"ok": 1}


def test_a_second_call_is_no_request_of_the_connectors_own() -> None:
    with Server(after_pace(hang(), FINE)) as server:
        lane = learned(server)
        with lane.admit(), call(3) as this:
            lane.http(server.url, max_requests=1).get("/x")
    assert this.requests == 1


def test_second_calls_stay_within_a_twentieth() -> None:
    slow = [late(0.05)] * 20 + [FINE] * 20
    with Server(after_pace(*slow)) as server:
        lane = learned(server)
        for _ in range(20):
            read(lane, server)
        state = lane.state()
    assert 1 <= state.hedges <= (state.requests / 20) + 1


def test_nothing_but_a_read_is_ever_asked_twice() -> None:
    with Server(after_pace(late(0.15))) as server:
        lane = learned(server)
        with lane.admit(), call(3):
            lane.http(server.url).post("/x", json={})
        assert (len(server.asked), lane.state().hedges) == (LEAST + 1, 0)


def test_none_is_sent_before_the_pace_is_known() -> None:
    with Server(late(0.05)) as server:
        lane = SourceLane("Finance", internal=True)
        read(lane, server)
    assert (lane.state().hedges, lane.state().p95_ms) == (0, None)


def test_none_is_sent_without_a_place_or_while_the_breaker_is_not_closed() -> None:
    for options in ({"size": 1}, {"breaker": Breaker(0.01, rest_s=0.01)}):
        with Server(after_pace(late(0.1))) as server:
            lane = learned(server, **options)
            if "breaker" in options:
                lane.breaker.failed()
                time.sleep(0.02)
            read(lane, server)
        assert lane.state().hedges == 0


def test_the_deadline_holds_for_both() -> None:
    with Server(after_pace(hang())) as server:
        lane = learned(server)
        began = time.monotonic()
        with pytest.raises(TryAgain, match=r"within 0\.3 s"):
            read(lane, server, 0.3)
        assert time.monotonic() - began < 0.4
        until(lambda: lane.state().in_flight == 0)


def test_an_open_breaker_lets_exactly_one_of_many_threads_probe() -> None:
    with Server(late(0.1)) as server:
        lane = SourceLane("Finance", 30, internal=True, breaker=Breaker(least=1, rest_s=0.05))
        lane.breaker.failed()
        assert (lane.state().breaker, lane.state().rests_until is not None) == ("open", True)
        time.sleep(0.06)
        assert lane.state().breaker == "half open"
        start = threading.Barrier(20)

        def ask(_: int) -> bool:
            start.wait()
            try:
                return bool(read(lane, server))
            except NotNow:
                return False

        with ThreadPoolExecutor(20) as pool:
            assert sum(pool.map(ask, range(20))) == 1
        assert (len(server.asked), lane.state().breaker) == (1, "closed")


class Spoken:
    """A transport without a network."""

    def __init__(self) -> None:
        self.sent: list[Request] = []

    def send(self, request: Request, within: Call, max_bytes: int) -> Reply:
        self.sent.append(request)
        if request.target == "/lost":
            raise Trouble("lost", "nothing came")
        return Reply(200, {"content-type": "application/json"}, b'{"here": true}')

    def close(self) -> None:
        pass


def test_another_transport_can_be_put_in() -> None:
    lane = SourceLane("Finance", transport=Spoken())
    with lane.admit():
        assert lane.http("https://finance.example/api").get("/a b", {"q": "ä"}) == {"here": True}
    with pytest.raises(TryAgain, match="could not be reached"), lane.admit():
        lane.http("https://finance.example").get("/lost")
    assert lane.state().requests == 3


def until(true: object) -> None:
    for _ in range(100):
        if true():  # type: ignore[operator]
            return
        time.sleep(0.01)
    raise AssertionError("it never came true")
