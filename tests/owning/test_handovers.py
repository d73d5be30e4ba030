"""A case is offered, and its owner answers for it until somebody has taken it."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User

from cases.errors import BadInput, BadWords, NotYours, WrongState
from cases.models import Alert, Case, Handover, Team
from cases.selectors import case_view, chain_verify, offer_packet, offers_to
from cases.services import (
    asker_verify,
    case_close,
    handover_accept,
    handover_decline,
    handover_offer,
    handover_withdraw,
    handovers_expire,
    message_receive,
    message_send,
    note_add,
    owner_change,
)
from connectors.host.selectors import moment
from tests.owning.conftest import who


@pytest.fixture
def offer(case: Case, dana: User, tom: User) -> Handover:
    return handover_offer(case=case, to=tom, why="He knows the warehouse", actor=who(dana))


def run_out(offer: Handover) -> None:
    Handover.objects.filter(pk=offer.pk).update(expires_at=moment()[1] - timedelta(seconds=1))


def told(person: User) -> list[str]:
    return list(Alert.objects.filter(person=person).order_by("pk").values_list("kind", flat=True))


def test_an_offer_changes_nobody_until_it_is_accepted(case: Case, offer: Handover, dana: User, tom: User):
    before = case_view(case=case)
    assert (before.owner.name, before.offer and before.offer.to_name) == ("Dana Okafor", "Tom Brandt")
    handover_accept(handover=offer, actor=who(tom))
    now = case_view(case=case)
    assert (now.owner.name, now.offer) == ("Tom Brandt", None)
    assert now.events[-1].title == "Tom Brandt took the case over from Dana Okafor"
    assert case_view(case=case, as_of=before.as_of).owner.name == "Dana Okafor"
    assert (told(tom), told(dana)) == (["handover.offered"], ["handover.accepted"])


def test_a_packet_says_what_the_customer_should_not_have_to_repeat(case: Case, dana: User, tom: User):
    asker_verify(case=case, how="called_back", actor=who(dana))
    message_receive(case=case, text="The parcel was blue. Please don't call me.", channel="chat")
    digest = case_view(case=case).answer.digest
    message_send(case=case, text="We look for it.", answer_digest=digest, actor=who(dana), recipient="maya@example.com")
    note_add(case=case, text="Rang the warehouse, no answer", actor=who(dana))
    packet = offer_packet(handover_offer(case=case, to=tom, why="Away", actor=who(dana)).pk)
    assert packet and packet.question == "Where is my refund?" and packet.answer
    assert packet.told[0]["words"] == "We look for it." and packet.tried[0]["words"].startswith("Rang")
    assert [k["words"] for k in packet.known] == [
        "order 48-1193", "Called back on the number we hold, by Dana Okafor", "“Please don't call me.”",
        "The parcel was blue. Please don't call me.", "Where is my refund?",
    ]  # fmt: skip


def test_a_declined_offer_comes_back_with_its_reason(case: Case, offer: Handover, dana: User, tom: User):
    handover_decline(handover=offer, why="Off until Monday", actor=who(tom))
    view = case_view(case=case)
    assert (view.owner.name, view.offer, view.events[-1].body) == ("Dana Okafor", None, "Off until Monday")
    assert told(dana) == ["handover.declined"]
    with pytest.raises(WrongState, match="declined already"):
        handover_accept(handover=offer, actor=who(tom))


def test_only_they_can_take_it_and_nobody_else_can_decline_it(
    case: Case, offer: Handover, dana: User, rosa: User, sam: User
):
    for somebody in (rosa, sam, dana):
        with pytest.raises(NotYours, match="offered to Tom Brandt"):
            handover_accept(handover=offer, actor=who(somebody))
        with pytest.raises(NotYours, match="Only Tom Brandt"):
            handover_decline(handover=offer, why="No", actor=who(somebody))
    with pytest.raises(NotYours, match="Only Dana Okafor or a supervisor"):
        handover_withdraw(handover=offer, actor=who(rosa))
    handover_withdraw(handover=offer, actor=who(sam))


def test_an_offer_runs_out_exactly_once_and_the_owner_is_told(case: Case, offer: Handover, dana: User):
    assert handovers_expire() == 0
    run_out(offer)
    assert (handovers_expire(), handovers_expire()) == (1, 0)
    assert case_view(case=case).events[-1].kind == "handover.expired"
    assert case_view(case=case).owner.name == "Dana Okafor" and told(dana) == ["handover.expired"]


def test_what_has_run_out_can_not_be_accepted_also_before_the_sweep(case: Case, offer: Handover, tom: User):
    run_out(offer)
    with pytest.raises(WrongState, match="has run out"):
        handover_accept(handover=offer, actor=who(tom))
    assert case_view(case=case).offer is None and handovers_expire() == 0


def test_any_member_takes_what_is_offered_to_a_team(case: Case, dana: User, rosa: User, refunds: Team):
    handover_offer(case=case, team="refunds", why="A refund after all", actor=who(dana))
    [(reference, offer)] = offers_to(rosa)
    assert (reference, offer.to_name) == (case.reference, "Refunds")
    handover_accept(handover=offer.id, actor=who(rosa))
    assert case_view(case=case).owner.name == "Rosa Lind" and offers_to(rosa) == ()


def test_a_team_s_offer_is_declined_by_its_lead_alone(case: Case, dana: User, rosa: User, sam: User, refunds: Team):
    offer = handover_offer(case=case, team=refunds, why="A refund", actor=who(dana))
    with pytest.raises(NotYours, match="the lead of Refunds"):
        handover_decline(handover=offer, why="Busy", actor=who(rosa))
    handover_decline(handover=offer, why="Not ours", actor=who(sam))


def test_an_offer_needs_a_reason_a_receiver_and_an_open_case(case: Case, dana: User, tom: User, rosa: User):
    offers = {"case": case, "actor": who(dana)}
    for refused, more in (
        (BadWords, {"to": tom, "why": "  "}),
        (BadInput, {"why": "x"}),
        (BadInput, {"to": "nobody", "why": "x"}),
        (BadInput, {"team": "nobody", "why": "x"}),
        (BadInput, {"to": tom, "why": "x", "expires_in": timedelta(0)}),
        (WrongState, {"to": dana, "why": "x"}),
        (NotYours, {"to": tom, "why": "x", "actor": who(rosa)}),
    ):
        with pytest.raises(refused):
            handover_offer(**{**offers, **more})
    handover_offer(to=tom, why="x", **offers)
    with pytest.raises(WrongState, match="offered to Tom Brandt already"):
        handover_offer(to=rosa, why="x", **offers)


def test_closing_takes_the_offer_back(case: Case, offer: Handover, dana: User):
    case_close(case=case, actor=who(dana))
    offer.refresh_from_db()
    assert offer.state == "withdrawn" and case_view(case=case).offer is None and chain_verify(case).intact


def test_the_third_transfer_is_told_to_the_lead(
    case: Case, dana: User, tom: User, rosa: User, sam: User, refunds: Team
):
    owner_change(case=case, owner=tom, actor=who(sam), why="One")
    owner_change(case=case, owner=rosa, actor=who(sam), why="Two")
    assert told(sam) == []
    offer = handover_offer(case=case, to=tom, why="Three", actor=who(rosa))
    handover_accept(handover=offer, actor=who(tom))
    assert told(sam) == ["handover.many"]


def test_a_case_is_given_without_asking_by_a_supervisor_alone_and_with_a_reason(
    case: Case, dana: User, tom: User, sam: User
):
    """zammad#1600: the owner was removed silently."""
    with pytest.raises(NotYours, match="Offer it to them instead"):
        owner_change(case=case, owner=tom, actor=who(dana), why="Away")
    with pytest.raises(BadWords):
        owner_change(case=case, owner=tom, actor=who(sam), why="")
    with pytest.raises(BadInput, match="no active person"):
        owner_change(case=case, owner="nobody", actor=who(sam), why="Away")
    owner_change(case=case, owner="tom", actor=who(sam), why="Dana is ill")
    last = case_view(case=case).events[-1]
    assert (last.title, last.body) == ("Sam Holt handed the case to Tom Brandt", "Dana is ill")
    assert told(tom) == ["owner.changed"]
