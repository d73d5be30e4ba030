"""Claims and steps: sentences that each rest on a fact or a check."""

from __future__ import annotations

from cases.answers import Claim, Step, Text, text
from cases.questions.common import claims as say
from cases.questions.common import values as v
from cases.questions.common.saying import Way, plain, short, walked
from cases.questions.double_charge.reading import ChargeReading
from connectors.host.views import FactView

KINDS = ("order.placed", "order.cancelled", "payment.failed", "dispute.opened", "dispute.closed")


def claims(r: ChargeReading, name: str) -> tuple[Claim, ...]:
    """Every charge, what the orders cost, and what went back."""
    orders = {str(f.data.get("number")): f for f in r.m.of("order.placed")}.values()
    facts = [f for kind in KINDS[1:] if (f := r.m.last(kind))]
    facts += [*orders, *(c.fact for c in r.charges), *(x.last for x in r.refunds)]
    found = [_about(r, f) for f in say.newest_first(facts)]
    if r.charges and not r.refunds:
        found[:0] = say.none(r, "refund.none", "Finance has no refund for this.", "refund.paid")
    if len(r.charges) == 1:
        found[:0] = say.none(r, "payment.no_other", "Finance has no other charge for this.", "payment.captured")
    elif r.order and not r.charges:
        found[:0] = say.none(r, "payment.none", "Finance has no charge for this.", "payment.captured")
    return (*found, *say.looked(r))


def _about(r: ChargeReading, fact: FactView) -> Claim:
    """An order beside what it cost; everything else as elsewhere."""
    told = say.about(r, fact)
    if told.key == "order.placed":
        total = text("Order {n} cost {t}.", n=v.said(fact, "/number", type_="ref"), t=v.money(fact, "/total"))
        return Claim(told.key, total, told.domain, told.facts)
    return told


def steps(r: ChargeReading, name: str) -> tuple[Step, ...]:
    """Charged, charged again, given back; only where something is to be given back."""
    if name not in ("given_back", "refund_failed", "refund_under_way", "charged_twice", "charged_more"):
        return ()
    way: Way = [("charged", "Charged", r.charges[0].fact, Text()),
                ("charged_again", "Charged again", r.charges[-1].fact, Text())]  # fmt: skip
    if name == "refund_failed" and r.failed_refund:
        return (*walked(r, way), Step("sent", plain("Given back"), "failed", short(r, r.failed_refund.last)))
    approved = next((x.of("refund.approved") for x in r.refunds if x.of("refund.approved")), None)
    if approved:
        way.append(("approved", "Refund approved", approved, Text()))
    paid = r.back("paid")
    return walked(r, [*way, ("sent", "Given back", paid[-1].last if paid else None, Text())])
