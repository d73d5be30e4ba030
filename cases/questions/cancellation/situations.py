"""The ordered table of situations: the first that holds is the answer's."""

from __future__ import annotations

from cases.questions.cancellation.reading import CancelReading
from cases.questions.common.conflicts import Conflict, cancelled_and_sent, parcel_differs
from cases.questions.common.matter import Matter
from cases.questions.common.reading import Reading
from cases.questions.common.situations import Situation

WAY = ("order", "delivery")
LEFT = "a parcel that has left can’t be called back"
DONE = "the order is cancelled"


def conflict(r: Reading) -> Conflict | None:
    return cancelled_and_sent(r) or parcel_differs(r)


def rank(matter: Matter) -> int:
    """0 it is under way, or cancelled and not paid back; 1 it has come, or all is settled."""
    if matter.of("order.cancelled"):
        return 1 if matter.of("refund.paid") else 0
    return 1 if matter.of("shipment.delivered") else 0


def _unpaid(r: CancelReading) -> bool:
    return bool(r.cancelled and not r.captured and not r.refunds and r.absence("payment.captured"))


def _owing(r: CancelReading) -> bool:
    return bool(r.cancelled and (r.captured or r.refunds))


TABLE = (
    Situation("sources_disagree", conflict, WAY, "the disagreement is about the order and its parcel"),
    Situation("cancelled_but_sent", lambda r: r.cancelled and r.parcels, WAY, LEFT),
    Situation("cancelled_refund_failed", lambda r: r.cancelled and r.failed, ("order", "finance"), DONE),
    Situation("cancelled_refunded", lambda r: r.cancelled and r.paid, ("order", "finance", "policy"), DONE,
              lambda r: [r.bank_days[1] if r.bank_days else None]),
    Situation("cancelled_unpaid", _unpaid, ("order", "finance"), DONE, absent=("payment.captured",)),
    Situation("cancelled_refund_overdue", lambda r: _owing(r) and r.over(r.cancel_due), ("order", "finance", "policy"),
              DONE),
    Situation("cancelled_refund_due", _owing, ("order", "finance", "policy"), DONE, lambda r: [r.cancel_due]),
    Situation("cancelled", lambda r: r.cancelled, ("order", "finance"), DONE),
    Situation("lost", lambda r: r.gone, WAY, LEFT),
    Situation("delivered", lambda r: r.delivered, (*WAY, "policy"), LEFT, lambda r: [r.window_end]),
    Situation("sent", lambda r: r.parcels, WAY, LEFT),
    Situation("window_over", lambda r: r.order and r.over(r.cancel_until), (*WAY, "policy"),
              "money does not decide this", absent=("shipment.dispatched", "order.cancelled")),
    Situation("can_cancel", lambda r: r.order, (*WAY, "policy"), "money does not decide this",
              lambda r: [r.cancel_until], absent=("shipment.dispatched", "order.cancelled")),
    Situation("nothing_found", lambda r: True, WAY, "money and policies know no orders", absent=("order.placed",),
              whole=True),
)  # fmt: skip
