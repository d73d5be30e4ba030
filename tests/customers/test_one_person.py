"""Somebody says that two customers are one person, or that they are two; nothing of either is lost on the way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User

from cases import selectors
from cases.errors import BadInput, BadWords, WrongState
from cases.models import Case, Commitment
from cases.services import (
    Actor,
    asker_verify,
    commitment_make,
    customer_choose,
    customers_merge,
    customers_unmerge,
    message_send,
)
from cases.views import CaseView
from connectors.host.selectors import moment
from tests.cases.conftest import opened
from tests.customers.conftest import whose


def merged(keep: Case, other: Case, by: User) -> int:
    return customers_merge(keep=whose(keep).pk, other=whose(other).pk, why="Same voice", actor=Actor.person(by)).id


def seen(case: Case, as_of: datetime | None = None) -> CaseView:
    return selectors.case_view(case=case, as_of=as_of)


def others(case: Case, as_of: datetime | None = None) -> set[str]:
    return {o.reference for o in seen(case, as_of).others}


def test_the_cases_of_both_are_found_in_either(hers: Case, his: Case, dana: User):
    assert others(hers) == others(his) == set()
    merged(hers, his, dana)
    assert others(hers) == {his.reference} and others(his) == {hers.reference}
    assert "Asked not to be called" in [p.what for p in seen(his).pinned]
    assert [str(r) for r in selectors.search("Lindqvist").people[0].cases] == [hers.reference, his.reference]


def test_unmerging_leaves_exactly_what_was(hers: Case, his: Case, dana: User):
    before = (others(hers), others(his), seen(his).pinned, selectors.search("Lindqvist").people)
    merge = merged(hers, his, dana)
    customers_unmerge(merge=merge, why="It was her sister", actor=Actor.person(dana))
    assert (others(hers), others(his), seen(his).pinned, selectors.search("Lindqvist").people) == before


def test_the_past_shows_what_was_known_then(hers: Case, his: Case, dana: User):
    apart = moment()[0]
    merge = merged(hers, his, dana)
    one = moment()[0]
    customers_unmerge(merge=merge, why="It was her sister", actor=Actor.person(dana))
    assert [others(hers, at) for at in (apart, one, moment()[0])] == [set(), {his.reference}, set()]
    assert [bool(seen(his, at).person.merges) for at in (apart, one, moment()[0])] == [False, True, False]


def test_every_case_of_both_says_who_said_so_and_why(hers: Case, his: Case, dana: User):
    merged(hers, his, dana)
    for case in (hers, his):
        last = seen(case).events[-1]
        assert last.title == "Dana Okafor said that Maya Lindqvist and M. Lindqvist are one person"
        assert last.body == "Same voice" and selectors.chain_verify(case).intact


def test_promises_survive_a_merge_and_an_unmerge(hers: Case, his: Case, dana: User, tom: User):
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    for case, owner in ((hers, dana), (his, tom)):
        commitment_make(case=case, what="Call back", due_at=tomorrow, actor=Actor.person(owner))
    rows = list(Commitment.objects.order_by("pk").values())
    merge = merged(hers, his, dana)
    assert list(Commitment.objects.order_by("pk").values()) == rows
    assert [p.owner for case in (hers, his) for p in seen(case).promises] == ["Dana Okafor", "Tom Brandt"]
    customers_unmerge(merge=merge, why="Two people", actor=Actor.person(tom))
    assert list(Commitment.objects.order_by("pk").values()) == rows


def test_what_one_was_told_is_held_against_what_the_other_is_about_to_hear(hers: Case, his: Case, dana: User):
    also = opened(dana, "order:48-1193", "shop.customer:2", message="Same thing")
    Case.objects.filter(pk=also.pk).update(customer=whose(his))
    text = "Your refund of €84.90 will be with you on 25 November."
    for case in (hers, also):
        asker_verify(case=case, how="order_and_email", actor=Actor.person(dana))
    view = seen(hers)
    kept = [{"key": f.key, "why": "The bank said so"} for f in selectors.view_check(view, text).missing(())]
    message_send(case=hers, text=text, answer_digest=view.answer.digest, channel="phone", actor=Actor.person(dana),
                 kept=kept, recipient="")  # fmt: skip
    says = "Your refund will be with you on 18 November."
    assert not [f for f in selectors.view_check(seen(also), says).findings if f.kind == "contradiction"]
    merged(hers, his, dana)
    assert [f for f in selectors.view_check(seen(also), says).findings if f.kind == "contradiction"]


def test_references_of_two_customers_ask_until_somebody_has_said_they_are_one(asked: Case, hers: Case, his: Case,
                                                                             dana: User):  # fmt: skip
    assert {p.name for p in seen(asked).person.candidates} == {"Maya Lindqvist", "M. Lindqvist"}
    customers_merge(keep=whose(hers).pk, other=whose(his).pk, why="Same", actor=Actor.person(dana), case=asked)
    view = seen(asked)
    assert view.person.candidates == () and whose(asked) == whose(hers)
    assert {o.reference for o in view.others} == {hers.reference, his.reference}


def test_two_people_and_whose_case_it_is(asked: Case, hers: Case, his: Case, dana: User):
    customer_choose(case=asked, customer=whose(his).pk, why="He gave his number", actor=Actor.person(dana))
    view = seen(asked)
    assert view.person.candidates == () and view.person.customer_id == whose(his).pk
    assert others(asked) == {his.reference}
    assert view.events[-1].title.endswith("different people: this is M. Lindqvist’s case")
    with pytest.raises(BadInput):
        customer_choose(case=asked, customer=whose(hers).pk, why="No, hers", actor=Actor.person(dana))


def test_a_case_that_is_somebody_elses_is_not_taken_away(hers: Case, his: Case, asked: Case, dana: User):
    Case.objects.filter(pk=asked.pk).update(customer=whose(hers))
    with pytest.raises(WrongState, match="another customer’s already"):
        customer_choose(case=asked, customer=whose(his).pk, why="His", actor=Actor.person(dana))


def test_what_cant_be_merged_is_refused_with_a_sentence(hers: Case, his: Case, dana: User):
    person = Actor.person(dana)
    with pytest.raises(BadWords):
        customers_merge(keep=whose(hers).pk, other=whose(his).pk, why=" ", actor=person)
    with pytest.raises(BadInput, match="one person already"):
        customers_merge(keep=whose(hers).pk, other=whose(hers).pk, why="Same", actor=person)
    with pytest.raises(BadInput, match="no customer 999999"):
        customers_merge(keep=whose(hers).pk, other=999999, why="Same", actor=person)
    merge = merged(hers, his, dana)
    customers_unmerge(merge=merge, why="No", actor=person)
    with pytest.raises(BadInput, match="Nobody says any more"):
        customers_unmerge(merge=merge, why="No", actor=person)
