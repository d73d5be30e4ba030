"""The cast: a person of each role, Maya's case with everything that is personal, and sessions."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.core.cache import caches
from django.test import Client

from cases.models import Case
from cases.services import Actor, member_save, message_receive, team_save
from connectors.host.services.gathering import lanes
from tests.api.client import Caller
from tests.cases.conftest import Say, dana, maya, opened, paid, say, teller, tom
from workspace.access.services import token_make

__all__ = ["Say", "dana", "maya", "paid", "say", "teller", "tom"]

MAIL, PHONE, STREET, POSTAL = "maya@example.com", "+358 40 123 4567", "Mannerheimintie 12 B", "00100"
BANK, CARD, BORN = "74430011632209185571204", "4111 1111 1111 1111", "1984-05-17"
WHOLE = {
    "contact": [MAIL, PHONE], "address": [STREET, POSTAL], "bank_reference": [BANK], "card": [CARD], "identity": [BORN],
}  # fmt: skip
PASSWORD = "a-long-way-to-turku"


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch, db: None, settings: Any) -> None:
    """No attempt is counted from another test, no thread asks a source, and passwords are hashed fast."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    caches["near"].clear()
    caches["default"].clear()
    full = (ThreadPoolExecutor(1), threading.BoundedSemaphore(1))
    full[1].acquire()
    monkeypatch.setattr(lanes, "_pool", lambda *_: full)


@pytest.fixture
def person(db: None) -> Callable[..., User]:
    """``person("auditor")``: an account of this role, made once."""

    def made(*roles: str, name: str = "") -> User:
        user, new = User.objects.get_or_create(username=name or roles[0], defaults={"first_name": roles[0].title()})
        if new:
            user.set_password(PASSWORD)
            user.save()
        user.groups.set([Group.objects.get_or_create(name=role)[0] for role in roles])
        return user

    return made


@pytest.fixture
def session() -> Callable[[User], Client]:
    """A browser in which this person is signed in."""

    def signed(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return signed


@pytest.fixture
def caller() -> Callable[[User], Caller]:
    return lambda user: Caller(token_make(user=user)[1])


@pytest.fixture
def case(paid: Say, dana: User, person: Callable[..., User]) -> Case:
    """Dana's case of the refunds team, about Maya, of whom everything is known."""
    paid("shipment.delivered", {
        "carrier": "Posti", "delivery_address": {"street": STREET, "postal_code": POSTAL, "city": "Helsinki"},
        "phone": PHONE, "card_number": CARD, "date_of_birth": BORN,
    }, "order:48-1193", ago=8)  # fmt: skip
    lead = person("lead", "supervisor", name="ruth")
    team_save(name="refunds", title="Refunds", lead="ruth", questions=["refund-status"], hours={}, zone="UTC",
              actor=Actor.person(lead))  # fmt: skip
    member_save(team="refunds", person="dana", actor=Actor.person(lead))
    made = opened(dana, "order:48-1193", f"email:{MAIL}")
    words = f"I paid with {CARD}. Write to {MAIL} or call {PHONE}."
    message_receive(case=made, text=words, channel="chat", actor=Actor.customer())
    return made
