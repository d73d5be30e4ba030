"""The cases' cast, a supervisor, and what was counted."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from cases.models import MeasureWeek, Observation, Team
from cases.services import measures_rebuild
from tests.bench.trust_mass import fill
from tests.cases.conftest import case, dana, maya, paid, say, teller, tom
from tests.database import TestDatabase

__all__ = ["case", "dana", "maya", "paid", "say", "teller", "tom"]


@pytest.fixture
def sofia(db: None) -> User:
    """A supervisor."""
    user = User.objects.create_user("sofia", first_name="Sofia", last_name="Marino", email="sofia@throughline.example")
    user.groups.add(Group.objects.get_or_create(name="supervisor")[0])
    return user


def counted() -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    """Every observation and every weekly sum, in one order."""
    seen = ("case_id", "measure", "key", "at", "week", "team", "question", "source", "met", "of", "seconds", "event_id")
    sums = ("measure", "week", "team", "question", "source", "bucket", "n", "met", "of", "seconds")
    return (
        list(Observation.objects.order_by(*seen[:3]).values_list(*seen)),
        list(MeasureWeek.objects.order_by(*sums[:6]).values_list(*sums)),
    )


def seen(measure: str) -> list[tuple[int, int]]:
    """``met`` and ``of`` of every observation of a measure, in the order of time."""
    return list(Observation.objects.filter(measure=measure).order_by("at", "key").values_list("met", "of"))


@pytest.fixture
def lena(db: None) -> User:
    """Leads the team for refunds."""
    user = User.objects.create_user("lena", first_name="Lena", last_name="Koski")
    user.groups.add(Group.objects.get_or_create(name="lead")[0])
    return user


@pytest.fixture
def house(committed_db: TestDatabase, sofia: User, lena: User) -> SimpleNamespace:
    """Ten weeks of a house with four teams: sixty cases, counted."""
    for name in ("refunds", "deliveries", "returns", "payments"):
        Team.objects.create(name=name, title=name.capitalize(), lead=lena if name == "refunds" else sofia)
    with committed_db.connect(as_owner=True) as owner:
        owner.autocommit = True
        fill(owner, 1_200, datetime.now(UTC) - timedelta(days=6), sofia.pk, "10 weeks")
    measures_rebuild()
    return SimpleNamespace(sofia=sofia, lena=lena)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client
