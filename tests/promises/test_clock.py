"""The clock: warned before, late to the owner, then to the lead; each once, whatever stood still meanwhile."""

import threading
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection

from cases.models import Alert, Case, Commitment, Event, Team
from cases.services import Actor, alert_seen, alert_tell, alerts_of, commitment_keep, promises_sweep
from cases.services.record import case_locked
from connectors.host.selectors import moment
from tests.promises.conftest import Promise

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def told(person: User) -> list[str]:
    return [a.kind for a in reversed(alerts_of(person=person, unseen=False))]


def test_an_owner_is_warned_before_and_told_when_it_is_late_and_then_the_lead_is(
    promise: Promise, dana: User, tom: User, team: Team
):
    due = promise(ahead=8 * HOUR).due_at
    assert [promises_sweep(at=due - n * HOUR) for n in (7, 1, 0)] == [0, 1, 1]
    assert told(dana) == ["promise.warned", "promise.late"] and told(tom) == []
    promises_sweep(at=due + HOUR)
    assert told(tom) == ["promise.escalated"]


def test_a_sweep_that_runs_twice_tells_once(case: Case, promise: Promise, dana: User, team: Team):
    due = promise().due_at
    promises_sweep(at=due + HOUR)
    events = Event.objects.filter(case=case).count()
    assert [promises_sweep(at=due + n * HOUR) for n in (1, 2, 30)] == [0, 0, 0]
    assert Event.objects.filter(case=case).count() == events and len(told(dana)) == 1


def test_after_a_long_stop_the_next_sweep_tells_that_it_is_late_and_warns_of_nothing(
    promise: Promise, dana: User, tom: User, team: Team
):
    promises_sweep(at=promise().due_at + 200 * HOUR)
    assert told(dana) == ["promise.late"] and told(tom) == ["promise.escalated"]


def test_without_a_team_every_supervisor_hears_of_a_late_promise(promise: Promise, dana: User, sofia: User):
    promises_sweep(at=promise().due_at + 2 * HOUR)
    assert told(sofia) == ["promise.escalated"]


def test_a_leads_own_promise_goes_to_the_supervisors(promise: Promise, tom: User, team: Team, sofia: User):
    promises_sweep(at=promise(owner=tom).due_at + 2 * HOUR)
    assert "promise.escalated" in told(sofia) and "promise.escalated" not in told(tom)


def test_a_kept_promise_is_never_told_of(promise: Promise, dana: User, sofia: User):
    made = promise()
    commitment_keep(commitment=made, why="Called", actor=Actor.person(dana))
    assert promises_sweep(at=made.due_at + 9 * HOUR) == 0 and told(dana) == []


def test_a_promise_that_is_kept_is_no_alert_any_more(promise: Promise, dana: User, sofia: User):
    made = promise()
    promises_sweep(at=made.due_at + 2 * HOUR)
    assert len(alerts_of(person=dana)) == len(alerts_of(person=sofia)) == 1
    commitment_keep(commitment=made, why="Called late", actor=Actor.person(dana))
    assert not alerts_of(person=dana) and not alerts_of(person=sofia)


def test_an_alert_is_kept_until_it_was_seen_and_its_key_is_told_once(case: Case, dana: User):
    at = moment()[1]
    tell = {"person": dana, "case": case, "kind": "x", "text": "Look", "key": "k", "at": at}
    assert (alert_tell(**tell), alert_tell(**tell)) == (True, False)
    assert len(alerts_of(person=dana)) == 1
    assert (alert_seen(person=dana), alert_seen(person=dana)) == (1, 0) and not alerts_of(person=dana)


def test_a_case_that_somebody_holds_is_told_of_by_the_next_sweep(
    case: Case, promise: Promise, dana: User, sofia: User, committed_db: object
):
    due = promise().due_at
    swept: list[int] = []

    def sweep() -> None:
        swept.append(promises_sweep(at=due))
        connection.close()

    with case_locked(case):
        thread = threading.Thread(target=sweep)
        thread.start()
        thread.join(20)
    assert swept == [0] and promises_sweep(at=due) == 1


def test_many_sweeps_at_once_tell_each_promise_once(promise: Promise, dana: User, committed_db: object):
    due = max(promise(f"Call {n}").due_at for n in range(3))

    def sweep() -> None:
        promises_sweep(at=due)
        connection.close()

    threads = [threading.Thread(target=sweep) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    promises_sweep(at=due)
    assert Alert.objects.filter(person=dana, kind="promise.late").count() == 3
    assert Event.objects.filter(kind="commitment.late").count() == 3 == Commitment.objects.count()
