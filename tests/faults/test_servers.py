"""The servers underneath go away and come back, and clocks are wrong: nothing lost, nothing doubled, nothing untrue."""

from __future__ import annotations

import os
import signal
import time

import pytest
import redis
import requests

from tests.faults.house import House
from tests.faults.test_killed import Times, goes_on

pytestmark = pytest.mark.faults
FLAP_S = float(os.environ.get("FLAP_S", "600"))


def test_the_database_is_stopped_at_once_and_comes_back(home: House, seconds: Times) -> None:
    before = home.facts()
    last = home.grow(4000)
    home.wait(lambda: home.facts() > before + 300)
    home.database_stop(signal.SIGQUIT)
    assert home.deliver("away", [1]) >= 500, "its sender must learn that it was not kept"
    assert (
        requests.get(f"{home.url}/api/v1/sources/", headers={"Authorization": "Token x"}, timeout=20).status_code == 503
    )
    time.sleep(3)
    home.database_start()
    goes_on(home, home.facts, last, seconds)
    home.deliver_until_taken("away", [1])
    home.wait(lambda: home.facts("pushed") == 1)
    home.holds(last)


def test_the_broker_is_emptied_and_started_anew(home: House, seconds: Times) -> None:
    before, pushed = home.facts(), home.facts("pushed")
    last = home.grow(4000)
    home.wait(lambda: home.facts() > before + 300)
    redis.Redis.from_url(home.broker).flushall()
    home.running.pop("broker").kill()
    assert home.deliver("unrung", [2]) == 202, "what was kept is taken, whether or not a bell rings"
    time.sleep(2)
    home.broker_start()
    goes_on(home, home.facts, last, seconds)
    home.wait(lambda: home.facts("pushed") == pushed + 1)
    home.holds(last)


def test_two_workers_share_the_deliveries_and_double_none(home: House, seconds: Times) -> None:
    home.start("worker2")
    for n in range(300):
        assert home.deliver(f"shared-{n}", [1 + n]) == 202
        assert home.deliver(f"shared-{n}", [1 + n]) < 300, "the same again is the same"
    home.wait(lambda: home.facts("pushed") >= 300)
    home.holds(300, "pushed")
    home.kill("worker2")


def test_a_source_is_away_and_nobody_says_that_there_is_nothing(home: House, seconds: Times) -> None:
    last = home.grow(10)
    home.wait(lambda: home.cursor() == str(last))
    assert home.answer(last)["situation"] == "paid"
    home.kill("source")
    told = home.answer(last + 1)
    assert told["situation"] == "unknown"
    assert [gap["source"] for gap in told["gaps"]]
    home.wait(lambda: home.api("GET", "sources/tally/")["state"] in ("retrying", "late", "down"), 20)
    home.start("source")
    home.grow(last + 1)
    seconds["polled again after"] = home.wait(lambda: home.cursor() == str(last + 1))
    assert home.answer(last + 1)["situation"] == "paid"
