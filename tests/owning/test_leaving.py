"""People who leave hand over everything first; what is nobody's then is somebody's before it is opened again."""

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from cases.errors import NotYours, StillHeld, WrongState
from cases.models import Case, Commitment, Handover, Team
from cases.selectors import case_view, chain_verify, held_by, offers_to
from cases.services import case_close, handover_offer, message_receive, person_deactivate, team_save
from tests.owning.conftest import opened, who
from tests.owning.test_database import promise


def gone(person: User) -> bool:
    person.refresh_from_db()
    return not person.is_active


def test_everything_goes_to_the_one_who_is_named(case: Case, dana: User, tom: User, sam: User):
    """zammad#3029: the tickets of people who had left vanished."""
    other = opened(dana)
    handover_offer(case=other, to=tom, why="Away", actor=who(dana))
    kept = promise(case, dana)
    assert person_deactivate(person=dana, to=tom, actor=who(sam), why="Last day") == 2 and gone(dana)
    for one in (case, other):
        view = case_view(case=one)
        assert (view.owner.name, view.offer) == ("Tom Brandt", None) and chain_verify(one).intact
    kept.refresh_from_db()
    assert kept.owner_id == tom.pk and held_by(dana).cases == ()
    said = [e.body for e in case_view(case=case).events if e.kind == "owner.changed"]
    assert said[0].startswith("Dana Okafor leaves: Last day")


def test_without_a_name_each_case_goes_by_its_team_s_routing(case: Case, dana: User, tom: User, rosa: User, sam: User):
    others = [opened(dana) for _ in range(3)]
    team_save(name="refunds", title="Refunds", lead=sam, questions=["refund-status"], actor=who(sam))
    call_command("team", "refunds", "--add", "tom", "--add", "rosa")
    person_deactivate(person="dana", actor=who(sam), why="Last day")
    owners = sorted(case_view(case=one).owner.name for one in (case, *others))
    assert owners == ["Rosa Lind", "Rosa Lind", "Tom Brandt", "Tom Brandt"]


def test_where_nobody_can_take_something_nothing_changes_and_it_says_what_is_left(case: Case, dana: User, sam: User):
    team_save(name="refunds", title="Late refunds", lead=dana, actor=who(sam))
    with pytest.raises(StillHeld, match=f"still has case {case.pk}, the lead of Late refunds"):
        person_deactivate(person=dana, actor=who(sam), why="Last day")
    assert not gone(dana) and case_view(case=case).owner.name == "Dana Okafor"
    person_deactivate(person=dana, to=sam, actor=who(sam), why="Last day")
    assert Team.objects.get().lead_id == sam.pk


def test_an_offer_to_somebody_who_leaves_comes_back_and_their_promises_go_to_the_owner(
    case: Case, dana: User, tom: User, sam: User
):
    handover_offer(case=case, to=tom, why="Away", actor=who(dana))
    kept = promise(case, tom)
    person_deactivate(person=tom, actor=who(sam), why="Last day")
    assert Handover.objects.get().state == "declined" and offers_to(tom) == ()
    assert Commitment.objects.get(pk=kept.pk).owner_id == dana.pk and case_view(case=case).owner.name == "Dana Okafor"


def test_a_promise_made_in_a_closed_case_goes_with_it(case: Case, dana: User, tom: User, sam: User):
    case_close(case=case, actor=who(dana))
    kept = promise(case, dana)
    person_deactivate(person=dana, to=tom, actor=who(sam), why="Last day")
    assert gone(dana) and Commitment.objects.get(pk=kept.pk).owner_id == tom.pk
    assert case_view(case=case).owner.name == "Tom Brandt" and case_view(case=case).state == "closed"


def test_only_a_supervisor_switches_off_and_not_themselves(dana: User, tom: User, sam: User):
    with pytest.raises(NotYours):
        person_deactivate(person=tom, actor=who(dana), why="x")
    with pytest.raises(WrongState, match="your own account"):
        person_deactivate(person=sam, actor=who(sam), why="x")


def test_a_closed_case_of_somebody_who_left_gets_an_owner_as_it_is_opened_again(
    case: Case, dana: User, tom: User, sam: User, refunds: Team
):
    case_close(case=case, actor=who(dana))
    person_deactivate(person=dana, actor=who(sam), why="Last day")
    message_receive(case=case, text="It is still not here.", channel="email")
    view = case_view(case=case)
    assert view.state == "open" and view.owner.name in ("Tom Brandt", "Rosa Lind")
    assert "Dana Okafor has left" in view.events[-2].body


def test_the_command_says_what_became_of_it(case: Case, dana: User, tom: User, capsys: pytest.CaptureFixture[str]):
    with pytest.raises(CommandError, match="still has case"):
        call_command("person_leaves", "dana")
    call_command("person_leaves", "dana", "--to", "tom", "--why", "Moved to Oslo")
    assert "1 open case moved" in capsys.readouterr().out and gone(dana)
