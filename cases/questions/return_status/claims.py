"""Claims and steps: sentences that each rest on a fact or a check."""

from __future__ import annotations

from cases.answers import Claim, Step, Text
from cases.questions.common import claims as say
from cases.questions.common.saying import Way, plain, short, trimmed, walked
from cases.questions.return_status.reading import ReturnReading
from cases.questions.return_status.sentences import arrive_by, inspect_by, refund_by

KINDS = ("return.requested", "return.cancelled", "return.dispatched", "return.received", "return.inspected",
         "return.rejected")  # fmt: skip


def claims(r: ReturnReading, name: str) -> tuple[Claim, ...]:
    """What the sources say of the return, and of its money once it has arrived."""
    facts = [f for kind in KINDS if (f := r.m.last(kind))]
    if r.here:
        facts += [x.last for x in r.refunds]
    elif not r.has_return and r.order:
        facts += [r.order, *r.m.of("shipment.delivered")[-1:]]
    found = [say.about(r, f) for f in say.newest_first(facts)]
    if r.has_return and not r.here:
        missing = "The warehouse has not received the return."
        found[:0] = say.none(r, "return.not_received", missing, "return.received")
    if r.passed and not r.refunds:
        found[:0] = say.none(r, "refund.none", "Finance has no refund for this.", "refund.paid")
    if r.order and not r.m.of(*KINDS):
        found[:0] = say.none(r, "return.none", "No return is registered.", "return.requested")
    return (*found, *_terms(r, name), *say.looked(r))


def _terms(r: ReturnReading, name: str) -> list[Claim]:
    """The terms that this return turns on."""
    found: list[Claim] = []
    if name in ("in_transit", "arrival_overdue"):
        words = "A parcel that is sent back arrives within {n} working days ({c})."
        found += say.term(r, r.returns_policy, "arrival_days", words)
    if name in ("arrived", "inspection_overdue", "in_transit", "arrival_overdue", "announced"):
        words = "A return is inspected within {n} working days ({c})."
        found += say.term(r, r.returns_policy, "inspection_days", words)
    if name in ("inspection_passed", "refund_overdue"):
        words = "Finance sends a refund within {n} working days ({c})."
        found += say.term(r, r.refunds_policy, "refund_days", words)
    if name == "no_return":
        found += say.term(r, r.returns_policy, "window_days", "A return can be registered within {n} days ({c}).")
    return found


def steps(r: ReturnReading, name: str) -> tuple[Step, ...]:
    """Registered, sent, arrived, inspected, paid back."""
    if name in ("nothing_found", "sources_disagree", "no_return"):
        return ()
    way: Way = [("registered", "Registered", r.registered, Text())]
    if name == "return_cancelled":
        return walked(r, [*way, ("cancelled", "Cancelled", r.m.last("return.cancelled"), Text())])
    way.append(("posted", "Sent to us", r.posted, Text()))
    way.append(("received", "Arrived", r.received, trimmed(arrive_by(r, " by {d}"))))
    if name == "inspection_failed":
        return (*walked(r, way), Step("inspected", plain("Inspected"), "failed", short(r, r.rejected)))
    way.append(("inspected", "Inspected", r.inspected, trimmed(inspect_by(r, " by {d}"))))
    if name == "refund_failed":
        return (*walked(r, way), Step("sent", plain("Money sent"), "failed", short(r, r.refunds[-1].last)))
    sent = r.paid.last if r.paid else None
    return walked(r, [*way, ("sent", "Money sent", sent, trimmed(refund_by(r, " by {d}")))])
