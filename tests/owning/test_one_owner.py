"""Never zero owners and never two, whatever happens in whatever order; also when it happens at once."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.auth.models import User
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.errors import CaseError
from cases.models import Case, Commitment, Event, Handover, Team
from cases.selectors import case_view, chain_verify
from cases.services import (
    case_close,
    case_reopen,
    handover_accept,
    handover_decline,
    handover_offer,
    handover_withdraw,
    handovers_expire,
    message_receive,
    owner_change,
    person_deactivate,
)
from connectors.host.selectors import moment
from tests.cases.test_at_once import at_once
from tests.database import TestDatabase
from tests.examples import examples
from tests.owning.conftest import opened, who
from tests.owning.test_database import promise

PEOPLE = ("dana", "tom", "rosa", "sam")


@dataclass
class Scene:
    """One deed: who does it, who it is about, and the last offer of the case."""

    case: Case
    by: User
    other: User
    sam: User

    @property
    def last(self) -> dict[str, Any]:
        offer = Handover.objects.filter(case=self.case).order_by("-pk").first()
        return {"handover": offer.pk if offer else 0, "actor": who(self.by)}


def runs_out(_: Scene) -> None:
    Handover.objects.filter(state="offered").update(expires_at=moment()[1])
    handovers_expire()


def closes(scene: Scene) -> None:
    Commitment.objects.filter(case=scene.case, state="open").update(state="kept", ended_at=moment()[1])
    case_close(case=scene.case, actor=who(scene.by))


DEEDS: dict[str, Callable[[Scene], Any]] = {
    "offer": lambda s: handover_offer(case=s.case, to=s.other, why="Away", actor=who(s.by)),
    "offer team": lambda s: handover_offer(case=s.case, team="refunds", why="A refund", actor=who(s.by)),
    "accept": lambda s: handover_accept(**s.last),
    "decline": lambda s: handover_decline(why="No", **s.last),
    "withdraw": lambda s: handover_withdraw(**s.last),
    "run out": runs_out,
    "close": closes,
    "reopen": lambda s: case_reopen(case=s.case, actor=who(s.by)),
    "message": lambda s: message_receive(case=s.case, text="Hello?", channel="chat"),
    "give": lambda s: owner_change(case=s.case, owner=s.other, why="So it is", actor=who(s.sam)),
    "leave": lambda s: person_deactivate(person=s.other, to=s.by, why="Gone", actor=who(s.sam)),
    "come back": lambda s: User.objects.filter(pk=s.other.pk).update(is_active=True),
    "promise": lambda s: promise(s.case, s.by) if s.by.is_active else None,
}
ONE = st.tuples(
    st.sampled_from([*DEEDS, "offer", "accept", "accept"]), st.sampled_from(PEOPLE), st.sampled_from(PEOPLE)
)


def holds(case: Case) -> None:
    """The case has exactly one owner: its row and its events name the same, who is active unless it is closed."""
    row = Case.objects.select_related("owner").get(pk=case.pk)
    view = case_view(case=case)
    assert (row.owner_id, row.state) == (view.owner.id, view.state)
    assert row.owner.is_active or row.state == "closed"
    open_offers = list(Handover.objects.filter(case=case, state="offered"))
    assert [o.pk for o in open_offers] == ([view.offer.id] if view.offer else [])
    assert all(o.from_person_id == row.owner_id and row.state != "closed" for o in open_offers)
    assert not Commitment.objects.filter(case=case, state="open", owner__is_active=False).exists()


@settings(max_examples=examples(6), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deeds=st.lists(ONE, min_size=3, max_size=14))
def test_no_order_of_deeds_leaves_a_case_without_its_one_owner(
    maya, dana: User, tom: User, rosa: User, sam: User, refunds: Team, deeds: list[tuple[str, str, str]]
):
    User.objects.update(is_active=True)
    case = opened(dana)
    for deed, one, another in deeds:
        person, other = (User.objects.get(username=name) for name in (one, another))
        try:
            DEEDS[deed](Scene(case, person, other, sam))
        except CaseError:
            pass
        holds(case)
    ends = ("handover.accepted", "handover.declined", "handover.expired", "handover.withdrawn")
    told = Event.objects.filter(case=case, kind__in=ends).count()
    assert told == Handover.objects.filter(case=case).exclude(state="offered").count() and chain_verify(case).intact


def quietly(deed: Callable[[], Any]) -> Callable[[], str]:
    def tried() -> str:
        try:
            deed()
            return "done"
        except CaseError as error:
            return type(error).__name__

    return tried


@pytest.mark.parametrize("round_", range(3))
def test_of_those_who_answer_an_offer_at_once_one_does(
    committed_db: TestDatabase, case: Case, dana: User, tom: User, rosa: User, sam: User, refunds: Team, round_: int
):
    offer = handover_offer(case=case, team=refunds, why="A refund", actor=who(dana))
    came_of_it = at_once(
        quietly(lambda: handover_accept(handover=offer, actor=who(tom))),
        quietly(lambda: handover_accept(handover=offer, actor=who(rosa))),
        quietly(lambda: handover_decline(handover=offer, why="No", actor=who(sam))),
        quietly(lambda: handover_withdraw(handover=offer, actor=who(dana))),
    )
    assert came_of_it.count("done") == 1
    holds(case)


def test_an_offer_runs_out_once_for_all_who_sweep(committed_db: TestDatabase, case: Case, dana: User, tom: User):
    handover_offer(case=case, to=tom, why="Away", actor=who(dana))
    Handover.objects.update(expires_at=moment()[1])
    assert sum(at_once(handovers_expire, handovers_expire, handovers_expire)) == 1
    assert Event.objects.filter(case=case, kind="handover.expired").count() == 1


def test_nobody_gets_a_case_in_the_moment_in_which_they_leave(
    committed_db: TestDatabase, case: Case, dana: User, tom: User, rosa: User, sam: User
):
    offer = handover_offer(case=case, to=tom, why="Away", actor=who(dana))
    at_once(
        quietly(lambda: handover_accept(handover=offer, actor=who(tom))),
        quietly(lambda: person_deactivate(person=tom, to=rosa, why="Last day", actor=who(sam))),
        quietly(lambda: opened(tom)),
    )
    tom.refresh_from_db()
    assert not tom.is_active
    for one in Case.objects.all():
        holds(one)
