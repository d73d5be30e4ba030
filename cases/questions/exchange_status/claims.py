"""Claims and steps: sentences that each rest on a fact or a check."""

from __future__ import annotations

from cases.answers import Claim, Step, Text, text
from cases.questions.common import claims as say
from cases.questions.common.parcels import KINDS as WAY
from cases.questions.common.saying import Way, plain, short, trimmed, walked, when
from cases.questions.exchange_status.reading import ExchangeReading
from cases.questions.exchange_status.sentences import number, send_by

BACK = ("return.requested", "return.cancelled", "return.dispatched", "return.received", "return.inspected",
        "return.rejected")  # fmt: skip


def claims(r: ExchangeReading, name: str) -> tuple[Claim, ...]:
    """What the sources say of the return, and of the order that takes its place."""
    facts = [f for kind in BACK if (f := r.m.last(kind))]
    facts += [f for p in r.parcels for kind in WAY if (f := p.last(kind))]
    facts += [f for f in (r.order, r.called_off, r.money_back) if f]
    found = [say.about(r, f) for f in say.newest_first(facts)]
    if r.replacement:
        said = text("Replacement{n} ordered{on}.", n=number(r), on=when(r, r.replacement))
        found.insert(0, Claim("replacement.placed", said, r.replacement.domain, (r.replacement.id,)))
        if not r.parcels:
            missing = "No parcel of the replacement has been sent."
            found[:0] = say.none(r, "replacement.not_sent", missing, "shipment.dispatched")
    elif r.m.facts:
        found[:0] = say.none(r, "replacement.none", "The shop knows of no replacement order.", "order.placed")
    if r.order and not r.m.of(*BACK):
        found[:0] = say.none(r, "return.none", "No return is registered.", "return.requested")
    if name == "replacement_placed":
        words = "An order is sent within {n} working days ({c})."
        found += say.term(r, r.delivery_policy, "dispatch_days", words)
    return (*found, *say.looked(r))


def steps(r: ExchangeReading, name: str) -> tuple[Step, ...]:
    """Registered, arrived, replacement ordered, sent, delivered."""
    if name in ("sources_disagree", "nothing_found", "no_exchange", "return_cancelled", "refunded_instead"):
        return ()
    way: Way = [("registered", "Return registered", r.registered, Text()), ("received", "Arrived", r.received, Text())]
    if name == "return_not_passed":
        return (*walked(r, way), Step("inspected", plain("Inspected"), "failed", short(r, r.rejected)))
    way.append(("replaced", "Replacement ordered", r.replacement, Text()))
    if name == "replacement_cancelled":
        return (*walked(r, way), Step("sent", plain("Cancelled"), "failed", short(r, r.called_off)))
    way.append(("sent", "Sent", r.moved, trimmed(send_by(r, " by {d}"))))
    if name == "replacement_problem":
        return (*walked(r, way), Step("delivered", plain("Carrier problem"), "failed", short(r, r.trouble)))
    return walked(r, [*way, ("delivered", "Delivered", r.delivered, Text())])
