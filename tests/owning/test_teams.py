"""Who is given a case, when a team works, and which case comes next."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from cases.errors import BadInput, NotYours, UnknownQuestion, WrongState
from cases.models import Case, CaseSummary, Team
from cases.owning.choosing import Standing, choose
from cases.owning.hours import DAYS, hours_read, is_open, opens_at
from cases.owning.routing import Place, fairest
from cases.selectors import case_view, lead_of, next_case, offers_to, team_of, teams_list
from cases.services import (
    Actor,
    handover_accept,
    handover_offer,
    member_remove,
    member_save,
    person_deactivate,
    team_remove,
    team_save,
)
from connectors.host.selectors import moment
from tests.owning.conftest import opened, who
from tests.owning.test_database import promise

HELSINKI = "Europe/Helsinki"
WEEK = dict.fromkeys(DAYS[:5], ("09:00", "17:00"))


def come(*refs: str) -> Case:
    """A case that a program opens: nobody has taken it by hand."""
    from cases.services import case_open

    return case_open(question="refund-status", refs=refs or ("order:48-1193",), actor=Actor.rule("mail"))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_a_team_s_hours_are_those_of_its_own_clock():
    assert not is_open(WEEK, HELSINKI, at("2026-11-20T06:59:00")) and is_open(WEEK, HELSINKI, at("2026-11-20T07:00:00"))
    assert is_open(WEEK, HELSINKI, at("2026-07-17T06:00:00"))  # summer time
    assert not is_open(WEEK, HELSINKI, at("2026-11-21T10:00:00")) and is_open({}, HELSINKI, at("2026-11-21T10:00:00"))
    assert opens_at(WEEK, HELSINKI, at("2026-11-20T15:00:00")) == at("2026-11-23T07:00:00")


def test_a_night_shift_ends_on_the_next_day():
    night = {"sun": ("22:00", "06:00")}
    assert is_open(night, "UTC", at("2026-11-22T23:00:00")) and is_open(night, "UTC", at("2026-11-23T05:59:00"))
    assert not is_open(night, "UTC", at("2026-11-23T06:00:00")) and not is_open(night, "UTC", at("2026-11-22T05:00:00"))


SPANS = st.dictionaries(st.sampled_from(DAYS), st.tuples(st.times(), st.times()), min_size=1)


@given(SPANS, st.integers(0, 14 * 24 * 60))
def test_whoever_is_closed_is_open_when_it_says(spans: dict, minute: int):
    hours = hours_read({day: [f"{a:%H:%M}", f"{b:%H:%M}"] for day, (a, b) in spans.items()})
    now = at("2026-11-20T00:00:00") + timedelta(minutes=minute)
    opens = opens_at(hours, "UTC", now)
    assert (opens is None) == is_open(hours, "UTC", now)
    assert opens is None or (opens > now and is_open(hours, "UTC", opens))


@given(st.lists(st.integers(0, 4), min_size=1, max_size=4, unique=True), st.integers(1, 40))
def test_turns_are_taken_evenly(people: list[int], cases: int):
    last: dict[int, datetime] = {}
    got = dict.fromkeys(people, 0)
    for n in range(cases):
        chosen = fairest(Place(p, 1, True, True, last.get(p)) for p in people)
        assert chosen is not None
        last[chosen.person] = at("2026-11-20T06:00:00") + timedelta(minutes=n)
        got[chosen.person] += 1
    assert max(got.values()) - min(got.values()) <= 1


def test_a_case_that_nobody_opened_goes_to_the_member_whose_turn_it_is(maya, refunds: Team):
    owners = [case_view(case=come()).owner.name for _ in range(4)]
    assert sorted(owners[:2]) == ["Rosa Lind", "Tom Brandt"] and owners[2:] == owners[:2]
    assert team_of(come()) == refunds


def test_who_opens_a_case_owns_it_whatever_the_team(case: Case, dana: User, refunds: Team):
    mine = opened(dana)
    assert case_view(case=mine).owner.name == "Dana Okafor" and team_of(mine) == refunds


def test_who_pauses_is_given_none_and_without_anybody_the_lead_has_it(maya, refunds: Team, tom: User, rosa: User):
    member_save(team=refunds, person=tom, taking=False, actor=who(tom))
    assert {case_view(case=come()).owner.name for _ in range(3)} == {"Rosa Lind"}
    member_save(team=refunds, person=rosa, taking=False, actor=who(rosa))
    assert case_view(case=come()).owner.name == "Sam Holt"


def test_outside_its_hours_the_lead_has_a_case_and_it_is_offered_to_the_team(maya, refunds: Team, sam: User, tom: User):
    now = moment()[1]
    tomorrow = DAYS[(now.weekday() + 2) % 7]
    team_save(name="refunds", title="Refunds", lead=sam, questions=["refund-status"], actor=who(sam),
              hours={tomorrow: ["09:00", "10:00"]})  # fmt: skip
    case = come()
    view = case_view(case=case)
    assert view.owner.name == "Sam Holt" and view.offer and view.offer.to_name == "Refunds"
    handover_accept(handover=view.offer.id, actor=who(tom))
    assert case_view(case=case).owner.name == "Tom Brandt"


def test_the_lead_of_a_case_is_that_of_its_team(case: Case, dana: User, sam: User, tom: User, refunds: Team):
    assert lead_of(case) == sam


def test_teams_are_changed_by_supervisors_and_what_is_wrong_is_said(dana: User, sam: User, tom: User, refunds: Team):
    good = {"name": "orders", "title": "Orders", "lead": "sam", "actor": who(sam)}
    for refused, more in (
        (NotYours, {"actor": who(dana)}),
        (BadInput, {"name": "No spaces"}),
        (BadInput, {"lead": "nobody"}),
        (BadInput, {"zone": "Mars/Base"}),
        (BadInput, {"hours": {"mon": ["9", "17:00"]}}),
        (BadInput, {"hours": {"someday": ["09:00", "17:00"]}}),
        (UnknownQuestion, {"questions": ["weather"]}),
    ):
        with pytest.raises(refused):
            team_save(**{**good, **more})
    with pytest.raises(NotYours):
        member_save(team=refunds, person=dana, actor=who(dana))
    member_remove(team=refunds, person="tom", actor=who(sam))
    assert [m.person.username for m in teams_list("refunds")[0].members] == ["rosa"]
    team_save(**good)
    team_remove(team="orders", actor=who(sam))


def test_a_team_that_history_names_stays(case: Case, dana: User, sam: User, refunds: Team):
    handover_offer(case=case, team=refunds, why="A refund", actor=who(dana))
    with pytest.raises(WrongState, match="part of the history"):
        team_remove(team=refunds, actor=who(sam))


def test_the_next_case_is_a_late_promise_then_what_no_longer_holds_then_who_waits_longest():
    now = at("2026-11-20T12:00:00")
    day = [
        Standing("1", "Ann", now, waiting_since=now - timedelta(hours=3)),
        Standing("2", "Bo", now, waiting_since=now - timedelta(hours=5)),
        Standing("3", "Cy", now, broken=1),
        Standing("4", "Di", now, promise_at=now - timedelta(minutes=90), promise="Call Di"),
        Standing("5", "Ed", now, promise_at=now + timedelta(hours=2), promise="Call Ed"),
        Standing("6", "Flo", now - timedelta(days=3)),
    ]
    said = []
    while day:
        chosen = choose(day, now)
        assert chosen is not None
        said.append((chosen.reference, chosen.why))
        day = [s for s in day if s.reference != chosen.reference]
    assert said == [
        ("4", "A promise to Di is 1 h late: Call Di"), ("3", "What Cy was told no longer holds"),
        ("2", "Bo has waited 5 h, longest of 2"), ("1", "Ann has waited 3 h"),
        ("5", "The next promise is due in 2 h: Call Ed"),
        ("6", "Nobody waits; the case of Flo has been open longest"),
    ]  # fmt: skip


def test_an_offered_case_is_among_those_to_choose_from_and_one_can_be_left_out(case: Case, dana: User, rosa: User,
                                                                               refunds: Team):  # fmt: skip
    assert next_case(person=rosa) is None
    offer = handover_offer(case=case, team=refunds, why="A refund", actor=who(dana))
    chosen = next_case(person=rosa)
    assert chosen and (chosen.reference, chosen.offer) == (case.reference, offer.pk)
    assert next_case(person=dana, but=case.reference) is None
    promise(case, dana)
    CaseSummary.objects.filter(case=case).update(waiting_since=None)
    due = next_case(person=dana)
    assert due and due.reason == "promise-due" and offers_to(rosa)


def test_the_commands_show_and_change_teams(sam: User, tom: User, capsys: pytest.CaptureFixture[str]):
    call_command("team", "orders", "--lead", "sam", "--hours", "mon=09:00-17:00", "--zone", HELSINKI, "--add", "tom")
    call_command("team", "orders", "--title", "Orders and parcels", "--remove", "tom")
    assert "orders: Orders and parcels, led by sam; nobody" in capsys.readouterr().out
    assert teams_list("orders")[0].hours == {"mon": ("09:00", "17:00")}
    person_deactivate(person=tom, actor=who(sam), why="Last day")
