"""Each situation, told as a story, and what is said about it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cases.questions.refund_status.situations import TABLE
from connectors.sdk import Ref
from tests.questions.conftest import AT, EUR, PAYMENT, VISA, Cast

HALF = {"amount": "40.00", "currency": "EUR"}
OTHER = Ref("order", "48-2000")


def credit(c: Cast) -> Cast:
    c.tell("credit_note.issued", 17, {"amount": EUR, "number": "CN1"})
    return c


def cancelled(c: Cast, day: int) -> Cast:
    c.bought().tell("order.cancelled", day)
    c.quiet = {"warehouse"}
    return c


def travelling(c: Cast) -> Cast:
    c.back(0, 0).tell("return.dispatched", 11)
    return c


def shop_says(c: Cast) -> Cast:
    c.back().tell("order.changed", 18, {"status": "refunded", "refunded": EUR})
    return c


def lost(c: Cast) -> Cast:
    c.bought().tell("shipment.exception", 20, {"reason": "Lost", "lost": True})
    c.quiet = {"warehouse"}
    return c


def kept(c: Cast, day: int = 5) -> Cast:
    c.quiet = {"warehouse"}
    return c.bought(day - 3).delivered(day)


def nothing(c: Cast) -> Cast:
    c.facts, c.quiet = c.facts[:3], {"warehouse", "finance"}
    return c


def failed_inspection(c: Cast) -> Cast:
    c.back(13, 0).tell("return.inspected", 16, {"result": "failed", "reason": "Soles worn"})
    return c


def disputed(c: Cast) -> Cast:
    c.bought().delivered().tell("dispute.opened", 18, {"amount": EUR, "reason": "x"})
    return c


def twice(c: Cast) -> Cast:
    return c.back().refund("paid", 17, "re_1", bank_reference="A1").refund("paid", 18, "re_2", bank_reference="A2")


def two_orders(c: Cast) -> Cast:
    c.seeds = (Ref("email", "maya@example.com"),)
    c.back(0, 0)
    c.tell("order.placed", 3, {"number": "48-2000", "total": EUR}, (OTHER,))
    c.tell("return.requested", 8, {}, (OTHER, Ref("return", "RMA-2")))
    return c


STORIES = {
    "which_one": (two_orders, "Maya has several orders or returns that could be meant. Ask which one."),
    "sources_disagree": (shop_says, "Don’t answer yet: two sources disagree on the refund."),
    "refunded_twice": (twice, "More went back than was due: €169.80 in all."),
    "disputed": (disputed, "Maya’s bank opened a dispute over €84.90 on Wed 18 Nov."),
    "refund_failed": (lambda c: c.back().refund("failed", 19, reason="Account closed"),
                      "The refund of €84.90 failed on Thu 19 Nov: “Account closed”."),
    "paid_window_over": (lambda c: c.back(4, 5).refund("paid", 5, bank_reference="7443"),
                         "The bank should have shown it by 19 Nov. Its reference lets the bank trace it."),
    "paid": (lambda c: c.back().refund("paid", 17), "€84.90 went back to Maya’s Visa on Tue 17 Nov. "
             "The bank should show it between 24 Nov and 1 Dec."),
    "submitted": (lambda c: c.back().refund("submitted", 18), "€84.90 was handed to the bank on Wed 18 Nov."),
    "approved_overdue": (lambda c: c.back(9, 10).refund("approved", 11), "should have been sent by Mon 16 Nov"),
    "approved": (lambda c: c.back(18, 19).refund("approved", 19),
                 "€84.90 is approved and should be sent by Tue 24 Nov."),
    "inspection_failed": (failed_inspection, "did not pass inspection on Mon 16 Nov: “Soles worn”."),
    "inspection_overdue": (lambda c: c.back(13, 0), "It should have been inspected by Tue 17 Nov."),
    "inspection_due": (lambda c: c.back(20, 0), "Inspection is due by Tue 24 Nov."),
    "credit_note_only": (lambda c: credit(c.back()), "A credit note of €84.90 was issued on Tue 17 Nov, but no money"),
    "cancelled_refund_overdue": (lambda c: cancelled(c, 9), "€84.90 should have gone back by Mon 16 Nov."),
    "cancelled_refunded": (lambda c: cancelled(c, 12).refund("paid", 17), "The order was cancelled. €84.90 went back"),
    "in_transit": (travelling, "The return is on its way, sent on Wed 11 Nov."),
    "announced": (lambda c: c.back(0, 0), "The return was registered on Mon 9 Nov."),
    "early_refund_due": (lost, "The carrier lost the parcel on Fri 20 Nov. €84.90 is due back at once."),
    "early_refund_not_allowed": (kept, "A return can be registered until Sat 5 Dec."),
    "outside_window": (lambda c: kept(c, -10), "The window closed on Fri 20 Nov."),
    "nothing_found": (nothing, "Nothing was found for 48-1193. We looked until 14:00."),
}  # fmt: skip
STATES = {"which_one": "choose", "sources_disagree": "conflict"}


@pytest.mark.parametrize("name", STORIES)
def test_a_story_is_in_its_situation_and_says_so(cast: Cast, name: str) -> None:
    tell, headline = STORIES[name]
    answer = tell(cast).ask()
    said = str(answer.headline).replace("\N{NO-BREAK SPACE}", " ")
    assert (answer.situation, answer.state) == (name, STATES.get(name, "answered")), said
    assert headline in said


def test_every_situation_has_its_story() -> None:
    assert {s.name for s in TABLE} | {"which_one"} == set(STORIES)


def test_choices_name_their_returns_and_no_reply_is_guessed(cast: Cast) -> None:
    answer = two_orders(cast).ask()
    assert {c.ref for c in answer.choices} == {"return:RMA-77120", "return:RMA-2"}
    assert not answer.draft


def test_one_open_matter_among_orders_that_were_kept_is_the_one_meant(cast: Cast) -> None:
    cast.back()
    cast.seeds = (Ref("email", "maya@example.com"),)
    cast.tell("order.placed", 1, {"number": "48-2000", "total": EUR}, (OTHER,))
    assert cast.ask().situation == "approved_overdue" or cast.ask().situation == "approved"


def test_disagreeing_sources_are_witnesses_and_policy_says_who_decides(cast: Cast) -> None:
    answer = shop_says(cast).ask()
    assert {w.domain for w in answer.witnesses} == {"finance", "order"}
    assert "policy.decides" in {c.key for c in answer.claims}
    assert not answer.draft


def test_two_sources_with_one_reference_and_two_amounts_disagree(cast: Cast) -> None:
    cast.back().refund("paid", 17).refund("paid", 17, source="warehouse", amount=HALF)
    assert cast.ask().situation == "sources_disagree"


def test_two_sources_that_share_a_reference_and_an_amount_are_one_refund(cast: Cast) -> None:
    assert cast.back().refund("paid", 17).refund("paid", 17, source="warehouse").ask().situation == "paid"


def test_the_same_amount_from_two_sources_without_a_reference_is_possibly_the_same(cast: Cast) -> None:
    answer = cast.back().refund("paid", 17).refund("paid", 17, "re_9", "warehouse").ask()
    assert "possibly" in str(answer.headline)


def test_two_rightful_parts_are_not_refunded_twice(cast: Cast) -> None:
    assert cast.back().refund("paid", 17, amount=HALF).refund("paid", 18, "re_2", amount=HALF).ask().situation == "paid"


def test_a_return_that_was_received_and_cancelled_is_a_disagreement(cast: Cast) -> None:
    cast.back().tell("return.cancelled", 14)
    assert cast.ask().situation == "sources_disagree"


@pytest.mark.parametrize("flag", ["partial_refund", "gift_card", "day_only", "time_unknown", "late_changed", "stale",
                                  "source_down"])  # fmt: skip
def test_flags_say_what_is_unusual(cast: Cast, flag: str) -> None:
    more = {"partial_refund": {"amount": HALF}, "gift_card": {"method": "gift_card"}}.get(flag, {})
    received = {"day_only": (AT - timedelta(days=9)).date(), "time_unknown": 13}.get(flag, 13)
    cast.back(received).refund("paid", None if flag == "time_unknown" else 17, **more)
    cast.status = {"stale": {"finance": "stale"}, "source_down": {"warehouse": "down"}}.get(flag, {})
    if flag == "late_changed":
        cast.superseded = {cast.facts[-1].id: cast.facts[-1]}
    assert flag in cast.ask().flags


def test_a_partial_refund_is_explained_line_by_line(cast: Cast) -> None:
    lines = [{"label": "Shirt", "kind": "item", "amount": EUR},
             {"label": "Return label", "kind": "fee", "amount": {"amount": "-4.90", "currency": "EUR"}}]  # fmt: skip
    answer = cast.back().refund("paid", 17, amount=HALF, lines=lines).ask()
    said = {c.key: str(c.text) for c in answer.claims}
    assert said["refund.lines"] == "The refund is made of Shirt €84.90, Return label -€4.90."


def test_a_payment_that_was_never_captured_promises_nothing(cast: Cast) -> None:
    cast.tell("order.placed", 2, {"number": "48-1193", "total": EUR})
    cast.tell("order.cancelled", 9)
    answer = cast.ask()
    assert answer.situation == "nothing_found"
    assert "no payment is known" in str(answer.headline)


def test_the_policy_in_force_when_the_order_was_placed_decides(cast: Cast) -> None:
    later = {**cast.facts[1].data, "version": "3", "in_force_from": "2026-11-10", "bank_days": {"card": [1, 1]}}
    cast.tell("policy.refunds", 10, later, (Ref("policy", "refunds"),), key="p9")
    assert "24 Nov" in str(cast.back().refund("paid", 17, card=VISA).ask().headline).replace("\N{NO-BREAK SPACE}", " ")


def test_an_order_without_a_day_shows_both_policies_and_promises_no_day(cast: Cast) -> None:
    later = {**cast.facts[1].data, "version": "3", "in_force_from": "2026-11-10", "bank_days": {"card": [1, 1]}}
    cast.tell("policy.refunds", 10, later, (Ref("policy", "refunds"),), key="p9")
    cast.tell("order.placed", None, {"number": "48-1193", "total": EUR})
    answer = cast.refund("paid", 17).ask()
    assert (answer.situation, answer.state) == ("paid", "partial")
    assert "should show" not in str(answer.headline)


def test_payment_refs_alone_find_the_matter(cast: Cast) -> None:
    cast.back().refund("paid", 17)
    cast.seeds = (PAYMENT,)
    assert cast.ask().situation == "paid"
