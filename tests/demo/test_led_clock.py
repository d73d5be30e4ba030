"""The clock that the demo leads through its past: forward only, in an empty history, and nowhere but in a demo."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.db import transaction

from cases.models import Event
from cases.services import Actor, case_open, note_add
from connectors.host.errors import BadMoment
from connectors.host.selectors import moment
from connectors.host.services import clock_led, clock_tick

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nothing_recorded")]
LONG_AGO = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)


@pytest.fixture
def demo(settings: object) -> None:
    settings.DEMO = True  # type: ignore[attr-defined]


@pytest.mark.usefixtures("demo")
def test_what_is_told_within_has_its_time_then(django_user_model: type[User]) -> None:
    dana = Actor.person(django_user_model.objects.create(username="dana"))
    with clock_led(LONG_AGO) as to:
        case = case_open(question="refund-status", refs=["order:48-1193"], message="Where is it?", actor=dana)
        to(LONG_AGO + timedelta(days=2))
        note_add(case=case, text="Called the warehouse", actor=dana)
        assert moment()[1] - LONG_AGO >= timedelta(days=2)
    times = [e.at - LONG_AGO for e in Event.objects.order_by("seq")]
    assert times == sorted(times) and timedelta(days=2) <= times[-1] < timedelta(days=2, seconds=1)
    assert times[0] < timedelta(seconds=1)
    with transaction.atomic():
        assert clock_tick() > LONG_AGO + timedelta(days=30)


def test_a_product_installation_refuses(settings: object) -> None:
    settings.DEMO = False  # type: ignore[attr-defined]
    with pytest.raises(BadMoment, match="Only a demo"), clock_led(LONG_AGO):
        pass


@pytest.mark.usefixtures("demo")
def test_never_behind_what_is_recorded(django_user_model: type[User]) -> None:
    dana = Actor.person(django_user_model.objects.create(username="dana"))
    case_open(question="refund-status", refs=["order:48-1193"], message="Where is it?", actor=dana)
    with pytest.raises(BadMoment, match="nothing is recorded"), clock_led(LONG_AGO):
        pass
    with transaction.atomic():
        assert clock_tick() > LONG_AGO + timedelta(days=30)


@pytest.mark.usefixtures("demo")
def test_forward_only_and_not_into_the_future() -> None:
    with clock_led(LONG_AGO) as to, pytest.raises(BadMoment, match="forward only"):
        to(LONG_AGO - timedelta(seconds=1))
    with pytest.raises(BadMoment, match="future"), clock_led(datetime.now(UTC) + timedelta(days=1)):
        pass
    with pytest.raises(BadMoment, match="time zone"), clock_led(LONG_AGO.replace(tzinfo=None)):
        pass


def test_nothing_begins_anew_outside_a_demo(settings: object) -> None:
    from workspace.demo.anew import demo_begins_anew

    settings.DEMO = False  # type: ignore[attr-defined]
    assert demo_begins_anew() is False
