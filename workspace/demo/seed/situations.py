"""The named cases: for every situation that an answer can be in, an order that is in it, and its customer's words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from workspace.demo.seed.story import Story

MAYA_BANK_REFERENCE = "74430011632209185571204"
CLOSED = "The card account is closed"


@dataclass(frozen=True)
class Situation:
    """``tell(story)`` plays the order; ``products``, ``placed`` and ``method`` begin it.

    A ``by_email`` case names no order.
    """

    message: str
    tell: Callable[[Story], Any] | None
    placed: int
    products: tuple[int, ...] = (2,)
    method: str = "card"
    by_email: bool = False
    second: Callable[[Story], Any] | None = None
    """A second order of the same customer, for the question which one is meant."""
    question: str = "refund-status"


def bought(story: Story, sent: int, delivered: int) -> Story:
    return story.sent(sent).delivered(delivered)


def back(story: Story, asked: int, travelled: int, received: int, inspected: int = 0) -> Story:
    """The whole way back to the warehouse; 0 means not inspected."""
    story.returned(asked).in_transit(travelled).received(received)
    return story.inspected(inspected) if inspected else story


def maya(s: Story) -> Story:
    back(bought(s, 17, 15), 10, 9, 6, 5).approved(5).submitted(4)
    return s.paid(4, arn=MAYA_BANK_REFERENCE)


def twice(s: Story) -> Story:
    return back(bought(s, 29, 27), 20, 19, 16, 15).refunded(14, 13, 13).refunded(6, 5, 5)


def failed_inspection(s: Story) -> Story:
    bought(s, 14, 12).returned(8).in_transit(7).received(4)
    return s.inspected(2, failed="Soles worn, box missing")


def part(s: Story) -> Story:
    """One of two items comes back; the return label is taken off the refund."""
    bought(s, 16, 14).returned(9, lines=[1]).in_transit(8).received(6).inspected(5)
    price, fee = Decimal(s.lines[1]["price"]), Decimal("4.90")
    lines = [
        {"label": s.lines[1]["title"], "kind": "item", "amount": price},
        {"label": "Return label", "kind": "fee", "amount": -fee},
    ]
    return s.approved(4, price - fee, lines).submitted(3).paid(3)


def day_only(s: Story) -> Story:
    bought(s, 15, 13).returned(8).in_transit(6)
    return s.received(3, day_only=True).inspected(2, day_only=True).approved(1)


SITUATIONS: dict[str, Situation] = {
    "paid": Situation("Hi! I sent the base layer back last week. Where is my refund?", maya, 18, (0,)),
    "which_one": Situation(
        "I sent it back. When do I get my money?", lambda s: bought(s, 14, 12).returned(4).in_transit(2), 15, (5,),
        by_email=True, second=lambda s: bought(s, 9, 7).returned(3).in_transit(2).received(1),
    ),
    "sources_disagree": Situation(
        "Your site says refunded, but nothing has come. Which is it?",
        lambda s: back(bought(s, 19, 17), 9, 8, 6, 5).shop_says_refunded(3), 20, (3,)),
    "refunded_twice": Situation("I think you have paid me back two times?", twice, 30, (8,)),
    "disputed": Situation(
        "My bank is handling this now. Do I still get a refund from you?",
        lambda s: bought(s, 24, 22).disputed(4), 25, (6,)),
    "refund_failed": Situation(
        "The refund was promised on Monday. Still nothing.",
        lambda s: back(bought(s, 17, 15), 11, 10, 7, 6).approved(5).submitted(4).failed(2, CLOSED), 18, (10,)),
    "paid_window_over": Situation(
        "You said ten days. It's been far longer and my bank sees nothing.",
        lambda s: back(bought(s, 33, 31), 27, 26, 24, 22).refunded(21, 20, 19), 34, (13,)),
    "submitted": Situation(
        "Has my refund left you yet?",
        lambda s: back(bought(s, 14, 12), 8, 6, 4, 3).approved(2).submitted(1), 15, (9, 12)),
    "approved_overdue": Situation(
        "It was approved over a week ago. Where is the money?",
        lambda s: back(bought(s, 20, 18), 14, 12, 10, 9).approved(8), 21, (11,)),
    "approved": Situation(
        "Did the boots pass the check?", lambda s: back(bought(s, 13, 11), 7, 5, 3, 2).approved(1), 14, (6,)),
    "inspection_failed": Situation("Why is my return taking so long?", failed_inspection, 15, (5,)),
    "inspection_overdue": Situation(
        "The parcel was signed for last week. What happens now?",
        lambda s: back(bought(s, 16, 14), 10, 8, 6), 17, (7,)),
    "inspection_due": Situation(
        "My parcel has reached you. When is the refund?", lambda s: back(bought(s, 11, 9), 5, 3, 1), 12, (4,)),
    "credit_note_only": Situation(
        "I got a credit note by mail but no money.",
        lambda s: back(bought(s, 19, 17), 12, 10, 7, 6).credited(5), 20, (14,)),
    "cancelled_refund_overdue": Situation(
        "I cancelled almost two weeks ago. Where is my refund?", lambda s: s.cancelled(9), 11, (15,)),
    "cancelled_refunded": Situation(
        "I cancelled my order. Has the money been sent?", lambda s: s.cancelled(8).refunded(7, 6, 5), 9, (1, 4)),
    "in_transit": Situation(
        "I posted the jacket. Can you see it?", lambda s: bought(s, 15, 12).returned(4).in_transit(2), 16, (2,)),
    "announced": Situation(
        "I've just registered a return. When will I be paid?", lambda s: bought(s, 10, 8).returned(1), 11, (3,)),
    "early_refund_due": Situation(
        "The carrier says my parcel is lost. Please refund me.", lambda s: s.sent(11).lost(2), 12, (8,)),
    "early_refund_not_allowed": Situation(
        "Can you refund me before I send it back?", lambda s: bought(s, 8, 6), 9, (10,)),
    "outside_window": Situation(
        "I'd like to return these. How do I get my money back?", lambda s: bought(s, 39, 37), 40, (7,)),
    "nothing_found": Situation("Where is my refund for order 48-0404?", None, 0),
    "partial_refund": Situation("Why is the refund less than the price?", part, 17, (13, 12)),
    "gift_card": Situation(
        "I paid by gift card. Where does the refund go?",
        lambda s: back(bought(s, 12, 10), 6, 4, 3, 2).refunded(2, 1, 1), 13, (4,), "gift_card"),
    "day_only": Situation("Is my return through yet?", day_only, 16, (11,)),
    "time_unknown": Situation(
        "What's the state of my return?",
        lambda s: back(bought(s, 22, 20), 12, 10, 6, 4).log_lost().approved(1), 23, (3,)),
}  # fmt: skip
MISSING_ORDER = "48-0404"
