"""The cast: Dana and Tom in returns, Rosa in refunds, Sam who supervises, and Maya's case, which is Dana's."""

import pytest
from django.contrib.auth.models import Group, User

from cases.models import Team
from cases.services import Actor, member_save, team_save
from tests.cases.conftest import Say, case, dana, maya, opened, person, say, teller, tom

__all__ = ["Say", "case", "dana", "maya", "opened", "say", "teller", "tom"]


def who(user: User) -> Actor:
    return Actor.person(user)


@pytest.fixture
def rosa(db: None) -> User:
    return person("rosa", "Rosa", "Lind")


@pytest.fixture
def sam(db: None) -> User:
    user = User.objects.create_user("sam", first_name="Sam", last_name="Holt")
    user.groups.add(Group.objects.get_or_create(name="supervisor")[0])
    return user


@pytest.fixture
def refunds(tom: User, rosa: User, sam: User) -> Team:
    """Tom and Rosa, led by Sam; refunds are theirs, at any hour."""
    team = team_save(name="refunds", title="Refunds", lead=sam, questions=["refund-status"], actor=who(sam))
    for member in (tom, rosa):
        member_save(team=team, person=member, actor=who(sam))
    return team
