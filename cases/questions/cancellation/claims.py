"""Claims and steps: sentences that each rest on a fact or a check."""

from __future__ import annotations

from cases.answers import Claim, Step, Text
from cases.questions.cancellation.reading import CancelReading
from cases.questions.cancellation.sentences import refund_by, until
from cases.questions.common import claims as say
from cases.questions.common.parcels import KINDS
from cases.questions.common.saying import Way, plain, short, trimmed, walked


def claims(r: CancelReading, name: str) -> tuple[Claim, ...]:
    """What the sources say of the order, its parcels and, once it is cancelled, its money."""
    facts = [f for p in r.parcels for kind in KINDS if (f := p.last(kind))]
    facts += [f for kind in ("order.placed", "order.cancelled") if (f := r.m.last(kind))]
    if r.cancelled:
        facts += [*(x.last for x in r.refunds), *([r.captured] if r.captured else [])]
    found = [say.about(r, f) for f in say.newest_first(facts)]
    if r.order and not r.parcels and not r.cancelled:
        found[:0] = say.none(r, "shipment.none", "No parcel has been sent.", "shipment.dispatched")
        found[:0] = say.none(r, "order.not_cancelled", "The order has not been cancelled.", "order.cancelled")
    if r.cancelled and not r.refunds and r.captured:
        found[:0] = say.none(r, "refund.none", "Finance has no refund for this.", "refund.paid")
    elif r.cancelled and not r.captured:
        found[:0] = say.none(r, "payment.none", "Finance has no payment for this.", "payment.captured")
    return (*found, *_terms(r, name), *say.looked(r))


def _terms(r: CancelReading, name: str) -> list[Claim]:
    """The terms that this order turns on."""
    found: list[Claim] = []
    if name in ("can_cancel", "window_over", "sent", "delivered"):
        words = "An order can be cancelled within {n} working days, until it is sent ({c})."
        found += say.term(r, r.cancel_policy, "cancel_days", words)
    if name in ("can_cancel", "cancelled_refund_due", "cancelled_refund_overdue"):
        words = "A cancelled order is refunded within {n} working days ({c})."
        found += say.term(r, r.cancel_policy, "refund_days", words)
    if name in ("sent", "delivered"):
        found += say.term(r, r.returns_policy, "window_days", "A return can be registered within {n} days ({c}).")
    return found


def steps(r: CancelReading, name: str) -> tuple[Step, ...]:
    """Ordered, cancelled, paid back; or ordered and sent."""
    if name in ("nothing_found", "sources_disagree", "cancelled_but_sent") or not (r.order or r.cancelled):
        return ()
    way: Way = [("placed", "Ordered", r.order, Text())]
    if not r.cancelled:
        return _forward(r, name, way)
    way.append(("cancelled", "Cancelled", r.cancelled, Text()))
    if name in ("cancelled_unpaid", "cancelled"):
        return walked(r, way)
    if name == "cancelled_refund_failed":
        return (*walked(r, way), Step("sent", plain("Money sent"), "failed", short(r, r.refunds[-1].last)))
    sent = r.paid.last if r.paid else None
    return walked(r, [*way, ("sent", "Money sent", sent, trimmed(refund_by(r, " by {d}")))])


def _forward(r: CancelReading, name: str, way: Way) -> tuple[Step, ...]:
    """Where an order stands that was not cancelled."""
    if not r.parcels:
        may = [("cancelled", "Cancelled", None, trimmed(until(r, " by {d}")))] if name == "can_cancel" else []
        return walked(r, [*way, *may, ("sent", "Sent", None, Text())])
    way = [*way, ("sent", "Sent", r.moved, Text())]
    if r.gone:
        return (*walked(r, way), Step("delivered", plain("Lost"), "failed", short(r, r.gone)))
    return walked(r, [*way, ("delivered", "Delivered", r.delivered, Text())])
