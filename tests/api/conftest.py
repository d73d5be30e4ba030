"""The cast: Dana the rep, Sam the supervisor, Ines the integrator, a bot; Maya and what her sources say."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth.models import Group, User
from django.core.cache import caches

from connectors.host.services.gathering import lanes
from tests.api.client import Caller
from tests.cases.conftest import Say, dana, maya, paid, say, teller
from workspace.access.services import token_make

__all__ = ["Say", "dana", "maya", "paid", "say", "teller"]

ORDER, MAIL = "order:48-1193", "email:maya@example.com"


@pytest.fixture(autouse=True)
def no_calls_counted() -> None:
    caches["near"].clear()


@pytest.fixture(autouse=True)
def busy_pool(monkeypatch: pytest.MonkeyPatch) -> None:
    """No place is free to ask sources: threads could not see what a test has not committed. Stored facts are shown."""
    full = (ThreadPoolExecutor(1), threading.BoundedSemaphore(1))
    full[1].acquire()
    monkeypatch.setattr(lanes, "_pool", lambda *_: full)


def caller(user: User) -> Caller:
    return Caller(token_make(user=user)[1])


def account(name: str, role: str) -> Caller:
    user = User.objects.create_user(name, f"{name}@shop.example")
    user.groups.add(Group.objects.get_or_create(name=role)[0])
    return caller(user)


@pytest.fixture
def rep(dana: User) -> Caller:
    return caller(dana)


@pytest.fixture
def supervisor(db: None) -> Caller:
    return account("sam", "supervisor")


@pytest.fixture
def integrator(db: None) -> Caller:
    return account("ines", "integrator")


@pytest.fixture
def program(dana: User) -> Caller:
    return account("bot", "program")


@pytest.fixture
def stranger(db: None) -> Caller:
    return Caller()


@pytest.fixture
def case(rep: Caller, maya: Say) -> str:
    """The reference of Maya's case."""
    return opened(rep)


def opened(by: Caller, *refs: str, **more: str) -> str:
    """The reference of a new case."""
    body = {"question": "refund-status", "refs": list(refs) or [ORDER, MAIL], "message": "Where is my refund?", **more}
    reply = by.post("cases/", body)
    assert reply.status == 201, reply.body
    return str(reply["reference"])
