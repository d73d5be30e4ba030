"""The ordered table of situations: the first that holds is the answer's."""

from __future__ import annotations

from datetime import date

from cases.questions.common.conflicts import Conflict, cancelled_and_sent, parcel_differs
from cases.questions.common.matter import Matter
from cases.questions.common.reading import Reading
from cases.questions.common.situations import Situation
from cases.questions.order_status.reading import OrderReading

WAY = ("order", "delivery")
TERMS = (*WAY, "policy")
MONEY = "money does not move a parcel that is on its way"


def conflict(r: Reading) -> Conflict | None:
    return parcel_differs(r) or cancelled_and_sent(r)


def rank(matter: Matter) -> int:
    """0 a parcel is awaited, 1 everything has come or was cancelled."""
    return 1 if matter.of("order.cancelled", "shipment.delivered") else 0


def _awaited(r: OrderReading) -> list[date | None]:
    return [*(r.arrival or ()), r.lost_on]


TABLE = (
    Situation("sources_disagree", conflict, WAY, "the disagreement is about the order and its parcel"),
    Situation("cancelled_but_sent", lambda r: r.cancelled and r.parcels, WAY, "the order was cancelled"),
    Situation("cancelled", lambda r: r.cancelled, WAY, "the order was cancelled"),
    Situation("lost", lambda r: r.parcel("lost"), (*TERMS, "finance"), ""),
    Situation("carrier_problem", lambda r: r.parcel("problem"), WAY, "the carrier has the parcel"),
    Situation("partly_delivered", lambda r: r.delivered and r.parcel("sent"), TERMS, MONEY, _awaited),
    Situation("delivered", lambda r: r.delivered, WAY, "the parcel was delivered"),
    Situation("counts_as_lost", lambda r: r.parcels and r.over(r.lost_on), (*TERMS, "finance"), "",
              absent=("shipment.delivered",)),
    Situation("late", lambda r: r.parcels and r.over(r.last_day), TERMS, MONEY, _awaited),
    Situation("on_its_way", lambda r: r.parcels, TERMS, MONEY, _awaited),
    Situation("payment_failed", lambda r: r.order and r.unpaid, (*WAY, "finance"), "nothing is sent before it is paid",
              absent=("shipment.dispatched", "payment.captured")),
    Situation("sending_overdue", lambda r: r.order and r.over(r.dispatch_due), (*TERMS, "finance"), "",
              absent=("shipment.dispatched",)),
    Situation("to_be_sent", lambda r: r.order, (*TERMS, "finance"), "", lambda r: [r.dispatch_due, *_awaited(r)],
              absent=("shipment.dispatched",)),
    Situation("nothing_found", lambda r: True, WAY, "money and policies know no parcels", absent=("order.placed",),
              whole=True),
)  # fmt: skip
