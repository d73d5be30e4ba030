"""A claim is held against facts of its own type and about its own thing."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from cases.formats import NBSP
from cases.told.holding import contradictions
from cases.told.knowing import known
from cases.told.matching import match
from tests.examples import examples
from tests.questions.conftest import AT, EUR, PAYMENT, RETURN, Cast, Ref
from tests.told.conftest import EARLIER, checked, facts, said, told

LESS = {"amount": "79.90", "currency": "EUR"}
FIVE = {"amount": "5.00", "currency": "EUR"}


def standing(text: str, cast: Cast) -> list[str]:
    return [match(s, facts(cast), today=AT.date()).standing for s in said(text)]


def ids(cast: Cast) -> set[int]:
    return {f.id for f in cast.facts}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Your refund of €84.90 was sent on 17 November.", ["backed"] * 3),
        ("Your refund of €94.90 was sent.", ["contradicted", "backed"]),
        ("Your refund was sent on 18 November.", ["backed", "contradicted"]),
        ("Your refund has not been sent.", ["contradicted"]),
        ("Your refund was approved.", ["backed"]),
        ("Your invoice was sent.", ["unbacked"]),
        ("Your refund of $84.90 was sent.", ["unbacked", "backed"]),
        ("Your parcel was delivered on 5 November.", ["backed", "backed"]),
        ("Your order 48-1193 was delivered on 6 November.", ["backed", "contradicted"]),
        ("It should show between 24 November and 1 December.", ["backed"]),
        ("It should show by 25 November.", ["contradicted"]),
        ("Perhaps your refund was sent on 3 November.", ["open", "open"]),
    ],
)  # fmt: skip
def test_a_claim_is_compared_with_its_own_kind_of_thing(cast: Cast, text: str, expected: list[str]):
    cast.back().refund("paid", 17)
    assert standing(text, cast) == expected


def test_what_was_paid_counts_more_than_what_was_approved(cast: Cast):
    cast.back().refund("approved", 16).refund("paid", 17, amount=LESS)
    assert standing("We sent your refund of €84.90.", cast) == ["backed", "contradicted"]


def test_two_refunds_back_their_amounts_and_their_sum(cast: Cast):
    cast.back().refund("paid", 16, amount=LESS).refund("paid", 17, "re_2", amount=FIVE)
    assert standing("We refunded €79.90 and €5.00, so €84.90 was refunded.", cast).count("backed") == 5


def test_a_refund_that_failed_was_not_sent(cast: Cast):
    cast.back().refund("paid", 16).refund("failed", 18)
    assert standing("Your refund has been sent.", cast) == ["contradicted"]


def test_what_a_complete_check_denies_is_contradicted(cast: Cast):
    cast.bought().delivered().tell("return.requested", 9, {"amount": EUR})
    assert "contradicted" in standing("We have received your return.", cast)


# -- after facts change ---------------------------------------------------------------------------------
def test_a_statement_breaks_when_the_amount_becomes_another(cast: Cast):
    cast.back().refund("approved", 12)
    before = told("Your refund of €84.90 is approved.", cast)
    assert contradictions(before, facts(cast), ids(cast)) == ()
    cast.refund("paid", 17, amount=LESS)
    (found,) = contradictions(before, facts(cast), ids(cast))
    assert (found.said.value, found.value, found.statement) == ("84.90", "79.90", 7)
    assert found.told_text == "Your refund of €84.90 is approved."


def test_a_promised_day_that_is_kept_holds_and_one_that_is_missed_breaks(cast: Cast):
    cast.back().refund("approved", 12)
    before = told("We send your refund by 18 November.", cast)
    kept = Cast().back().refund("approved", 12).refund("paid", 17)
    late = Cast().back().refund("approved", 12).refund("paid", 20)
    assert contradictions(before, facts(kept), ids(kept)) == ()
    (found,) = contradictions(before, facts(late), ids(late))
    assert found.text.replace(NBSP, " ") == "Friday 20 November"


def test_not_yet_was_true_of_its_own_time(cast: Cast):
    cast.bought()
    before = told("We have not received your return yet.", cast)
    later = Cast().back(received=16)
    assert contradictions(before, facts(later), ids(later)) == ()
    already = Cast().back(received=13)
    assert len(contradictions(before, facts(already), ids(already))) == 1


def test_what_the_source_takes_back_is_gone(cast: Cast):
    cast.back().refund("paid", 13)
    made = told("Your refund has been sent.", cast)
    made = replace(made, said=tuple(replace(s, facts=match(s, facts(cast)).facts) for s in made.said))
    cast.facts = [f for f in cast.facts if f.kind != "refund.paid"]
    cast.quiet = {"finance"}
    assert [c.by for c in contradictions(made, facts(cast), ids(cast))] == ["gone"]


def test_what_was_kept_knowingly_is_no_news(cast: Cast):
    cast.back().refund("paid", 13)
    made = told("Your refund of €94.90 has been sent.", cast)
    assert contradictions(made, facts(cast), ids(cast)) == ()
    again = Cast().back().refund("paid", 13, bank_reference="744300116")
    assert contradictions(made, facts(again), ids(again)) == ()


EVENTS = [
    lambda c: c.refund("approved", 12), lambda c: c.refund("paid", 17),
    lambda c: c.refund("paid", 18, "re_2", amount=LESS),
    lambda c: c.refund("failed", 19), lambda c: c.tell("return.received", 13), lambda c: c.tell("order.cancelled", 15),
    lambda c: c.tell("return.inspected", 16, {"result": "failed"}), lambda c: c.tell("shipment.delivered", 5),
    lambda c: c.refund("submitted", 14, amount=LESS), lambda c: c.tell("return.cancelled", 20, refs=(RETURN,)),
    lambda c: c.tell("credit_note.issued", 15, {"amount": EUR}, refs=(PAYMENT,)),
]  # fmt: skip
WORDS = (
    "Your refund of €84.90 is approved. We send it by 18 November.", "Your refund of €79.90 was sent on 17 November.",
    "Your return passed our inspection on 16 November, and no refund has been sent.", "Your order was cancelled.",
    "We received your parcel on 13 November. It should show between 24 November and 1 December.",
)  # fmt: skip


@settings(max_examples=examples(30), deadline=None, phases=[Phase.explicit, Phase.generate])
@given(st.lists(st.sampled_from(range(len(EVENTS))), unique=True), st.sampled_from(WORDS), st.randoms())
def test_what_speaks_against_a_statement_depends_on_the_facts_and_not_on_their_order(
    which: list[int], words: str, chance: random.Random
):
    cast = Cast().bought()
    before = told(words, cast)
    for n in which:
        EVENTS[n](cast)
    evidence, answer = cast.evidence(), cast.ask()
    first = contradictions(before, known(evidence, answer), ids(cast))
    shuffled = list(evidence.facts)
    chance.shuffle(shuffled)
    mixed = replace(evidence, facts=tuple(shuffled))
    values = list(known(mixed, answer))
    chance.shuffle(values)
    assert contradictions(before, values, ids(cast)) == first


UNTOUCHED = [
    lambda c: c.tell("credit_note.issued", 18, {"amount": LESS}, refs=(PAYMENT,)),
    lambda c: c.tell("shipment.dispatched", 18, {"carrier": "Posti"}),
    lambda c: c.tell("dispute.opened", 18, {"amount": LESS}),
    lambda c: c.tell("invoice.issued", 18, {"amount": LESS}), lambda c: c.tell("return.approved", 18),
    lambda c: c.tell("order.placed", 18, {"number": "48-2", "total": LESS}, refs=(Ref("order", "48-2"),)),
    lambda c: c.tell("subscription.renewed", 18, {"amount": LESS}), lambda c: c.refund("approved", 17),
]  # fmt: skip


@settings(max_examples=examples(20), deadline=None, phases=[Phase.explicit, Phase.generate])
@given(st.lists(st.sampled_from(range(len(UNTOUCHED))), unique=True))
def test_a_change_that_touches_no_claim_is_never_news(which: list[int]):
    cast = Cast().back().refund("paid", 13)
    words = "We received your parcel on 13 November. We sent your refund of €84.90 on 13 November."
    before = told(words, cast)
    for n in which:
        UNTOUCHED[n](cast)
    assert contradictions(before, facts(cast, AT + timedelta(hours=1)), ids(cast)) == ()


# -- before sending -------------------------------------------------------------------------------------
def test_a_draft_that_says_another_day_than_was_told_and_than_the_facts_say(cast: Cast):
    earlier = told("We send your refund by 25 November.", Cast().back())
    cast.back(inspected=17)
    found = checked("We send your refund by 18 November.", cast, earlier=[earlier], at=AT - timedelta(days=4))
    words = [f.text for f in found.unanswered]
    assert any("the facts say" in w and "20" in w for w in words)
    assert "by Friday 20 November" in found.corrected.replace(NBSP, " ")


def test_todays_facts_with_the_change_acknowledged_need_no_reason(cast: Cast):
    earlier = told("Your refund of €84.90 is approved.", Cast().back().refund("approved", 12))
    cast.back().refund("paid", 17, amount=LESS)
    draft = "Hello Maya,\n\nWe sent your refund of €79.90 on 17 November."
    found = checked(draft, cast, earlier=[earlier])
    (one,) = found.unanswered
    assert one.data["by"] == "told" and "was told €84.90 before" in one.text
    begins = "Hello Maya,\n\nOn Saturday 14 November we told you: “Your refund of €84.90"
    assert found.corrected.replace(NBSP, " ").startswith(begins)
    assert checked(found.corrected, cast, earlier=[earlier]).unanswered == ()


def test_two_things_that_both_hold_do_not_contradict_each_other(cast: Cast):
    first = Cast().back().refund("paid", 12, amount=LESS)
    earlier = told("We sent your refund of €79.90.", first)
    cast.back().refund("paid", 12, amount=LESS).refund("paid", 17, "re_2", amount=FIVE)
    assert checked("We sent a refund of €5.00 on 17 November.", cast, earlier=[earlier]).unanswered == ()


def test_nothing_about_money_or_days_leaves_before_the_asker_is_verified(cast: Cast):
    cast.back().refund("paid", 17)
    found = checked("We sent €84.90 on 17 November. We’ll call you tomorrow.", cast, verified=False)
    assert [f.text.split(":")[0] for f in found.stops] == ["€84.90", "on 17 November"]


SITUATIONS = [
    lambda c: c.back().refund("paid", 17, bank_reference="744300116"), lambda c: c.back(),
    lambda c: c.back(inspected=None),
    lambda c: c.back().refund("failed", 17), lambda c: c.back().refund("submitted", 17),
    lambda c: c.bought().delivered(),
    lambda c: c.bought().tell("order.cancelled", 10), lambda c: c.back().refund("approved", 16), lambda c: c,
    lambda c: c.bought().tell("shipment.exception", 8, {"reason": "Lost", "lost": True}),
]  # fmt: skip


@pytest.mark.parametrize("tell", SITUATIONS)
def test_what_the_system_drafts_itself_never_needs_a_reason(tell, cast: Cast):
    tell(cast)
    answer = cast.ask()
    letter = " ".join(str(c.text) for c in answer.draft)
    assert checked(letter, cast, answer=answer).unanswered == ()
    plain = " ".join(map(str, answer.draft_unverified))
    assert checked(plain, cast, answer=answer, verified=False).stops == ()


def test_a_statement_made_from_the_systems_own_draft_holds_at_once(cast: Cast):
    cast.back().refund("paid", 17, bank_reference="744300116")
    made = told(" ".join(str(c.text) for c in cast.ask().draft), cast, AT)
    assert contradictions(made, facts(cast), ids(cast)) == ()
    assert EARLIER < AT
