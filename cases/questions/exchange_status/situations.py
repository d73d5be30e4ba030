"""The ordered table of situations: the first that holds is the answer's."""

from __future__ import annotations

from cases.questions.common.conflicts import (
    Conflict,
    cancelled_and_sent,
    inspected_differently,
    parcel_differs,
    received_and_cancelled,
)
from cases.questions.common.matter import Matter
from cases.questions.common.reading import Reading
from cases.questions.common.situations import Situation
from cases.questions.exchange_status.reading import ExchangeReading, replacement

WAY = ("order", "delivery")
BACK = ("order", "warehouse")
PLACED = "the replacement was placed"
NOT_PLACED = "nothing was placed that could be delivered"


def conflict(r: ExchangeReading) -> Conflict | None:
    """About the return, or about the parcel of the replacement."""
    new = Reading(r.evidence, r.new, r.person)
    return received_and_cancelled(r) or inspected_differently(r) or parcel_differs(new) or cancelled_and_sent(new)


def rank(matter: Matter) -> int:
    """0 something was sent back or placed in exchange, 1 neither."""
    return 0 if matter.returns or replacement(matter) else 1


TABLE = (
    Situation("sources_disagree", conflict, (*BACK, "delivery"), "the disagreement is about goods, not terms"),
    Situation("replacement_cancelled", lambda r: r.called_off, WAY, PLACED),
    Situation("replacement_problem", lambda r: r.trouble, WAY, PLACED),
    Situation("replacement_delivered", lambda r: r.delivered, WAY, PLACED),
    Situation("replacement_sent", lambda r: r.parcels, WAY, PLACED),
    Situation("replacement_placed", lambda r: r.replacement, (*WAY, "policy"), PLACED, lambda r: [r.dispatch_due],
              absent=("shipment.dispatched",)),
    Situation("return_not_passed", lambda r: r.rejected, BACK, NOT_PLACED),
    Situation("refunded_instead", lambda r: r.money_back, ("order", "finance"), NOT_PLACED),
    Situation("return_received", lambda r: r.has_return and (r.received or r.passed), (*BACK, "finance"), NOT_PLACED),
    Situation("return_under_way", lambda r: r.has_return and r.posted, (*BACK, "finance"), NOT_PLACED),
    Situation("return_registered", lambda r: r.has_return, (*BACK, "finance"), NOT_PLACED),
    Situation("return_cancelled", lambda r: r.return_cancelled, BACK, NOT_PLACED),
    Situation("no_exchange", lambda r: r.order, ("order",), "no return is registered", absent=("return.requested",)),
    Situation("nothing_found", lambda r: True, ("order",), "nobody else knows an order that the shop does not",
              absent=("order.placed",), whole=True),
)  # fmt: skip
