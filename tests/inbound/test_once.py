"""Nothing lost, nothing doubled: several workers at once, killed workers, any order and any repetition."""

import json
import os
import random
import subprocess
import sys
import threading
import time

import pytest
from django.db import connection, connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.host.models import Fact, Inbound, InboundWork, Source
from connectors.host.services import deliveries_due, deliveries_work, delivery_work
from connectors.host.services import deliveries_working as working
from connectors.sdk.testing import Server, say
from tests.examples import examples
from tests.inbound.conftest import body, deliver, make_source, order, send, signed, statuses
from workspace.processes import wait_until


def at_once(*works: object) -> None:
    """Each on a thread and a connection of its own, begun together."""
    begin = threading.Barrier(len(works))

    def run(work: object) -> None:
        begin.wait()
        try:
            work()  # type: ignore[operator]
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)


def test_of_two_workers_at_the_same_delivery_one_does_it(committed_db: object) -> None:
    make_source()
    deliver()
    id, ours = Inbound.objects.get().pk, []
    at_once(*[lambda: ours.append(delivery_work(inbound_id=id))] * 4)
    assert sorted(ours) == [False, False, False, True] and Fact.objects.count() == 1
    assert InboundWork.objects.get().attempts == 1


def test_many_workers_share_many_deliveries(committed_db: object) -> None:
    make_source()
    for n in range(60):
        deliver(body(order(f"48-{n % 20}", f"s{n}", n)), id=f"m{n}")

    def work() -> None:
        while deliveries_work(at_most=7):
            pass

    at_once(*[work] * 4)
    assert set(InboundWork.objects.values_list("state", "attempts")) == {("done", 1)}
    assert statuses(*(f"48-{n}" for n in range(20))) == {f"48-{n}": f"s{40 + n}" for n in range(20)}


def test_the_same_delivery_from_many_sides_at_once_is_kept_once(committed_db: object) -> None:
    make_source()
    said: list[int] = []
    at_once(*[lambda: said.append(deliver().status_code)] * 5)
    assert said == [202] * 5 and (Inbound.objects.count(), InboundWork.objects.count()) == (1, 1)


@pytest.mark.parametrize("place", ["reading", "storing"])
def test_a_worker_killed_in_the_middle_loses_nothing_and_doubles_nothing(committed_db: object, place: str) -> None:
    make_source()
    deliver()
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "workspace.settings", "PYTHONPATH": "."}
    command = [sys.executable, "-m", "tests.inbound.killed", place]
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE) as worker:
        assert worker.stdout and worker.stdout.readline() == b"here\n"
        assert not deliveries_due() and deliveries_work() == 0
        worker.kill()
    began = time.monotonic()
    assert wait_until(deliveries_due, timeout_s=15) and not Fact.objects.exists()
    assert deliveries_work() == 1 and time.monotonic() - began < 15
    assert (InboundWork.objects.get().state, InboundWork.objects.get().attempts) == ("done", 2)
    assert Fact.objects.count() == 1 and statuses() == {"48-1": "open"}


def test_a_worker_that_comes_back_too_late_stores_nothing(
    committed_db: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = make_source()
    deliver()
    monkeypatch.setattr(working, "LEASE_S", 0.01)
    late = working._Work(source, working._claim(1))
    time.sleep(0.02)
    monkeypatch.setattr(working, "LEASE_S", 9.0)
    assert deliveries_work() == 1
    late.run(time.monotonic() + 5)
    assert Fact.objects.count() == 1 and InboundWork.objects.get().attempts == 2


def test_what_a_worker_does_not_come_to_in_time_is_free_for_others(
    shop: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(3):
        deliver(body(order(f"48-{n}")), id=f"m{n}")
    monkeypatch.setattr(working, "STOP_AFTER_S", -1.0)
    assert deliveries_work() == 3 and deliveries_due() and not Fact.objects.exists()
    monkeypatch.setattr(working, "STOP_AFTER_S", 6.0)
    assert deliveries_work() == 3
    assert set(InboundWork.objects.values_list("state", "attempts")) == {("done", 1)}


def test_a_delivery_that_kills_every_worker_is_given_up_and_spares_the_others(shop: Source) -> None:
    deliver()
    InboundWork.objects.update(attempts=working.ATTEMPTS)
    assert deliveries_work() == 1
    found = InboundWork.objects.get()
    assert found.state == "dead" and found.reason == "The worker ended each time while it worked on this delivery."


def test_a_delivery_that_rings_is_looked_up_and_is_as_new_as_the_looking(db: None) -> None:
    with Server(say(200, {"status": "paid"})) as source:
        make_source("ringing", "ringing", base_url=source.url)
        text = json.dumps({"order": "48-1"})
        send(text, signed(text), "/in/ringing/")
        received_at = Inbound.objects.get().received_at
        assert deliveries_work() == 1 and statuses() == {"48-1": "paid"} and source.asked[0].target == "/orders/48-1"
    assert Fact.objects.get().started_at > received_at


def test_a_lookup_that_fails_is_tried_again_later(db: None) -> None:
    with Server(say(500, {})) as source:
        make_source("ringing", "ringing", base_url=source.url)
        text = json.dumps({"order": "48-1"})
        send(text, signed(text), "/in/ringing/")
        assert deliveries_work() == 1
        found = InboundWork.objects.get()
        assert found.state == "failed" and found.attempts == 1 and found.reason and not Fact.objects.exists()


orders = st.lists(st.tuples(st.integers(0, 2), st.sampled_from(["open", "paid", "sent"])), min_size=1, max_size=6)


@given(orders, st.randoms(use_true_random=False), st.integers(1, 4))
@settings(max_examples=examples(8), deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])  # fmt: skip
def test_any_order_and_any_repetition_ends_in_the_same_facts(
    shop: Source, given: list[tuple[int, str]], seed: random.Random, at_most: int
) -> None:
    sent = [(f"m{n}", body(order(f"48-{id}", status, n))) for n, (id, status) in enumerate(given)]
    wanted = {f"48-{id}": status for id, status in given}
    with transaction.atomic():
        mixed = [*sent, *seed.choices(sent, k=4)]
        seed.shuffle(mixed)
        for n, (id, text) in enumerate(mixed):
            assert deliver(text, id).status_code == 202
            if n % at_most == 0:
                deliveries_work(at_most=at_most)
        while deliveries_work(at_most=at_most):
            pass
        assert statuses("48-0", "48-1", "48-2") == wanted
        assert Inbound.objects.count() == len(sent) and not InboundWork.objects.exclude(state="done").exists()
        transaction.set_rollback(True)
    assert connection.in_atomic_block  # the test's own
