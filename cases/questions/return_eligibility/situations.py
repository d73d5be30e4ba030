"""The ordered table of situations: the first that holds is the answer's."""

from __future__ import annotations

from datetime import timedelta

from cases.questions.common.conflicts import Conflict, cancelled_and_sent, dated, parcel_differs
from cases.questions.common.matter import Matter
from cases.questions.common.reading import Reading
from cases.questions.common.situations import Situation

WAY = ("order", "delivery")
TERMS = (*WAY, "policy")
BACK = ("order", "warehouse")


def conflict(r: Reading) -> Conflict | None:
    return parcel_differs(r) or cancelled_and_sent(r) or _window_differs(r)


def _window_differs(r: Reading) -> Conflict | None:
    """Two sources that tell of two days of delivery, where the window is open by one day and over by the other."""
    days = r.returns_policy.get("window_days") if r.returns_policy else None
    if not isinstance(days, int) or r.window_from is None or r.window_from.kind != "shipment.delivered":
        return None
    for parcel in r.parcels:
        told = [f for f in parcel.facts if f.kind == "shipment.delivered" and r.day(f)]
        over = [f for f in told if (day := r.day(f)) and r.over(day + timedelta(days=days))]
        still = [f for f in told if f not in over]
        for one, two in ((a, b) for a in over for b in still if a.source != b.source):
            return Conflict("two sources disagree on the day of delivery, and the time for a return depends on it",
                            (dated(r, one, "Delivered"), dated(r, two, "Delivered")))  # fmt: skip
    return None


def rank(matter: Matter) -> int:
    """0 it can be sent back, 1 it has not come or is on its way back, 2 it was cancelled."""
    if matter.of("order.cancelled"):
        return 2
    return 0 if matter.of("shipment.delivered") and not matter.returns else 1


TABLE = (
    Situation("sources_disagree", conflict, WAY, "the disagreement is about the order and its parcel",
              lambda r: r.window_ends),
    Situation("cancelled", lambda r: r.cancelled, ("order",), "the order was cancelled"),
    Situation("rest_returnable", lambda r: r.rest and r.window_end and not r.over(r.window_end), TERMS,
              "what has reached the warehouse is no part of the rest", lambda r: r.window_ends),
    Situation("already_back", lambda r: r.has_return and r.received, BACK, "the return has arrived"),
    Situation("already_registered", lambda r: r.has_return, BACK, "a return is registered"),
    Situation("lost", lambda r: r.gone, WAY, "there is nothing to send back"),
    Situation("not_returnable", lambda r: r.all_excluded, ("order", "policy"), "the terms leave it out",
              absent=("return.requested",)),
    Situation("not_delivered", lambda r: r.order and r.awaited, TERMS, "nothing was sent back",
              absent=("shipment.delivered", "return.requested")),
    Situation("window_over", lambda r: r.order and r.over(r.window_end), TERMS, "nothing was sent back",
              absent=("return.requested",)),
    Situation("partly_returnable", lambda r: r.window_end and r.excluded, TERMS, "nothing was sent back",
              lambda r: r.window_ends, absent=("return.requested",)),
    Situation("returnable", lambda r: r.order and r.window_end, TERMS, "nothing was sent back",
              lambda r: r.window_ends, absent=("return.requested",)),
    Situation("day_unknown", lambda r: r.order, TERMS, "nothing was sent back", absent=("return.requested",)),
    Situation("nothing_found", lambda r: True, WAY, "the warehouse and policies know no orders",
              absent=("order.placed",), whole=True),
)  # fmt: skip
