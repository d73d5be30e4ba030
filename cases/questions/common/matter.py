"""Facts grouped into matters: an order with its returns, payments and refunds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from connectors.host.views import Evidence, FactView
from connectors.sdk import Ref

FINAL = ("refund.paid", "refund.cancelled", "refund.failed")
ORDER = ("refund.approved", "refund.submitted", *FINAL)


def amount(data: Any) -> Decimal | None:
    try:
        return Decimal(data["amount"])
    except (KeyError, TypeError, InvalidOperation):
        return None


def age_key(fact: FactView) -> tuple[Any, ...]:
    """Oldest first, the same whatever order facts came in."""
    return (fact.sort_at, fact.id)


@dataclass(frozen=True)
class Refund:
    """All that one source says about one refund."""

    facts: tuple[FactView, ...]

    def of(self, kind: str) -> FactView | None:
        return next((f for f in reversed(self.facts) if f.kind == kind), None)

    @property
    def last(self) -> FactView:
        """Its present status: the latest final one, else the furthest it got."""
        final = [f for f in self.facts if f.kind in FINAL]
        if final:
            return max(final, key=lambda f: (f.precision != "unknown", *age_key(f)[:1], FINAL.index(f.kind), f.id))
        return max(self.facts, key=lambda f: (ORDER.index(f.kind), *age_key(f)))

    @property
    def status(self) -> str:
        return self.last.kind.removeprefix("refund.")

    @property
    def money(self) -> Decimal | None:
        return amount(self.last.data.get("amount"))

    @property
    def currency(self) -> str:
        return str((self.last.data.get("amount") or {}).get("currency", ""))


@dataclass(frozen=True)
class Matter:
    """The facts of one order or return, oldest first."""

    facts: tuple[FactView, ...]

    def of(self, *kinds: str) -> list[FactView]:
        return [f for f in self.facts if f.kind in kinds]

    def last(self, *kinds: str) -> FactView | None:
        return next(reversed(self.of(*kinds)), None)

    @property
    def refs(self) -> set[Ref]:
        return {r for f in self.facts for r in f.refs if r.is_matter}

    @property
    def returns(self) -> list[str]:
        """Numbers of its returns that were not cancelled."""
        found = {v for f in self.of("return.requested", "return.approved", "return.dispatched", "return.received",
                                    "return.inspected", "return.rejected") for v in f.ref_values("return")}  # fmt: skip
        gone = {v for f in self.of("return.cancelled") for v in f.ref_values("return")}
        return sorted(found - gone)

    @property
    def refunds(self) -> list[Refund]:
        grouped: dict[Any, list[FactView]] = {}
        for fact in self.of(*ORDER):
            key = (fact.source, fact.ref("refund") or (fact.record_type, fact.record_id))
            grouped.setdefault(key, []).append(fact)
        found = [Refund(tuple(fs)) for fs in grouped.values()]
        return sorted(found, key=lambda r: age_key(r.last))

    def for_return(self, number: str) -> Matter:
        """The same matter without what belongs to its other returns alone."""
        others = [
            amount(f.data.get("amount")) for f in self.of("return.requested") if number not in f.ref_values("return")
        ]

        def stays(fact: FactView) -> bool:
            named = fact.ref_values("return")
            if fact.kind == "order.placed" or number in named:
                return True
            if named:
                return False
            return not (fact.kind.startswith("refund.") and amount(fact.data.get("amount")) in others)

        return Matter(tuple(f for f in self.facts if stays(f)))


def matters(evidence: Evidence) -> list[Matter]:
    """Facts that share a matter ref, directly or through others, belong together; policies belong to all."""
    own = sorted((f for f in evidence.facts if any(r.is_matter for r in f.refs)), key=age_key)
    groups: list[tuple[set[Ref], list[FactView]]] = []
    for fact in own:
        refs, members = {r for r in fact.refs if r.is_matter}, [fact]
        apart = []
        for group in groups:
            if group[0] & refs:
                refs |= group[0]
                members = [*group[1], *members]
            else:
                apart.append(group)
        groups = [*apart, (refs, members)]
    found = [Matter(tuple(sorted(fs, key=age_key))) for _, fs in groups]
    return sorted(found, key=lambda m: age_key(m.facts[0]))


def candidates(evidence: Evidence, rank: Callable[[Matter], int], by_return: bool) -> list[Matter]:
    """The matters that can be meant: one, several (ask, never guess) or none. ``by_return`` parts returns."""
    known, seeds = matters(evidence), {r for r in evidence.seeds if r.is_matter}
    if seeds:
        known = [m for m in known if m.refs & seeds]
    if by_return:
        known = [one for m in known for one in _split(m, seeds)]
    best = min(map(rank, known), default=0)
    return [m for m in known if rank(m) == best]


def _split(matter: Matter, seeds: set[Ref]) -> Iterable[Matter]:
    numbers = matter.returns
    named = [n for n in numbers if Ref("return", n) in seeds]
    if len(numbers) < 2:
        return [matter]
    return [matter.for_return(n) for n in (named or numbers)]
