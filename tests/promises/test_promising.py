"""Promises made, kept, moved and ended by the verbs that pages, programs and tasks press."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User

from cases.errors import BadDue, BadInput, WrongState
from cases.models import Case, Commitment, Event
from cases.selectors import case_view, queue
from cases.services import (
    Actor,
    case_close,
    case_follow,
    commitment_break,
    commitment_keep,
    commitment_make,
    commitment_renegotiate,
    commitment_withdraw,
    message_receive,
    owner_change,
    person_deactivate,
)
from tests.cases.conftest import EUR
from tests.promises.conftest import Promise

pytestmark = pytest.mark.django_db


def last_event(case: Case) -> Event:
    return Event.objects.filter(case=case).exclude(kind="answer.changed").latest("seq")


def test_a_promise_has_a_named_owner_and_stands_in_the_history_the_case_and_the_queue(
    case: Case, promise: Promise, dana: User
):
    made = promise("Call Maya back")
    view = case_view(case=case)
    assert [(p.what, p.owner, p.state) for p in view.promises] == [("Call Maya back", "Dana Okafor", "open")]
    assert view.timeline[0].title.startswith("Dana Okafor promised: Call Maya back, by ")
    assert queue(owner=dana)[0].next_promise_at == made.due_at


def test_a_phrase_is_read_in_the_customers_calendar(case: Case, dana: User, say):
    say("policy.refunds", {"document": "RF-12", "title": "Refunds", "version": "1", "in_force_from": "2026-01-01",
        "refund_days": 3, "bank_days": {"card": [5, 10]}, "zone": "Europe/Helsinki", "calendar": "FI"},
        "policy:refunds")  # fmt: skip
    monday = datetime(2027, 12, 13, 8, tzinfo=UTC)
    friday_before_christmas = commitment_make(
        case=case, what="Answer", phrase="within 10 business days", actor=Actor.person(dana), at=monday
    )
    # 24, 25 and 26 December and 6 January are free in Finland, and so are weekends.
    assert friday_before_christmas.due_at == datetime(2027, 12, 28, 21, 59, tzinfo=UTC)
    assert friday_before_christmas.rule == "within-business-days"


@pytest.mark.parametrize("phrase", ["as soon as possible", "shortly", "on 3/12", "when we can", "some day"])
def test_what_names_no_time_asks_for_one_and_promises_nothing(case: Case, promise: Promise, phrase: str):
    with pytest.raises(BadDue):
        promise("Call Maya", phrase=phrase)
    assert not Commitment.objects.exists()


def test_where_no_time_is_given_the_policy_in_force_sets_it(case: Case, dana: User, say):
    say("policy.refunds", {"document": "RF-12", "title": "Refunds", "version": "1", "in_force_from": "2026-01-01",
        "refund_days": 3, "bank_days": {"card": [5, 10]}, "zone": "Europe/Helsinki", "calendar": "FI"},
        "policy:refunds")  # fmt: skip
    made = commitment_make(case=case, what="Refund", keeps_kind="refund.paid", actor=Actor.person(dana))
    assert made.rule == "policy.refunds.refund_days"
    assert made.due_at > datetime.now(UTC) + timedelta(days=2)


def test_where_no_policy_sets_a_time_none_is_invented(case: Case, dana: User):
    with pytest.raises(BadDue, match="No policy"):
        commitment_make(case=case, what="Call", actor=Actor.person(dana))


def test_the_same_key_is_the_same_promise_and_never_another(case: Case, promise: Promise):
    assert promise("Call Maya", key="k1") == promise("Call Maya", key="k1")
    with pytest.raises(BadInput, match="another promise"):
        promise("Write to Maya", key="k1")
    assert Event.objects.filter(case=case, kind="commitment.made").count() == 1


def test_a_case_with_an_open_promise_cannot_be_closed_and_says_which(case: Case, promise: Promise, dana: User):
    made = promise("Call Maya back")
    with pytest.raises(WrongState, match="Call Maya back.*Dana Okafor"):
        case_close(case=case, actor=Actor.person(dana))
    commitment_keep(commitment=made, why="Called at 14:10", actor=Actor.person(dana))
    assert case_close(case=case, actor=Actor.person(dana)).state == "closed"


def test_a_customers_thanks_cancels_no_promise(case: Case, promise: Promise):
    """freescout#5378: there a customer's "thanks" cancels the promised date."""
    made = promise()
    message_receive(case=case, text="Thanks!", channel="email")
    made.refresh_from_db()
    assert (made.state, case_view(case=case).promises[0].due_at) == ("open", made.due_at)


