"""The ordered table of situations: the first that holds is the answer's."""

from __future__ import annotations

from cases.questions.common.matter import Matter
from cases.questions.common.reading import Reading
from cases.questions.common.situations import Situation
from cases.questions.refund_status.conflicts import conflict, paid_too_much

LEFT = "inspection is finished and the money has left"
ALL = ("order", "warehouse", "finance", "policy")


def _credit_only(r: Reading) -> bool:
    return bool(r.m.of("credit_note.issued")) and not r.refunds


def _cancelled_unpaid(r: Reading) -> bool:
    return bool(r.cancelled and r.captured and not r.has_return and not r.paid)


def _approved(r: Reading) -> bool:
    return r.approval is not None and not _credit_only(r) and not r.rejected


def _waits(r: Reading) -> bool:
    return bool(r.received and not r.inspected and not _credit_only(r))


def _no_return(r: Reading) -> bool:
    return bool(r.order) and not r.has_return and not r.refunds


def _away(r: Reading) -> bool:
    return r.has_return and not r.received and not r.inspected


def _failed(r: Reading) -> bool:
    return bool(r.refunds) and r.refunds[-1].status == "failed"


TABLE = (
    Situation("sources_disagree", conflict, ("order", "warehouse", "finance"), "the disagreement is about money"),
    Situation("refunded_twice", paid_too_much, ("finance",), "finance alone knows what was paid"),
    Situation("disputed", lambda r: r.dispute, ("finance",), "the bank is deciding a dispute"),
    Situation("refund_failed", _failed, ("finance",), "finance alone can send the refund again"),
    Situation("paid_window_over", lambda r: r.paid and not r.cancelled and r.bank_days and r.over(r.bank_days[1]),
              ("finance", "policy"), LEFT),
    Situation("paid", lambda r: r.paid and not r.cancelled, ("finance", "policy"), LEFT,
              lambda r: [r.bank_days[1] if r.bank_days else None]),
    Situation("submitted", lambda r: r.latest("submitted"), ("finance",), "finance has the refund in hand"),
    Situation("approved_overdue", lambda r: _approved(r) and r.over(r.refund_due), ("finance", "policy"),
              "the refund is approved"),
    Situation("approved", lambda r: _approved(r) or (_cancelled_unpaid(r) and not _credit_only(r)
              and not r.over(r.cancel_due)), ("finance", "policy"), "the refund is approved",
              lambda r: [r.refund_due if _approved(r) else r.cancel_due]),
    Situation("inspection_failed", lambda r: r.rejected and not _credit_only(r) and not r.paid,
              ("warehouse", "finance"), "the inspection is finished"),
    Situation("inspection_overdue", lambda r: _waits(r) and not r.paid and r.over(r.inspection_due), ALL, ""),
    Situation("inspection_due", lambda r: _waits(r) and not r.paid, ALL, "", lambda r: [r.inspection_due]),
    Situation("credit_note_only", _credit_only, ("finance",), "finance alone knows whether money moved"),
    Situation("cancelled_refund_overdue", lambda r: _cancelled_unpaid(r) and r.over(r.cancel_due),
              ("order", "finance", "policy"), "nothing was sent back"),
    Situation("cancelled_refunded", lambda r: r.cancelled and r.paid, ("finance", "policy"),
              "the order is cancelled and the money has left", lambda r: [r.bank_days[1] if r.bank_days else None]),
    Situation("in_transit", lambda r: r.m.of("return.dispatched") and _away(r), ALL, ""),
    Situation("announced", _away, ALL, ""),
    Situation("early_refund_due", lambda r: _no_return(r) and r.lost and r.refunds_policy
              and r.refunds_policy.get("early_refund") == "lost_parcel",
              ("order", "finance", "policy"), "nothing was sent back", absent=("return.requested",)),
    Situation("early_refund_not_allowed", lambda r: _no_return(r) and not r.cancelled and not r.over(r.window_end),
              ("order", "finance", "policy"), "nothing was sent back", lambda r: [r.window_end],
              absent=("return.requested",)),
    Situation("outside_window", lambda r: _no_return(r) and not r.cancelled,
              ("order", "finance", "policy"), "nothing was sent back", absent=("return.requested",)),
    Situation("nothing_found", lambda r: True, ("order", "warehouse", "finance"), "policies know no orders",
              absent=("order.placed",), whole=True),
)  # fmt: skip


def rank(matter: Matter) -> int:
    """0 something is under way, 1 a refund or return is finished, 2 an order alone."""
    paid = [r for r in matter.refunds if r.status == "paid"]
    if matter.returns or matter.of("order.cancelled"):
        return 1 if paid and len(paid) >= max(1, len(matter.returns)) else 0
    lost = any(f.data.get("lost") for f in matter.of("shipment.exception"))
    if matter.refunds or matter.of("dispute.opened") or lost:
        return 1 if paid else 0
    return 2
