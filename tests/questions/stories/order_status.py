"""Where is my parcel?"""

from __future__ import annotations

from tests.questions.conftest import EUR, Cast
from tests.questions.stories import Story, home, nothing, two_orders

QUESTION = "order-status"


def disagree(c: Cast) -> Cast:
    home(c).carried().bought(9).sent(10).delivered(12)
    c.tell("shipment.exception", 13, {"reason": "Not found in the depot", "lost": True}, source="carrier")
    return c


def cancelled(c: Cast) -> Cast:
    home(c).bought(16).tell("order.cancelled", 17)
    return c


def cancelled_late(c: Cast) -> Cast:
    home(c).bought(16).sent(17).tell("order.cancelled", 18)
    return c


def trouble(c: Cast, **data: object) -> Cast:
    home(c).bought(18).sent(19).tell("shipment.exception", 20, data, key="FI7")
    return c


def partly(c: Cast) -> Cast:
    return home(c).bought(17).sent(18, "FI7").delivered(20, "FI7").sent(19, "FI8")


def unpaid(c: Cast) -> Cast:
    home(c).tell("order.placed", 20, {"number": "48-1193", "total": EUR})
    c.tell("payment.failed", 20, {"amount": EUR, "reason": "Card expired"})
    return c


STORIES: dict[str, Story] = {
    "which_one": (two_orders, "Maya has several orders that could be meant. Ask which one."),
    "sources_disagree": (disagree, "Don’t answer yet: two sources disagree on the parcel."),
    "cancelled_but_sent": (cancelled_late, "was cancelled on Wed 18 Nov, but a parcel was sent on Tue 17 Nov."),
    "cancelled": (cancelled, "The order was cancelled on Tue 17 Nov. No parcel was sent."),
    "lost": (lambda c: trouble(c, reason="Lost", lost=True),
             "The carrier lost the parcel on Fri 20 Nov. It is refunded at once (RF-12 §1)."),
    "carrier_problem": (lambda c: trouble(c, reason="Address not found"),
                        "The carrier reports a problem on Fri 20 Nov: “Address not found”."),
    "partly_delivered": (partly, "A part of the order was delivered on Fri 20 Nov. The rest should arrive by Tue 24"),
    "delivered": (lambda c: home(c).bought(17).sent(18).delivered(20), "The parcel was delivered on Fri 20 Nov."),
    "counts_as_lost": (lambda c: home(c).bought(2).sent(3),
                       "It has not arrived, and was waited for until Mon 16 Nov: it counts as lost."),
    "late": (lambda c: home(c).bought(11).sent(12), "The parcel was sent on Thu 12 Nov with Posti. It should have "
             "arrived by Wed 18 Nov. If it has not come by Wed 25 Nov, it counts as lost."),
    "on_its_way": (lambda c: home(c).bought(18).sent(19),
                   "The parcel was sent on Thu 19 Nov with Posti. It should arrive by Wed 25 Nov."),
    "payment_failed": (unpaid, "The payment of €84.90 failed on Fri 20 Nov. The order waits for it."),
    "sending_overdue": (lambda c: home(c).bought(17),
                        "The order was placed on Tue 17 Nov. It should have been sent by Wed 18 Nov."),
    "to_be_sent": (lambda c: home(c).bought(20), "The order was placed on Fri 20 Nov. It should be sent by Mon 23 Nov. "
                   "It should arrive by Fri 27 Nov."),
    "nothing_found": (nothing, "Nothing was found for 48-1193. We looked until 14:00."),
}  # fmt: skip
