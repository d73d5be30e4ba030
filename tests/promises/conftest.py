"""The cases' cast, a lead and a supervisor, and a promise or two."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, User

from cases.models import Case, Commitment, Team
from cases.services import Actor, commitment_make
from tests.cases.conftest import case, dana, maya, paid, say, teller, tom

__all__ = ["case", "dana", "maya", "paid", "say", "teller", "tom"]

Promise = Callable[..., Commitment]
SOON = timedelta(hours=8)


@pytest.fixture
def promise(case: Case, dana: User) -> Promise:
    """``promise("Call Maya", timedelta(hours=2))``: Dana promises it in the case."""

    def make(what: str = "Call Maya back", ahead: timedelta = SOON, **more: Any) -> Commitment:
        when = {} if "phrase" in more else {"due_at": datetime.now(UTC) + ahead}
        return commitment_make(**{"case": case, "what": what, "actor": Actor.person(dana), **when, **more})

    return make


@pytest.fixture
def sofia(db: None) -> User:
    """A supervisor."""
    user = User.objects.create_user("sofia", first_name="Sofia", last_name="Marino")
    user.groups.add(Group.objects.get_or_create(name="supervisor")[0])
    return user


@pytest.fixture
def team(case: Case, tom: User) -> Team:
    """The case's team, which Tom leads."""
    made = Team.objects.create(name="refunds", title="Refunds", lead=tom)
    Case.objects.filter(pk=case.pk).update(team=made)
    return made
