"""What was taken for an order, charge by charge, beside what it cost and what went back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from cases.questions.common.matter import Matter, Refund, age_key, amount
from cases.questions.common.reading import Reading
from connectors.host.views import FactView

MANY = 3
"""Orders that are still told in one sentence; of more, it is asked which ones are meant."""


@dataclass(frozen=True)
class Charge:
    """All that is told of one payment that was taken, oldest first."""

    facts: tuple[FactView, ...]

    @property
    def fact(self) -> FactView:
        return self.facts[-1]

    @property
    def money(self) -> Decimal | None:
        return amount(self.fact.data.get("amount"))

    @property
    def currency(self) -> str:
        return currency(self.fact.data.get("amount"))


def currency(told: Any) -> str:
    return str((told or {}).get("currency", ""))


def charges(matter: Matter) -> list[Charge]:
    """Finance's word where finance tells of any, else anybody's. One payment number is one charge."""
    told = matter.of("payment.captured")
    told = [f for f in told if f.domain == "finance"] or told
    grouped: dict[Any, list[FactView]] = {}
    for fact in told:
        key = fact.ref("payment") or (fact.source, fact.record_type, fact.record_id)
        grouped.setdefault(key, []).append(fact)
    return sorted((Charge(tuple(f)) for f in grouped.values()), key=lambda c: age_key(c.fact))


def numbers(matter: Matter) -> set[str]:
    return {str(f.data.get("number")) for f in matter.of("order.placed")}


class ChargeReading(Reading):
    """The reading of “Why was I charged twice?”."""

    @cached_property
    def charges(self) -> list[Charge]:
        return charges(self.m)

    @cached_property
    def several_orders(self) -> bool:
        return len(numbers(self.m)) > 1

    @cached_property
    def one_currency(self) -> str:
        """The currency of everything that was taken; empty where there are several."""
        found = {c.currency for c in self.charges if c.money is not None}
        return next(iter(found)) if len(found) == 1 and all(c.money is not None for c in self.charges) else ""

    @cached_property
    def taken(self) -> Decimal:
        return sum((c.money for c in self.charges if c.money is not None), Decimal(0))

    @cached_property
    def cost(self) -> Decimal | None:
        """What its orders cost, in the currency of the charges; None where that is not known."""
        orders = {str(f.data.get("number")): f for f in self.m.of("order.placed")}.values()
        totals = [(amount(f.data.get("total")), currency(f.data.get("total"))) for f in orders]
        if not totals or not self.one_currency or any(n is None or c != self.one_currency for n, c in totals):
            return None
        return sum((n for n, _ in totals if n is not None), Decimal(0))

    @cached_property
    def too_much(self) -> bool:
        """Several charges that come to more than the order, or alike where nobody says what it cost."""
        if len(self.charges) < 2:
            return False
        return self.taken > self.cost if self.cost is not None else self.alike

    @cached_property
    def alike(self) -> bool:
        """Whether two charges are over the same amount."""
        told = [(c.money, c.currency) for c in self.charges]
        return len(set(told)) < len(told)

    @cached_property
    def in_parts(self) -> bool:
        return len(self.charges) > 1 and self.cost is not None and self.taken <= self.cost

    @cached_property
    def extra(self) -> Decimal | None:
        """What was taken beyond the cost, or by the charges after the first of several that are alike."""
        if not self.too_much or not self.one_currency:
            return None
        if self.cost is not None:
            return self.taken - self.cost
        return self.taken - (self.charges[0].money or Decimal(0))

    def back(self, *statuses: str) -> list[Refund]:
        """Refunds in one of these statuses, in the currency of the charges."""
        return [x for x in self.refunds if x.status in statuses and x.currency == self.one_currency]

    def covers(self, found: list[Refund]) -> bool:
        """Whether these refunds give back all that was too much, beside what a return or a cancelled order is worth."""
        if not found or self.extra is None:
            return False
        total = sum((x.money or Decimal(0) for x in found), Decimal(0))
        return total >= self.extra + (self.taken - self.extra if self.for_other_reasons else 0)

    @property
    def for_other_reasons(self) -> bool:
        """Whether money could go back though nothing had been charged twice."""
        return bool(self.has_return or self.cancelled)

    @cached_property
    def failed_refund(self) -> Refund | None:
        return self.refunds[-1] if self.refunds and self.refunds[-1].status == "failed" else None

    @cached_property
    def attempt(self) -> FactView | None:
        """A payment that failed beside the one that was taken."""
        return self.m.last("payment.failed")


def one_charge_each(found: list[Matter], order_of: Callable[[Matter], FactView | None]) -> Matter | None:
    """Orders that were each charged once, answered together: that is why there are two lines at the bank."""
    if len(found) <= MANY and all(len(charges(m)) == 1 and order_of(m) for m in found):
        return Matter(tuple(sorted((f for m in found for f in m.facts), key=age_key)))
    return None
