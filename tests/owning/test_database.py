"""What the database holds by itself, whatever any code does: asked in SQL, as the application's role."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, connection, transaction

from cases.models import Case, Commitment, Team
from cases.services import case_close, handover_accept, handover_offer, owner_change
from connectors.host.selectors import moment
from tests.owning.conftest import who


def sql(words: str, *values: object) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(words, values)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def refused(match: str, words: str, *values: object) -> None:
    with pytest.raises(IntegrityError, match=match):
        sql(words, *values)


def promise(case: Case, owner: User) -> Commitment:
    due = moment()[1] + timedelta(days=1)
    return Commitment.objects.create(case=case, owner=owner, what="Call Maya", due_at=due, made_at=due, warn_at=due)


SWITCH_OFF = "UPDATE auth_user SET is_active = false WHERE id = %s"


def test_a_case_without_an_owner_can_not_be(case: Case):
    refused("null value", "UPDATE cases_case SET owner_id = NULL WHERE id = %s", case.pk)


def test_nobody_inactive_owns_a_case_that_is_not_closed(case: Case, tom: User, dana: User):
    sql(SWITCH_OFF, tom.pk)
    refused("nobody inactive may own", "UPDATE cases_case SET owner_id = %s WHERE id = %s", tom.pk, case.pk)
    case_close(case=case, actor=who(dana))
    sql(SWITCH_OFF, dana.pk)
    refused("nobody inactive may own", "UPDATE cases_case SET state = 'open' WHERE id = %s", case.pk)


def test_an_owner_is_never_changed_without_an_event_that_says_so(case: Case, tom: User):
    """zammad#1600: the owner was removed silently when somebody lost the rights to a group."""
    refused("no event says so", "UPDATE cases_case SET owner_id = %s WHERE id = %s", tom.pk, case.pk)


def test_who_owns_an_open_case_can_not_be_switched_off(case: Case, dana: User):
    """zammad#3029: the tickets of people who had left vanished from every view."""
    refused("dana still has: open cases", SWITCH_OFF, dana.pk)


def test_nor_who_answers_for_an_open_promise_or_is_offered_a_case_or_leads_a_team(
    case: Case, dana: User, tom: User, refunds: Team
):
    promise(case, tom)
    handover_offer(case=case, to=tom, why="Away", actor=who(dana))
    refused("tom still has: open promises open offers", SWITCH_OFF, tom.pk)
    refused("a team to lead", SWITCH_OFF, refunds.lead_id)


def test_nobody_inactive_is_promised_for_or_offered_to(case: Case, dana: User, tom: User):
    sql(SWITCH_OFF, tom.pk)
    with pytest.raises(IntegrityError, match="answer for an open promise"), transaction.atomic():
        promise(case, tom)
    refused(
        "be offered a case",
        "INSERT INTO cases_handover (case_id, from_person_id, to_person_id, why, packet, state, answer, offered_at,"
        " expires_at) VALUES (%s, %s, %s, 'x', '{}', 'offered', '', now(), now() + '1 h')",
        case.pk, dana.pk, tom.pk,
    )  # fmt: skip


def test_people_are_never_removed(tom: User):
    refused("never removed", "DELETE FROM auth_user WHERE id = %s", tom.pk)


def test_an_offer_is_its_owner_s_and_ends_with_the_case(case: Case, dana: User, tom: User, rosa: User, sam: User):
    handover_offer(case=case, to=tom, why="Away", actor=who(dana))
    refused("open offer is not its owner", "UPDATE cases_case SET state = 'closed' WHERE id = %s", case.pk)
    owner_change(case=case, owner=rosa, actor=who(sam), why="Tom is away too")
    assert not case.handovers.filter(state="offered").exists()


def test_an_answered_offer_is_not_answered_again_changed_or_removed(case: Case, dana: User, tom: User):
    offer = handover_offer(case=case, to=tom, why="Away", actor=who(dana))
    refused("not changed", "UPDATE cases_handover SET why = 'else' WHERE id = %s", offer.pk)
    handover_accept(handover=offer, actor=who(tom))
    refused("answered already", "UPDATE cases_handover SET state = 'declined' WHERE id = %s", offer.pk)
    refused("never removed", "DELETE FROM cases_handover WHERE id = %s", offer.pk)


def test_there_is_one_open_offer_of_a_case_at_most(case: Case, dana: User, tom: User):
    handover_offer(case=case, to=tom, why="Away", actor=who(dana))
    refused(
        "cases_one_offer",
        "INSERT INTO cases_handover (case_id, from_person_id, to_person_id, why, packet, state, answer, offered_at,"
        " expires_at) SELECT case_id, from_person_id, to_person_id, why, packet, state, answer, offered_at, expires_at"
        " FROM cases_handover",
    )
