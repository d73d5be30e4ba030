"""Can I cancel? Is my order cancelled?"""

from __future__ import annotations

from tests.questions.conftest import EUR, Cast
from tests.questions.stories import Story, home, nothing, two_orders

QUESTION = "cancellation"


def cancelled(c: Cast, day: int, placed: int = 2) -> Cast:
    home(c).bought(placed).tell("order.cancelled", day)
    return c


def never_paid(c: Cast, asked: bool = True) -> Cast:
    c.quiet = {"warehouse"} if asked else {"warehouse", "finance"}
    c.tell("order.placed", 9, {"number": "48-1193", "total": EUR})
    c.tell("order.cancelled", 11)
    return c


def sent_after_all(c: Cast) -> Cast:
    cancelled(c, 17, 16).sent(18)
    return c


def disagree(c: Cast) -> Cast:
    cancelled(c, 17, 16).carried().tell("shipment.delivered", 19, {"tracking": "FI7"}, source="carrier")
    return c


def lost(c: Cast) -> Cast:
    home(c).bought(16).sent(17).tell("shipment.exception", 20, {"reason": "Lost", "lost": True}, key="FI7")
    return c


STORIES: dict[str, Story] = {
    "which_one": (two_orders, "Maya has several orders that could be meant. Ask which one."),
    "sources_disagree": (disagree, "Don’t answer yet: two sources disagree on the order."),
    "cancelled_but_sent": (sent_after_all, "was cancelled on Tue 17 Nov, but a parcel was sent on Wed 18 Nov."),
    "cancelled_refund_failed": (lambda c: cancelled(c, 12).refund("failed", 16, reason="Account closed"),
                                "The refund of €84.90 failed on Mon 16 Nov: “Account closed”."),
    "cancelled_refunded": (lambda c: cancelled(c, 12).refund("paid", 17), "The order was cancelled on Thu 12 Nov. "
                           "€84.90 went back to Maya’s Visa on Tue 17 Nov. The bank should show it between 24 Nov"),
    "cancelled_unpaid": (never_paid, "was cancelled on Wed 11 Nov. No payment was taken, so no money is due."),
    "cancelled_refund_overdue": (lambda c: cancelled(c, 9), "€84.90 should have been sent by Mon 16 Nov."),
    "cancelled_refund_due": (lambda c: cancelled(c, 18), "The order was cancelled on Wed 18 Nov. €84.90 should be sent "
                             "by Wed 25 Nov."),
    "cancelled": (lambda c: never_paid(c, asked=False), "The order was cancelled on Wed 11 Nov."),
    "lost": (lost, "There is nothing to cancel: the carrier lost the parcel on Fri 20 Nov."),
    "delivered": (lambda c: home(c).bought(16).sent(17).delivered(20), "It is too late to cancel: the parcel was "
                  "delivered on Fri 20 Nov. It can be returned until Sun 20 Dec."),
    "sent": (lambda c: home(c).bought(18).sent(19), "It is too late to cancel: the parcel was sent on Thu 19 Nov."),
    "window_over": (lambda c: home(c).bought(17),
                    "The order has not been sent, but it could be cancelled only until Thu 19 Nov."),
    "can_cancel": (lambda c: home(c).bought(20), "The order has not been sent. It can be cancelled until Tue 24 Nov."),
    "nothing_found": (nothing, "Nothing was found for 48-1193. We looked until 14:00."),
}  # fmt: skip
