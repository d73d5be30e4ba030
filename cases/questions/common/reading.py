"""One matter read with its policies at one instant: what every predicate and sentence asks about."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property

from cases.questions.common import due, policy
from cases.questions.common.matter import Matter, Refund, amount
from cases.questions.common.parcels import Parcel, parcels
from cases.questions.common.values import Days, day_of
from connectors.host.views import Evidence, FactView

TELLERS = {
    "order": ("order",), "shipment": ("order", "delivery"), "return.requested": ("order",),
    "return.cancelled": ("order",), "return": ("warehouse",), "payment": ("finance",), "refund": ("finance",),
    "dispute": ("finance",), "credit_note": ("finance",), "invoice": ("finance",),
}  # fmt: skip
"""Who would know: by kind or by its family. A parcel is the shop's to tell, and a carrier's where one is asked."""


def tellers(kind: str) -> tuple[str, ...]:
    """The domains that speak of a kind; its absence is the claim of the first."""
    return TELLERS.get(kind) or TELLERS[kind.partition(".")[0]]


class Reading:
    """``matter`` at ``evidence.at``. Days are in the policy's zone; None stands for what is not known."""

    def __init__(self, evidence: Evidence, matter: Matter, person: str) -> None:
        self.evidence, self.m, self.person, self.at = evidence, matter, person, evidence.at
        self.refunds_policy = policy.chosen(evidence, matter, "policy.refunds")
        self.returns_policy = policy.chosen(evidence, matter, "policy.returns")
        self.cancel_policy = policy.chosen(evidence, matter, "policy.cancellations")
        self.delivery_policy = policy.chosen(evidence, matter, "policy.delivery")
        terms = self.refunds_policy or self.returns_policy or self.cancel_policy or self.delivery_policy
        own = next(iter(matter.facts), None)
        self.zone = str((terms and terms.get("zone")) or (own.zone if own else "UTC"))
        self.today = self.at.astimezone(due.zone_of(self.zone)).date()

    # -- facts -----------------------------------------------------------------------------------------
    @cached_property
    def order(self) -> FactView | None:
        return self.m.last("order.placed")

    @cached_property
    def parcels(self) -> list[Parcel]:
        return parcels(self.m)

    @cached_property
    def refunds(self) -> list[Refund]:
        """Finance's word where finance says anything about a refund, else anybody's."""
        finance = [r for r in self.m.refunds if r.last.domain == "finance"]
        return finance or self.m.refunds

    def latest(self, *statuses: str) -> Refund | None:
        return next((r for r in reversed(self.refunds) if r.status in statuses), None)

    @cached_property
    def paid(self) -> Refund | None:
        return self.latest("paid")

    @cached_property
    def received(self) -> FactView | None:
        return self.m.last("return.received")

    @cached_property
    def inspected(self) -> FactView | None:
        return self.m.last("return.inspected")

    @cached_property
    def rejected(self) -> FactView | None:
        bad = self.inspected if self.inspected and self.inspected.data.get("result") == "failed" else None
        return self.m.last("return.rejected") or bad

    @cached_property
    def passed(self) -> FactView | None:
        return self.inspected if self.inspected and self.inspected.data.get("result") == "passed" else None

    @cached_property
    def approval(self) -> FactView | None:
        """What made the money due: finance's approval, or an inspection that was passed."""
        live = self.latest("approved")
        return (live.of("refund.approved") if live else None) or self.passed

    @cached_property
    def cancelled(self) -> FactView | None:
        return self.m.last("order.cancelled")

    @cached_property
    def captured(self) -> FactView | None:
        return self.m.last("payment.captured")

    @cached_property
    def lost(self) -> FactView | None:
        found = [f for f in self.m.of("shipment.exception") if f.data.get("lost")]
        return found[-1] if found and not self.m.of("shipment.delivered") else None

    @cached_property
    def dispute(self) -> FactView | None:
        opened, closed = self.m.last("dispute.opened"), self.m.last("dispute.closed")
        return opened if opened and not closed else None

    @property
    def has_return(self) -> bool:
        return bool(self.m.returns)

    @cached_property
    def worth(self) -> tuple[Decimal, FactView] | None:
        """What was captured, or else what the order cost: more can't rightly go back."""
        for fact, field in ((self.captured, "amount"), (self.order, "total")):
            found = amount(fact.data.get(field)) if fact else None
            if fact and found is not None:
                return found, fact
        return None

    # -- days ------------------------------------------------------------------------------------------
    def day(self, fact: FactView | None) -> date | None:
        return day_of(fact, self.zone)

    @cached_property
    def bank_days(self) -> Days | None:
        start = self.day(self.paid.last) if self.paid else None
        if start is None or self.refunds_policy is None or self.paid is None:
            return None
        method = str(
            self.paid.last.data.get("method") or (self.captured and self.captured.data.get("method")) or "card"
        )
        span = (self.refunds_policy.get("bank_days") or {}).get(method)
        if not span:
            return None
        low, high = (due.business_days(start, n, self.refunds_policy.calendar) for n in sorted(span))
        return low, high

    def after(self, fact: FactView | None, terms: policy.Terms | None, field: str) -> date | None:
        """The last of the business days that a term gives, counted from a fact."""
        start, days = self.day(fact), terms.get(field) if terms else None
        return due.business_days(start, days, terms.calendar) if start and terms and isinstance(days, int) else None

    @cached_property
    def refund_due(self) -> date | None:
        return self.after(self.approval, self.refunds_policy, "refund_days")

    @cached_property
    def inspection_due(self) -> date | None:
        return self.after(self.received, self.returns_policy, "inspection_days")

    @cached_property
    def cancel_due(self) -> date | None:
        return self.after(self.cancelled, self.cancel_policy, "refund_days")

    @cached_property
    def window_from(self) -> FactView | None:
        kind = (self.returns_policy.get("window_from") if self.returns_policy else None) or "shipment.delivered"
        return self.m.last(kind)

    @cached_property
    def window_end(self) -> date | None:
        start = self.day(self.window_from)
        days = self.returns_policy.get("window_days") if self.returns_policy else None
        return start + timedelta(days=days) if start and isinstance(days, int) else None

    def over(self, day: date | None) -> bool:
        return day is not None and self.at >= self.end(day)

    def end(self, day: date) -> datetime:
        return due.end_of(day, due.zone_of(self.zone))

    # -- what was looked for and is not there ------------------------------------------------------------
    def absence(self, kind: str) -> tuple[int, ...]:
        """Checks that prove that there is none of this kind; empty where nothing proves it."""
        domains = tellers(kind)
        asked = [s for s in self.evidence.sources if s.domain in domains and s.asked]
        if not any(self.evidence.in_domain(d) for d in domains):
            # One system can play several parts: an ERP has orders and returns.
            telling = {c.source for c in self.evidence.checks if kind in c.kinds}
            asked = [s for s in self.evidence.sources if s.asked and s.name in telling]
        if not asked or not all(s.complete for s in asked):
            return ()
        names = {s.name for s in asked}
        return tuple(sorted(c.id for c in self.evidence.checks if c.source in names and c.complete and kind in c.kinds
                            and c.outcome in ("found", "nothing")))  # fmt: skip
