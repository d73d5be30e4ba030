import pytest
from django.contrib.auth.models import User
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.errors import BadInput, WrongState
from cases.models import Case
from cases.selectors import case_view, chain_verify
from cases.services import (
    Actor,
    asker_verify,
    case_close,
    case_reopen,
    case_wait,
    message_receive,
)
from tests.examples import examples


def test_a_customer_s_message_reopens_a_closed_case(case: Case, dana: User):
    case_close(case=case, actor=Actor.person(dana))
    message_receive(case=case, text="It is still not here.", channel="email")
    view = case_view(case=case)
    assert (view.state, view.asked) == ("open", "It is still not here.")
    assert view.waiting_since == view.asked_at


def test_waiting_ends_when_the_customer_writes(case: Case, dana: User):
    case_wait(case=case, actor=Actor.person(dana), why="Asked for the parcel's number")
    assert case_view(case=case).waiting_since is None
    message_receive(case=case, text="JJFI 12", channel="email")
    case.refresh_from_db()
    assert case.state == "open"


def test_a_closed_case_is_neither_closed_again_nor_set_to_wait(case: Case, dana: User):
    case_close(case=case, actor=Actor.person(dana))
    with pytest.raises(WrongState, match="closed already"):
        case_close(case=case, actor=Actor.person(dana))
    with pytest.raises(WrongState, match="Reopen it first"):
        case_wait(case=case, actor=Actor.person(dana))


def test_how_the_asker_was_verified_is_recorded_with_who_says_so(case: Case, dana: User):
    asker_verify(case=case, how="called_back", actor=Actor.person(dana))
    verified = case_view(case=case).verified
    assert verified and (verified.how, verified.by) == ("called_back", "Dana Okafor")
    with pytest.raises(BadInput, match="Use one of"):
        asker_verify(case=case, how="from_line", actor=Actor.person(dana))
    with pytest.raises(BadInput, match="Only a person or a program"):
        asker_verify(case=case, how="signed_in", actor=Actor.customer())


MOVES = {"close": case_close, "reopen": case_reopen, "wait": case_wait}


@settings(max_examples=examples(8), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=st.lists(st.sampled_from(["close", "reopen", "wait", "message"]), max_size=6))
def test_events_alone_tell_the_state_whatever_happened(case: Case, dana: User, moves: list[str]):
    for move in moves:
        try:
            if move == "message":
                message_receive(case=case, text="Hello?", channel="chat")
            else:
                MOVES[move](case=case, actor=Actor.person(dana))
        except WrongState:
            continue
    view = case_view(case=case)
    case.refresh_from_db()
    assert (view.state, view.owner.id) == (case.state, case.owner_id)
    assert (view.waiting_since is None) or view.state == "open"
    assert chain_verify(case).intact
