"""Maya's refund, what she was told of it, and who reads the history."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, User

from cases.models import Case, Statement
from cases.selectors import case_view
from cases.services import Actor, asker_verify, message_send
from tests.cases.conftest import EUR, Say, dana, maya, opened, paid, say, teller, tom  # noqa: F401

LESS = {"amount": "79.90", "currency": "EUR"}


@pytest.fixture
def approved(maya: Say, tom: User) -> Case:  # noqa: F811
    """Maya's refund is approved; Tom has verified who is asking."""
    maya("refund.approved", {"amount": EUR}, "refund:re_1", "payment:pi_1", ago=3)
    made = opened(tom)
    asker_verify(case=made, how="order_and_email", actor=Actor.person(tom))
    return made


@pytest.fixture
def ruth(db: None) -> User:
    user = User.objects.create_user("ruth", first_name="Ruth", last_name="Adeyemi")
    user.groups.add(Group.objects.get_or_create(name="supervisor")[0])
    return user


def send(to: Case, words: str, by: User, **more: object) -> Statement:
    digest = case_view(case=to).answer.digest
    return message_send(case=to, text=words, answer_digest=digest, actor=Actor.person(by), **more)  # type: ignore[arg-type]


def pays(say: Say, what: dict[str, str] = EUR) -> None:  # noqa: F811
    say("refund.paid", {"amount": what, "method": "card"}, "refund:re_1", "payment:pi_1", ago=-0.01)
