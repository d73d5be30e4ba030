"""One bad source takes nothing from the others."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from connectors.sdk import Missing, TryAgain, Unreadable
from connectors.sdk import testing as hostile
from connectors.sdk.budget import RetryBudget
from connectors.sdk.http import Http
from connectors.sdk.testing import Server, say
from connectors.sdk.transport import Breaker, Bulkhead, Busy, NotNow, SourceLane, call

pytestmark = pytest.mark.alone


def test_a_read_is_repeated_once_after_trouble() -> None:
    for trouble in (say(502), say(503), say(504), hostile.cut_in_headers(), say(503, b"", {"Retry-After": "0"})):
        with Server(hostile.in_turn(trouble, say(200, {"ok": 1}))) as server:
            assert Http(server.url, internal=True).get("/x") == {"ok": 1}
        assert len(server.asked) == 2


@pytest.mark.parametrize("answer", [say(500), say(429), say(503, b"", {"Retry-After": "60"}), say(404)])
def test_nothing_else_is_repeated(answer: hostile.Behaviour) -> None:
    with Server(answer) as server, pytest.raises((TryAgain, Missing)):
        Http(server.url, internal=True).get("/x")
    assert len(server.asked) == 1


def test_retries_of_a_source_stay_within_a_tenth_of_its_calls() -> None:
    with Server(say(503)) as server:
        http = Http(server.url, internal=True)
        for _ in range(40):
            with pytest.raises(TryAgain):
                http.get("/x")
    assert 42 <= len(server.asked) <= 46


def test_the_budget_is_shared_between_threads() -> None:
    budget = RetryBudget(start=3)
    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(lambda _: budget.take(), range(50))) == 3


def test_a_source_stops_being_asked_when_one_question_needs_too_many_requests() -> None:
    with Server(say(200, {})) as server, call(5), pytest.raises(Unreadable):
        http = Http(server.url, internal=True, max_requests=5)
        for _ in range(9):
            http.get("/x")
    assert len(server.asked) == 5


def test_a_full_source_turns_the_next_call_away_at_once() -> None:
    lane = SourceLane("Finance", 1)
    with lane.admit():
        began = time.monotonic()
        with pytest.raises(Busy), lane.admit():
            pass
        assert time.monotonic() - began < 0.05
    with lane.admit():
        pass


def test_a_bulkhead_gives_back_what_was_taken() -> None:
    bulkhead = Bulkhead(2)
    assert [bulkhead.enter() for _ in range(3)] == [True, True, False]
    bulkhead.leave()
    assert bulkhead.enter()


def test_a_breaker_opens_by_rate_lets_one_probe_through_and_closes_when_it_succeeds() -> None:
    breaker = Breaker(least=4, rest_s=0.05)
    for _ in range(2):
        breaker.succeeded()
    for _ in range(2):
        assert breaker.closed_in_s() == 0
        breaker.failed()
    assert breaker.closed_in_s() > 0
    time.sleep(0.06)
    assert breaker.closed_in_s() == 0
    assert breaker.closed_in_s() > 0
    breaker.succeeded()
    assert breaker.closed_in_s() == 0


def test_a_probe_that_fails_opens_the_breaker_again() -> None:
    breaker = Breaker(least=2, rest_s=0.05)
    breaker.failed()
    breaker.failed()
    time.sleep(0.06)
    assert breaker.closed_in_s() == 0
    breaker.failed()
    assert breaker.closed_in_s() > 0


def test_a_source_that_asks_us_to_wait_is_left_alone_until_then() -> None:
    lane = SourceLane("Finance")
    with pytest.raises(TryAgain), lane.admit():
        raise TryAgain("slow down", after=0.1)
    with pytest.raises(NotNow) as raised, lane.admit():
        pass
    assert raised.value.until.tzinfo and raised.value.after is not None and raised.value.after <= 0.1
    time.sleep(0.12)
    with lane.admit():
        pass


def test_failures_open_the_lane_but_answers_and_errors_of_our_own_do_not() -> None:
    lane = SourceLane("Finance", breaker=Breaker(least=3))
    for error in (Missing("none"), KeyError("x")) * 3:
        with pytest.raises(type(error)), lane.admit():
            raise error
    for _ in range(3):
        with pytest.raises(TryAgain), lane.admit():
            raise TryAgain("down")
    with pytest.raises(NotNow), lane.admit():
        pass


def test_with_one_source_hung_seven_of_seven_healthy_ones_answer() -> None:
    with Server(hostile.hang()) as hung, Server(say(200, {"ok": 1})) as fine:
        lanes = [SourceLane(f"source {n}", 4, internal=True) for n in range(8)]

        def ask(n: int) -> str:
            lane = lanes[n % 8]
            try:
                with lane.admit(), call(0.5):
                    lane.http((hung if n % 8 == 7 else fine).url).get("/x")
                return "fine"
            except TryAgain as error:
                return type(error).__name__

        began = time.monotonic()
        with ThreadPoolExecutor(8) as pool:
            rounds = list(pool.map(ask, range(32)))
    assert [found for n, found in enumerate(rounds) if n % 8 != 7] == ["fine"] * 28
    assert {found for n, found in enumerate(rounds) if n % 8 == 7} <= {"TryAgain", "Busy"}
    assert time.monotonic() - began < 4


def test_one_thread_watches_all_deadlines() -> None:
    for _ in range(50):
        with call(1):
            pass
    assert sum(thread.name == "deadlines" for thread in threading.enumerate()) == 1


def test_a_turn_that_asks_nothing_neither_closes_the_breaker_nor_uses_up_its_probe() -> None:
    breaker = Breaker(least=1, rest_s=0.05)
    with Server(say(200, {})) as server:
        lane = SourceLane("Finance", internal=True, breaker=breaker)
        breaker.failed()
        time.sleep(0.06)
        with lane.admit():
            pass
        with lane.admit():
            with pytest.raises(NotNow), lane.admit():
                pass
            lane.http(server.url).get("/x")
        assert breaker.closed_in_s() == 0 == breaker.closed_in_s()
