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
    grouped: dict[Any, list[FactView]] = {}
    for fact in matter.of(*KINDS):
        number = fact.ref("tracking") or fact.data.get("tracking")
        key = ("number", str(number)) if number else ("record", fact.source, fact.record_type, fact.record_id)
        grouped.setdefault(key, []).append(fact)
    numbered = [key for key in grouped if key[0] == "number"]
    if len(numbered) == 1:  # what another source says without a number can only be about the one parcel there is
        own = {f.source for f in grouped[numbered[0]]}
        for key in [k for k in grouped if k[0] == "record" and k[1] not in own]:
            grouped[numbered[0]] += grouped.pop(key)
    found = [Parcel(tuple(sorted(facts, key=age_key))) for facts in grouped.values()]
    return sorted(found, key=lambda p: age_key(p.facts[0]))
