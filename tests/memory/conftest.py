"""Maya writes; what she tells is kept with her words."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User

from cases.models import Case
from cases.services import Actor, message_receive
from connectors.host import registry
from tests.cases.conftest import Say, Teller, dana, maya, opened, paid, say, tom

__all__ = ["dana", "maya", "paid", "say", "tom"]


class Numbered(Teller):
    """The teller gives its orders and returns numbers of its own shape."""

    patterns = {"order": r"48-\d{4}", "return": r"RMA-\d{4,8}"}


@pytest.fixture(autouse=True)
def teller(monkeypatch: pytest.MonkeyPatch) -> None:
    found = {**registry.connector_classes(), "teller": Numbered}
    monkeypatch.setattr(registry, "_discovered", lambda: (found, {}))


@pytest.fixture
def case(maya: Say, dana: User) -> Case:  # noqa: F811
    return opened(dana)


def wrote(case: Case, text: str) -> None:
    message_receive(case=case, text=text, channel="email", actor=Actor.customer("Maya Lindqvist"))
