"""The cases' cast, a supervisor, and what was counted."""

import pytest
from django.contrib.auth.models import Group, User

from cases.models import MeasureWeek, Observation
from tests.cases.conftest import case, dana, maya, paid, say, teller, tom

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