def test_promises_follow_their_case_to_its_new_owner_who_is_told(
    case: Case, promise: Promise, tom: User, sofia: User
):
    made = promise()
    owner_change(case=case, owner=tom, actor=Actor.person(sofia), why="Dana is away")
    made.refresh_from_db()
    assert made.owner == tom and case_view(case=case).promises[0].owner == "Tom Brandt"
    assert tom.alerts.filter(kind="promise.moved").count() == 1


def test_promises_of_those_who_leave_go_to_somebody_first(
    case: Case, promise: Promise, dana: User, tom: User, sofia: User
):
    """zammad#3029: there the tickets of those who have left vanish."""
    made = promise()
    person_deactivate(person=dana, to=tom, actor=Actor.person(sofia), why="New job")
    made.refresh_from_db()
    assert (made.state, made.owner) == ("open", tom)


def test_keeping_by_hand_needs_evidence(promise: Promise, dana: User):
    made = promise()
    with pytest.raises(BadInput):
        commitment_keep(commitment=made, why=" ", actor=Actor.person(dana))
    with pytest.raises(BadInput, match="not one of this case"):
        commitment_keep(commitment=made, fact=987654, actor=Actor.person(dana))
    assert commitment_keep(commitment=made, why="Called her", actor=Actor.person(dana)).state == "kept"


def test_what_has_ended_never_opens_or_ends_again(case: Case, promise: Promise, dana: User):
    made = promise()
    commitment_break(commitment=made, why="Nobody was reached", actor=Actor.person(dana))
    for end in (commitment_keep, commitment_withdraw, commitment_break):
        with pytest.raises(WrongState, match="broken already"):
            end(commitment=made, why="Again", actor=Actor.person(dana))


def test_a_new_time_is_a_new_promise_and_the_customer_was_told(case: Case, promise: Promise, dana: User):
    old = promise()
    with pytest.raises(BadInput, match="how the customer was told"):
        commitment_renegotiate(commitment=old, phrase="tomorrow", why="Busy", told="", actor=Actor.person(dana))
    new = commitment_renegotiate(
        commitment=old, phrase="in two days", why="The bank is closed", told="phone", actor=Actor.person(dana)
    )
    now, before = case_view(case=case).promises
    assert (now.id, now.follows, before.state) == (new.pk, old.pk, "renegotiated")
    assert before.evidence["told"] == "phone"


def test_the_promised_fact_keeps_the_promise_and_is_its_evidence(case: Case, promise: Promise, paid, maya):
    # ``paid`` was learned before: it keeps nothing that is promised later.
    made = promise("Refund Maya", keeps_kind="refund.paid")
    maya("order.changed", {"status": "closed"}, "order:48-1193")
    case_follow(case)
    made.refresh_from_db()
    assert made.state == "open"
    maya("refund.paid", {"amount": EUR, "method": "card"}, "refund:re_2", "payment:pi_1", ago=0)
    case_follow(case)
    made.refresh_from_db()
    assert made.state == "kept" and made.evidence["fact"]
    assert last_event(case).kind == "commitment.kept"


def test_a_fact_about_another_matter_keeps_nothing(case: Case, promise: Promise, maya):
    made = promise("Refund Maya", keeps_kind="refund.paid", keeps_ref="order:48-1193")
    maya("refund.paid", {"amount": EUR, "method": "card"}, "refund:re_9", "order:99-1", "email:maya@example.com")
    case_follow(case)
    made.refresh_from_db()
    assert made.state == "open"


def test_the_past_shows_the_promise_as_it_was(case: Case, promise: Promise, dana: User):
    made = promise()
    then = case_view(case=case).as_of
    commitment_withdraw(commitment=made, why="Maya has it already", actor=Actor.person(dana))
    assert case_view(case=case, as_of=then).promises[0].state == "open"
    assert case_view(case=case).promises[0].state == "withdrawn"
