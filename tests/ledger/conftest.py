"""The cases' cast, days that pass, and the owner of the database, who changes what nobody may."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connections, transaction
from django.db.models import F

from cases.ledger.keys import key_new
from cases.models import Case
from cases.selectors import case_view
from cases.services import Actor, access_record, message_send, note_add
from cases.services.ledger import ledger_seal
from connectors.host.models import Clock
from connectors.host.services import clock_tick
from tests.cases.conftest import Say, case, dana, maya, opened, paid, say, teller, tom

__all__ = ["Say", "case", "dana", "maya", "opened", "paid", "say", "teller", "tom"]


def day_passes(days: int = 1) -> None:
    """The clock of what is known steps into another day."""
    with transaction.atomic():
        clock_tick()
        Clock.objects.update(last=F("last") + timedelta(days=days))


@pytest.fixture(autouse=True)
def own_key(settings: Any, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("SOURCE_LEDGER", text := key_new())
    settings.LEDGER_KEY = "env:SOURCE_LEDGER"
    return text


@pytest.fixture
def told(paid: Say, dana: User) -> Case:
    """A case in which Dana told Maya what is known, noted something, and looked for another customer."""
    case = opened(dana)
    view = case_view(case=case)
    actor = Actor.person(dana)
    message_send(case=case, text=view.draft or "Hello", answer_digest=view.answer.digest, actor=actor)
    note_add(case=case, text="She sounded worried.", actor=actor)
    access_record(actor=actor, what="search", case=case)
    return case


@pytest.fixture
def three_days(told: Case, paid: Say, dana: User) -> Case:
    """The same after three days, all anchored, on each of which something happened."""
    for number in (1, 2):
        day_passes()
        note_add(case=told, text=f"Day {number}.", actor=Actor.person(dana))
        paid("refund.paid", {"amount": {"amount": f"{number}.00", "currency": "EUR"}, "method": "card"},
             "refund:re_1", "payment:pi_1", ago=5 - number, row=5)  # fmt: skip
    opened(dana, "order:48-1193", message="Hello again")
    day_passes()
    assert ledger_seal() == 3
    return told


@contextmanager
def as_owner() -> Iterator[None]:
    """Everything runs as the owner of the database, whose triggers still hold."""
    app, connections["default"] = connections["default"], connections["owner"]
    try:
        yield
    finally:
        connections["default"] = app


class Undone(Exception):
    """Ends a change that was only to be looked at."""


Tamper = Callable[[str, str], Any]


@contextmanager
def tampered(*statements: str) -> Iterator[None]:
    """What the owner does to history after switching its guards off; it is undone afterwards."""
    try:
        with transaction.atomic(), connections["default"].cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SELECT DISTINCT event_object_table FROM information_schema.triggers"
                           " WHERE trigger_name IN ('history_rows', 'cases_main_question')")  # fmt: skip
            for (table,) in cursor.fetchall():
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            for statement in statements:
                cursor.execute(statement)
                assert cursor.rowcount != 0, statement
            yield
            raise Undone
    except Undone:
        pass
