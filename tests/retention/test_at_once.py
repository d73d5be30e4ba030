"""A legal hold set at the very moment of erasing: it stands and nothing goes, or it comes too late and says so."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import close_old_connections, connection, transaction

from cases.errors import WrongState
from cases.models import Erasure, LegalHold
from cases.services import Actor
from cases.services.retention import legal_hold_set
from cases.signals import content_erased
from connectors.host.models import FactPayload, RefValue
from customers.models import Customer
from customers.services import customers_learn
from tests.database import TestDatabase
from tests.retention.conftest import EUR, MAYA, NAME, Say, erased


@pytest.fixture
def alone(committed_db: TestDatabase, say: Say) -> int:
    """A customer of whom one fact is held, and no case."""
    say("order.placed", {"number": "48-1193", "total": EUR, "customer_name": NAME}, "order:48-1193", "email:" + MAYA)
    customers_learn(ref_ids=RefValue.objects.filter(value=MAYA).values_list("pk", flat=True))
    return Customer.objects.get().pk


@pytest.fixture
def other() -> Iterator[Callable[..., Future[Any]]]:
    """Does something on a connection of its own, which is closed at the end."""

    def run(act: Callable[[], Any]) -> Any:
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        yield lambda act: pool.submit(run, act)
    close_old_connections()


def hold(customer: int, by: User) -> int:
    return legal_hold_set(customer=customer, why="Court file 7", actor=Actor.person(by))


def waits_for_holds(database: TestDatabase, future: Future[Any]) -> None:
    """Until somebody waits in line for the table of holds, as the server itself says."""
    ends = time.monotonic() + 60
    with database.connect() as watcher:
        watcher.autocommit = True
        asked = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'cases_legalhold'::regclass"
        while not future.done() and time.monotonic() < ends:
            found = watcher.execute(asked).fetchone()
            if found and found[0]:
                return
    raise AssertionError(f"nobody waited: {future}")


@contextmanager
def midway(act: Callable[[], None]) -> Iterator[None]:
    """``act`` is done once, inside the transaction that erases, when the content has gone."""
    once = threading.Lock()

    def receive(sender: object, **_: Any) -> None:
        if once.acquire(blocking=False):
            act()

    content_erased.connect(receive, weak=False, dispatch_uid="midway")
    yield
    content_erased.disconnect(dispatch_uid="midway")


def test_a_hold_while_it_is_erased_waits_and_comes_too_late(
    committed_db: TestDatabase, alone: int, ada: User, ben: User, other: Any
):
    held: list[Future[Any]] = []

    def meanwhile() -> None:
        held.append(other(lambda: hold(alone, ben)))
        waits_for_holds(committed_db, held[0])

    with midway(meanwhile):
        erased(alone, ada, ben)
    with pytest.raises(WrongState, match="nothing left to hold"):
        held[0].result(60)
    assert Erasure.objects.exists() and not FactPayload.objects.exists() and not LegalHold.objects.exists()


def test_an_erasure_while_a_hold_is_being_set_waits_and_takes_nothing(
    committed_db: TestDatabase, alone: int, ada: User, ben: User, other: Any
):
    with transaction.atomic():
        hold(alone, ben)
        going = other(lambda: erased(alone, ada, ben))
        waits_for_holds(committed_db, going)
    with pytest.raises(WrongState, match="A legal hold of"):
        going.result(60)
    assert LegalHold.objects.exists() and FactPayload.objects.exists() and not Erasure.objects.exists()
