"""The cast: Dana the rep, Sam the supervisor, Ines the integrator, a bot, and a ledger that says what it is told."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.core.cache import cache
from rest_framework.authtoken.models import Token

from connectors.host.models import Source
from tests.api.client import Caller
from tests.host.conftest import make_source, row, says, tell, test_connectors

__all__ = ["test_connectors"]

REFS = ["order:o1", "email:maya@example.com"]


def person(name: str, role: str, full: str = "") -> User:
    first, _, last = full.partition(" ")
    user = User.objects.create_user(name, f"{name}@shop.example", first_name=first, last_name=last)
    user.groups.add(Group.objects.get_or_create(name=role)[0])
    Token.objects.create(user=user)
    return user


@pytest.fixture(autouse=True)
def no_calls_counted() -> None:
    cache.clear()


@pytest.fixture
def dana(db: None) -> User:
    return person("dana", "rep", "Dana Okafor")


@pytest.fixture
def rep(dana: User) -> Caller:
    return Caller(dana.auth_token.key)


@pytest.fixture
def supervisor(db: None) -> Caller:
    return Caller(person("sam", "supervisor", "Sam Ode").auth_token.key)


@pytest.fixture
def integrator(db: None) -> Caller:
    return Caller(person("ines", "integrator").auth_token.key)


@pytest.fixture
def program(dana: User) -> Caller:
    return Caller(person("bot", "program").auth_token.key)


@pytest.fixture
def stranger(db: None) -> Caller:
    return Caller()


@pytest.fixture
def ledger(db: None) -> Source:
    return make_source()


PLACED = {
    "kind": "order.placed", "refs": REFS, "occurred": "2026-11-02T19:03:00+00:00",
    "data": {"number": "o1", "total": {"amount": "84.90", "currency": "EUR"}, "customer_name": "Maya Lindqvist"},
}  # fmt: skip


@pytest.fixture
def paid(ledger: Source) -> Any:
    """Order o1 of Maya's, and a refund of 10 euro sent for it."""
    tell(ledger, row(PLACED, id="o1"), row(says(), id="r1"))
    return ledger


def opened(caller: Caller, **more: Any) -> str:
    """The reference of a new case."""
    body = {"question": "refund-status", "refs": REFS, "message": "Where is my refund?", **more}
    reply = caller.post("cases/", body)
    assert reply.status == 201, reply.body
    return str(reply["reference"])
