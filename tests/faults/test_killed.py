"""Processes killed outright in the middle of their work: nothing lost, nothing doubled, and work goes on in time."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from tests.faults.house import RECOVERED_S, House

pytestmark = pytest.mark.faults
Times = dict[str, float]


def test_a_workers_child_is_killed_while_it_polls(home: House, seconds: Times) -> None:
    before = home.facts()
    last = home.grow(5000)
    home.wait(lambda: home.facts() > before + 300)
    home.kill_child("worker")
    goes_on(home, home.facts, last, seconds)
    home.holds(last)


def test_a_whole_worker_is_killed_while_it_polls(home: House, seconds: Times) -> None:
    before = home.facts()
    last = home.grow(5000)
    home.wait(lambda: home.facts() > before + 300)
    home.kill("worker")
    home.start("worker")
    goes_on(home, home.facts, last, seconds)
    home.holds(last)


def test_a_worker_is_killed_while_it_works_on_deliveries(home: House, seconds: Times) -> None:
    known = lambda: home.facts("pushed")  # noqa: E731
    for n in range(0, 400, 2):
        assert home.deliver(f"first-{n}", [n + 1, n + 2]) == 202
        if n == 200:
            home.wait(lambda: known() > 0)
            home.kill("worker")
    home.start("worker")
    goes_on(home, known, 400, seconds)
    home.wait(lambda: home.ask("SELECT count(*) FROM host_inboundwork WHERE state <> 'done'") == 0)
    home.holds(400, "pushed")


def test_the_web_is_killed_while_deliveries_come_in(home: House, seconds: Times) -> None:
    def send(k: int) -> None:
        for n in range(50):
            home.deliver_until_taken(f"w{k}-{n}", [401 + k * 50 + n])

    senders = [threading.Thread(target=send, args=[k]) for k in range(4)]
    for sender in senders:
        sender.start()
    home.wait(lambda: home.ask("SELECT count(*) FROM host_inbound WHERE key LIKE 'w%%'") > 40)
    home.kill("web")
    home.start("web")
    for sender in senders:
        sender.join(90)
    seconds["all known again after"] = home.wait(lambda: home.facts("pushed") >= 600)
    home.holds(600, "pushed")


def test_a_worker_is_killed_in_the_middle_of_a_backfill(home: House, seconds: Times) -> None:
    last = home.grow(3000)
    home.manage("source_backfill", "past", "--since", "2026-01-01", "--pages-a-minute", "600")
    home.wait(lambda: home.facts("past") > 200)
    home.kill("worker")
    home.start("worker")
    goes_on(home, lambda: home.facts("past"), last, seconds, 240)
    home.wait(lambda: home.ask("SELECT state FROM host_backfill") == "done")
    home.holds(last, "past")


def goes_on(home: House, known: Callable[[], int], last: int, seconds: Times, within_s: float = 120) -> None:
    """After a blow in the middle: something new within 15 s, and everything in the end."""
    seen = known()
    assert seen < last, "the blow came too late to prove anything"
    seconds["went on after"] = home.wait(lambda: known() > seen, 60)
    home.wait(lambda: known() >= last, within_s)
    assert seconds["went on after"] < RECOVERED_S
