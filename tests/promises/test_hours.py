"""Warnings and escalations come while the team works; when a promise is due never moves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import User

from cases.models import Case, Team
from cases.owning.hours import worked_after
from cases.promises.pacing import escalate_at, warn_at
from cases.services import Actor, alerts_of, commitment_make, promises_sweep

WEEK = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), ("09:00", "17:00"))
OURS = (WEEK, "Europe/Helsinki")


def at(day: int, clock: str) -> datetime:
    """In November 2026, in Helsinki; the 20th is a Friday."""
    return datetime.fromisoformat(f"2026-11-{day:02}T{clock}:00+02:00")


@pytest.mark.parametrize(
    ("made", "due", "warned"),
    [
        (at(19, "09:00"), at(20, "15:00"), at(20, "11:00")),  # at work: the usual four hours before
        (at(20, "10:00"), at(23, "11:00"), at(23, "09:00")),  # usually 07:00; they open two hours before it is due
        (at(20, "10:00"), at(23, "09:30"), at(20, "16:00")),  # they open too late: the last hour on Friday
        (at(20, "16:50"), at(23, "09:30"), at(23, "09:00")),  # made after that: as soon as they open
        (at(20, "10:00"), at(21, "12:00"), at(20, "16:00")),  # due on a free day
        (at(21, "10:00"), at(21, "12:00"), at(21, "11:30")),  # made and due on a free day: as usual
    ],
)  # fmt: skip
def test_a_warning_comes_while_the_team_works(made: datetime, due: datetime, warned: datetime):
    assert warn_at(made, due, "Europe/Helsinki", *OURS) == warned


@pytest.mark.parametrize(
    ("due", "told"),
    [(at(20, "12:00"), at(20, "13:00")), (at(20, "16:30"), at(23, "09:30")), (at(21, "12:00"), at(23, "10:00"))],
)
def test_others_hear_after_an_hour_in_which_the_team_worked(due: datetime, told: datetime):
    assert escalate_at(due, *OURS) == told and escalate_at(due) == due + timedelta(hours=1)


def test_an_hour_that_the_clock_skips_is_not_worked():
    nights = {"sat": ("22:00", "06:00")}  # seven hours where the clock is put forward
    begins = datetime(2027, 3, 27, 20, tzinfo=UTC)
    assert worked_after(nights, "Europe/Helsinki", begins, timedelta(hours=7)) == begins + timedelta(hours=7)
    assert worked_after(nights, "Europe/Helsinki", begins, timedelta(hours=8)) > begins + timedelta(days=6)


@pytest.mark.django_db
def test_the_clock_waits_for_the_team_and_the_promise_does_not(case: Case, dana: User, tom: User, team: Team):
    Team.objects.filter(pk=team.pk).update(hours=WEEK, zone="Europe/Helsinki")
    today = datetime.now(ZoneInfo("Europe/Helsinki")).replace(hour=16, minute=30, second=0, microsecond=0)
    friday = today + timedelta(days=7 + (4 - today.weekday()) % 7)
    made = commitment_make(case=case, what="Call Maya", due_at=friday, actor=Actor.person(dana))
    assert promises_sweep(at=friday) == 1 and made.due_at == friday
    for later in (1, 20, 64):
        promises_sweep(at=friday + timedelta(hours=later))
    assert not alerts_of(person=tom), "nobody works at the weekend"
    promises_sweep(at=friday.replace(hour=9, minute=30) + timedelta(days=3))
    assert [a.kind for a in alerts_of(person=tom)] == ["promise.escalated"]
