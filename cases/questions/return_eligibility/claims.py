"""Claims and steps: sentences that each rest on a fact or a check."""

from __future__ import annotations

from cases.answers import Claim, Step, Text, text
from cases.questions.common import claims as say
from cases.questions.common import values as v
from cases.questions.common.saying import Way, trimmed, walked, window
from cases.questions.return_eligibility.reading import ItemsReading

KINDS = ("order.placed", "order.cancelled", "shipment.delivered", "shipment.exception", "return.received")
OPEN = ("returnable", "partly_returnable", "rest_returnable")


def claims(r: ItemsReading, name: str) -> tuple[Claim, ...]:
    """What the sources say of the order and its delivery, what is registered, and the terms."""
    facts = [f for kind in KINDS if (f := r.m.last(kind))]
    facts += [r.registered] if r.registered else r.m.of("return.cancelled")[-1:]
    found = [say.about(r, f) for f in say.newest_first(facts)]
    if r.order and not r.has_return:
        found[:0] = say.none(r, "return.none", "No return is registered.", "return.requested")
    if r.order and name == "not_delivered":
        found[:0] = say.none(r, "shipment.not_delivered", "No parcel has been delivered.", "shipment.delivered")
    return (*found, *_items(r), *_terms(r, name), *say.looked(r))


def _items(r: ItemsReading) -> list[Claim]:
    """What the order is of, and what the policy leaves out of it."""
    if not r.order or not r.items:
        return []
    found = [Claim("order.items", text("Ordered: {i}.", i=r.named(r.items)), r.order.domain, (r.order.id,))]
    if r.excluded and (terms := r.returns_policy):
        said = text("Not taken back: {i} ({c}).", i=r.named(r.excluded), c=v.clause(terms.fact, "excluded_categories"))
        facts = (r.order.id, terms.fact.id)
        found.append(Claim("policy.excluded", said, "policy", facts, (), "excluded_categories"))
    return found


def _terms(r: ItemsReading, name: str) -> list[Claim]:
    """How long there is for a return, where that matters."""
    if name not in (*OPEN, "window_over", "not_delivered", "day_unknown"):
        return []
    found = say.term(r, r.returns_policy, "window_days", "A return can be registered within {n} days ({c}).")
    if name in OPEN:
        words = "A return is inspected within {n} working days ({c})."
        found += say.term(r, r.returns_policy, "inspection_days", words)
    return found


def steps(r: ItemsReading, name: str) -> tuple[Step, ...]:
    """Delivered, registered, sent back."""
    if name not in (*OPEN, "already_back", "already_registered", "not_delivered"):
        return ()
    due = trimmed(window(r, " by {d}")) if name in OPEN else Text()
    registered = None if name == "rest_returnable" else r.registered
    way: Way = [("delivered", "Delivered", r.delivered, Text()), ("registered", "Return registered", registered, due),
                ("received", "Arrived with us", r.received if registered else None, Text())]  # fmt: skip
    return walked(r, way)
