"""The cast: Dana and Tom who reply, Sam and Ruth who supervise, Lena who leads, Alva who audits, and Maya's case, which
is Dana's. Nothing is drawn by chance unless a test says so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from cases.models import Case, Review, Statement
from cases.selectors import case_view
from cases.services import Actor, asker_verify, case_follow, message_send, reviews_sweep, team_save
from tests.cases.conftest import Say, case, dana, maya, opened, paid, say, teller, tom

__all__ = ["Say", "case", "dana", "maya", "opened", "paid", "say", "teller", "tom"]


@pytest.fixture(autouse=True)
def no_chance(settings: Any) -> None:
    settings.REVIEW_SHARE = settings.REVIEW_BLIND_SHARE = settings.REVIEW_SECOND_SHARE = 0.0


PAID = "Hello Maya, your refund of €84.90 was paid."


def who(user: User) -> Actor:
    return Actor.person(user)


def account(name: str, first: str, role: str) -> User:
    user = User.objects.create_user(name, first_name=first)
    user.groups.add(Group.objects.get_or_create(name=role)[0])
    return user


@pytest.fixture
def sam(db: None) -> User:
    return account("sam", "Sam", "supervisor")


@pytest.fixture
def ruth(db: None) -> User:
    return account("ruth", "Ruth", "supervisor")


@pytest.fixture
def alva(db: None) -> User:
    return account("alva", "Alva", "auditor")


@pytest.fixture
def lena(sam: User) -> User:
    """Leads the team that has refunds."""
    lead = account("lena", "Lena", "lead")
    lead.groups.add(Group.objects.get_or_create(name="rep")[0])
    team_save(name="refunds", title="Refunds", lead=lead, questions=["refund-status"], actor=who(sam))
    return lead


def told(case: Case, by: User | Actor, text: str = "Hello Maya, we are looking into it.", **more: Any) -> Statement:
    """Somebody tells the customer something, by the answer as it is now."""
    actor = by if isinstance(by, Actor) else who(by)
    view = case_view(case=case)
    return message_send(case=case, text=text, actor=actor, answer_digest=view.answer.digest, **more)


def verified(case: Case, by: User) -> Case:
    asker_verify(case=case, how="called_back", actor=who(by))
    return case


@pytest.fixture
def broken(case: Case, dana: User, paid: Say) -> Statement:
    """Maya was told of 84.90; her bank's row says 80.00 now."""
    said = told(verified(case, dana), dana, PAID)
    less_is_so(case, paid)
    return said


def less_is_so(case: Case, say: Say) -> None:
    less = {"amount": {"amount": "80.00", "currency": "EUR"}, "method": "card"}
    say("refund.paid", less, "refund:re_1", "payment:pi_1", ago=5, row=5)
    case_follow(case)


@pytest.fixture
def all_drawn(settings: Any) -> Callable[..., list[Review]]:
    """``all_drawn(blind=1.0)``: every reply is reviewed by chance, and these shares of reviews; the reviews come back.
    """

    def draw(*, blind: float = 0.0, second: float = 0.0) -> list[Review]:
        settings.REVIEW_SHARE, settings.REVIEW_BLIND_SHARE, settings.REVIEW_SECOND_SHARE = 1.0, blind, second
        reviews_sweep()
        return list(Review.objects.order_by("pk"))

    return draw


def browser_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client
