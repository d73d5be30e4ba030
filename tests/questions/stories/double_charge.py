"""Why was I charged twice?"""

from __future__ import annotations

from typing import Any

from connectors.sdk import Ref
from tests.questions.conftest import EUR, ORDER, VISA, Cast
from tests.questions.stories import Story, home, nothing

QUESTION = "double-charge"
HALF = {"amount": "42.45", "currency": "EUR"}


def charged(c: Cast, number: str, day: int, amount: Any = EUR, order: Ref = ORDER, source: str = "finance") -> Cast:
    data = {"amount": amount, "method": "card", "card": VISA}
    c.tell("payment.captured", day, data, (Ref("payment", number), order), source, number)
    return c


def twice(c: Cast, amount: Any = EUR, first: Any = EUR) -> Cast:
    home(c).tell("order.placed", 9, {"number": "48-1193", "total": EUR})
    return charged(charged(c, "pi_1", 9, first), "pi_2", 10, amount)


def unknown_cost(c: Cast) -> Cast:
    home(c)
    return charged(charged(c, "pi_1", 9), "pi_2", 10, HALF)


def once(c: Cast, failed: bool = False) -> Cast:
    home(c).bought(9)
    if failed:
        c.tell("payment.failed", 8, {"amount": EUR, "method": "card"}, key="f1")
    return c


def never(c: Cast) -> Cast:
    home(c).tell("order.placed", 9, {"number": "48-1193", "total": EUR})
    return c


def two_orders(c: Cast) -> Cast:
    """Maya writes from her address; each of her orders was charged once."""
    other = Ref("order", "48-2000")
    c.seeds = (Ref("email", "maya@example.com"),)
    home(c).bought(9).tell("order.placed", 10, {"number": "48-2000", "total": EUR}, (other,))
    return charged(c, "pi_9", 10, EUR, other)


def which_one(c: Cast) -> Cast:
    """Neither order was charged, so nothing tells them apart."""
    c.seeds = (Ref("email", "maya@example.com"),)
    never(c).tell("order.placed", 10, {"number": "48-2000", "total": EUR}, (Ref("order", "48-2000"),))
    return c


def told_twice(c: Cast) -> Cast:
    c.sources["bank"] = "finance"
    home(c).bought(9)
    return charged(c, "b-77", 9, source="bank")


def disputed(c: Cast) -> Cast:
    twice(c).tell("dispute.opened", 12, {"amount": EUR, "reason": "duplicate"})
    return c


STORIES: dict[str, Story] = {
    "which_one": (which_one, "Maya has several orders that could be meant. Ask which one."),
    "sources_disagree": (told_twice, "Don’t answer yet: two sources seem to tell of the same payment."),
    "two_orders": (two_orders, "The charges are for different orders: €84.90 on Mon 9 Nov and €84.90 on Tue 10 Nov."),
    "disputed": (disputed, "The customer’s bank has opened a dispute on Thu 12 Nov."),
    "given_back": (lambda c: twice(c).refund("paid", 17), "€84.90 went back on Tue 17 Nov. The bank should show it by "
                   "1 Dec."),
    "refund_failed": (lambda c: twice(c).refund("failed", 17, reason="Account closed"),
                      "The refund of €84.90 failed on Tue 17 Nov: “Account closed”."),
    "refund_under_way": (lambda c: twice(c).refund("submitted", 17), "Charged more than once: €84.90 on Mon 9 Nov and "
                         "€84.90 on Tue 10 Nov; a refund of €84.90 was handed to the bank on Tue 17 Nov."),
    "charged_twice": (twice, "Charged more than once: €84.90 on Mon 9 Nov and €84.90 on Tue 10 Nov, and the order cost "
                      "€84.90. No refund is known yet."),
    "charged_more": (lambda c: twice(c, HALF), "Charged more than it cost: €84.90 on Mon 9 Nov and €42.45"),
    "in_parts": (lambda c: twice(c, HALF, HALF), "Charged in parts, no more than the order cost: €42.45 on Mon 9 Nov "
                 "and €42.45 on Tue 10 Nov, and the order cost €84.90."),
    "several_charges": (unknown_cost, "Charged several times: €84.90 on Mon 9 Nov and €42.45 on Tue 10 Nov. What the "
                        "order cost is not known."),
    "attempt_failed": (lambda c: once(c, failed=True), "Charged once: €84.90 on Mon 9 Nov. Another attempt over €84.90 "
                       "failed on Sun 8 Nov, and no money was taken for it."),
    "charged_once": (once, "Charged once: €84.90 on Mon 9 Nov. Finance has no other charge."),
    "not_charged": (never, "Finance has no charge for this order."),
    "nothing_found": (nothing, "Nothing was found for 48-1193. We looked until 14:00."),
}  # fmt: skip
