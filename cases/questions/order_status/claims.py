"""Claims and steps: sentences that each rest on a fact or a check."""

from __future__ import annotations

from collections.abc import Mapping

from cases.answers import Claim, Step, Text, Value, text
from cases.questions.common import claims as say
from cases.questions.common import values as v
from cases.questions.common.parcels import KINDS
from cases.questions.common.saying import Way, plain, short, trimmed, walked
from cases.questions.order_status.reading import OrderReading
from cases.questions.order_status.sentences import by, send_by


def claims(r: OrderReading, name: str) -> tuple[Claim, ...]:
    """What the sources say of the order and of each parcel; that none was sent only where that is proven."""
    facts = [f for p in r.parcels for kind in KINDS if (f := p.last(kind))]
    facts += [f for kind in ("order.placed", "order.cancelled") if (f := r.m.last(kind))]
    if name in ("lost", "counts_as_lost"):
        facts += [x.last for x in r.refunds]
    if r.unpaid:
        facts.append(r.unpaid)
    found = [say.about(r, f) for f in say.newest_first(facts)]
    if r.order and not r.parcels:
        found[:0] = say.none(r, "shipment.none", "No parcel has been sent.", "shipment.dispatched")
    elif r.parcel("sent") and not r.delivered:
        found[:0] = say.none(r, "shipment.not_delivered", "The parcel has not been delivered.", "shipment.delivered")
    return (*found, *_numbers(r), *_terms(r, name), *say.looked(r))


def _numbers(r: OrderReading) -> list[Claim]:
    """What the customer can follow a parcel by."""
    found = []
    for parcel in r.parcels:
        fact = parcel.sent
        if fact and fact.data.get("tracking") and parcel.status != "delivered":
            said = text("Tracking number {n}.", n=v.said(fact, "/tracking", type_="ref"))
            found.append(Claim("shipment.tracking", said, fact.domain, (fact.id,)))
    return found


def _terms(r: OrderReading, name: str) -> list[Claim]:
    """The terms that this order turns on."""
    found: list[Claim] = []
    waiting = name in ("on_its_way", "late", "counts_as_lost", "partly_delivered", "to_be_sent", "sending_overdue")
    terms = r.delivery_policy if waiting else None
    for fact in (terms.fact, *terms.also) if terms else ():
        if fact.data.get("days"):
            said = text("A parcel arrives {n} working days after the order ({c}).",
                        n=v.span(fact, "/days", "delivery days"), c=v.clause(fact, "days"))  # fmt: skip
            found.append(Claim("policy.days", said, "policy", (fact.id,), (), "days"))
    if not r.parcels:
        found += say.term(r, terms, "dispatch_days", "An order is sent within {n} working days ({c}).")
    if name in ("late", "counts_as_lost"):
        found += say.term(r, terms, "lost_days", "A parcel that is {n} working days late counts as lost ({c}).")
    if name in ("lost", "counts_as_lost") and r.refunds_lost and (p := r.refunds_policy):
        said = text("A parcel that the carrier has lost is refunded at once ({c}).", c=v.clause(p.fact, "early_refund"))
        found.append(Claim("policy.early_refund", said, "policy", (p.fact.id,), (), "early_refund"))
    return found


def steps(r: OrderReading, name: str) -> tuple[Step, ...]:
    """The way to the customer: ordered, sent, delivered."""
    if name in ("nothing_found", "sources_disagree", "cancelled_but_sent") or not (r.order or r.parcels):
        return ()
    way: Way = [("placed", "Ordered", r.order, Text())]
    if name == "cancelled":
        return walked(r, [*way, ("cancelled", "Cancelled", r.cancelled, Text())])
    if name == "payment_failed":
        return (*walked(r, way), Step("paid", plain("Paid"), "failed", short(r, r.unpaid)))
    way.append(("sent", "Sent", r.sent, trimmed(send_by(r)) if not r.parcels else Text()))
    if stuck := r.parcel("lost", "problem"):
        label = "Lost" if stuck.lost else "Delivered"
        return (*walked(r, way), Step("delivered", plain(label), "failed", short(r, stuck.problem)))
    there = None if name == "partly_delivered" else r.delivered
    return walked(r, [*way, ("delivered", "Delivered", there, trimmed(by(r)))])


def details(r: OrderReading) -> Mapping[str, Value]:
    """The carrier and the number by which the awaited parcel can be followed."""
    fact = r.sent
    found = {} if fact is None else {
        name: v.said(fact, f"/{name}", type_=type_)
        for name, type_ in (("carrier", "text"), ("tracking", "ref")) if fact.data.get(name)
    }  # fmt: skip
    return found
