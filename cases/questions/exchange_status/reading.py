"""A return and the order that takes its place: an order that names the return, or the order that was sent back."""

from __future__ import annotations

from datetime import date
from functools import cached_property

from cases.questions.common.matter import Matter
from cases.questions.common.parcels import Parcel, parcels
from cases.questions.common.reading import Reading
from connectors.host.views import FactView


def own_number(order: FactView) -> str:
    return str(order.data.get("number") or order.ref("order") or "")


def replacement(matter: Matter) -> FactView | None:
    """The latest order that was placed in exchange. No source has a word of its own for it."""
    orders = matter.of("order.placed")
    sent_back = {n for f in matter.of("return.requested") for n in f.ref_values("order")}
    first = sent_back or {own_number(f) for f in orders[:1]}
    for fact in reversed(orders):
        names = set(fact.ref_values("order")) & first or set(fact.ref_values("return")) & set(matter.returns)
        if names and own_number(fact) not in first:
            return fact
    return None


class ExchangeReading(Reading):
    """The reading of “Where is my exchange?”. ``order`` is what was sent back, ``parcels`` are the replacement's."""

    @cached_property
    def replacement(self) -> FactView | None:
        return replacement(self.m)

    @cached_property
    def order(self) -> FactView | None:
        new = own_number(self.replacement) if self.replacement else None
        return next((f for f in reversed(self.m.of("order.placed")) if own_number(f) != new), None)

    @cached_property
    def new(self) -> Matter:
        """What is told of the replacement alone."""
        if self.replacement is None:
            return Matter(())
        number = own_number(self.replacement)
        return Matter(tuple(f for f in self.m.facts if f.kind.startswith(("order.", "shipment."))
                            and (f is self.replacement or number in f.ref_values("order"))))  # fmt: skip

    @cached_property
    def parcels(self) -> list[Parcel]:
        return parcels(self.new)

    @cached_property
    def called_off(self) -> FactView | None:
        """That the replacement was cancelled."""
        return self.new.last("order.cancelled")

    @cached_property
    def moved(self) -> FactView | None:
        return next((p.sent or p.facts[-1] for p in reversed(self.parcels)), None)

    @cached_property
    def delivered(self) -> FactView | None:
        """When all of the replacement was delivered."""
        there = [p.delivered for p in self.parcels if p.status == "delivered"]
        return there[-1] if there and len(there) == len(self.parcels) else None

    @cached_property
    def trouble(self) -> FactView | None:
        """What the carrier reports of the replacement."""
        return next((p.problem for p in reversed(self.parcels) if p.problem), None)

    @cached_property
    def dispatch_due(self) -> date | None:
        """The last day on which the policy has the replacement sent."""
        return self.after(self.replacement, self.delivery_policy, "dispatch_days")

    @cached_property
    def registered(self) -> FactView | None:
        return self.m.last("return.requested", "return.approved")

    @cached_property
    def posted(self) -> FactView | None:
        return self.m.last("return.dispatched")

    @cached_property
    def return_cancelled(self) -> FactView | None:
        return self.m.last("return.cancelled") if not self.has_return else None

    @cached_property
    def money_back(self) -> FactView | None:
        """A refund of what was sent back: sent, with the bank, or approved."""
        found = self.latest("paid") or self.latest("submitted") or self.latest("approved")
        return found.last if found and self.has_return else None
