"""What was told of each parcel of an order, by one source or several."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from cases.questions.common.matter import Matter, age_key
from connectors.host.views import FactView

KINDS = ("shipment.dispatched", "shipment.delivered", "shipment.exception")


@dataclass(frozen=True)
class Parcel:
    """Facts of one parcel, oldest first; several sources may tell of it."""

    facts: tuple[FactView, ...]

    def last(self, kind: str) -> FactView | None:
        return next((f for f in reversed(self.facts) if f.kind == kind), None)

    @cached_property
    def sent(self) -> FactView | None:
        return self.last("shipment.dispatched")

    @cached_property
    def delivered(self) -> FactView | None:
        return self.last("shipment.delivered")

    @cached_property
    def problem(self) -> FactView | None:
        """The carrier's latest trouble with it, unless it was delivered since or nobody knows which came first."""
        found = self.last("shipment.exception")
        if found is None or self.delivered is None:
            return found
        known = "unknown" not in (found.precision, self.delivered.precision)
        return found if known and found.sort_at > self.delivered.sort_at else None

    @property
    def lost(self) -> FactView | None:
        return self.problem if self.problem and self.problem.data.get("lost") else None

    @property
    def status(self) -> str:
        """``lost``, ``problem``, ``delivered`` or ``sent``."""
        if self.problem:
            return "lost" if self.lost else "problem"
        return "delivered" if self.delivered else "sent"


def parcels(matter: Matter) -> list[Parcel]:
    """Parcels of a matter, oldest first. One number of a carrier is one parcel, whoever tells of it."""
    told = matter.of(*KINDS)
    numbers: dict[Any, set[str]] = {}
    for fact in told:
        numbers.setdefault(_record(fact), set()).update(_numbers(fact))
    known = {number for found in numbers.values() for number in found}
    grouped: dict[Any, list[FactView]] = {}
    for fact in told:
        own = _numbers(fact) or numbers[_record(fact)]
        sources = {f.source for f in told if _numbers(f)}
        if not own and len(known) == 1 and fact.source not in sources:
            own = known  # what another source says without a number can only be about the one parcel there is
        key = next(iter(own)) if len(own) == 1 else _record(fact)
        grouped.setdefault(key, []).append(fact)
    found = [Parcel(tuple(sorted(facts, key=age_key))) for facts in grouped.values()]
    return sorted(found, key=lambda p: age_key(p.facts[0]))


def _record(fact: FactView) -> tuple[str, str, str]:
    return (fact.source, fact.record_type, fact.record_id)


def _numbers(fact: FactView) -> set[str]:
    number = fact.ref("tracking") or fact.data.get("tracking")
    return {str(number)} if number else set()
