"""What of an order can still be sent back: its items, what the policy leaves out, and what is on its way already."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from cases.answers import Text, Value
from cases.questions.common.reading import Reading
from connectors.host.views import FactView


class ItemsReading(Reading):
    """The reading of “Can I return this?”."""

    @cached_property
    def items(self) -> list[tuple[int, dict[str, Any]]]:
        """The items of the order with their places in it."""
        return list(enumerate(self.order.data.get("items") or [])) if self.order else []

    @cached_property
    def excluded(self) -> list[tuple[int, dict[str, Any]]]:
        """Items of a category that the policy does not take back."""
        left_out = (self.returns_policy.get("excluded_categories") if self.returns_policy else None) or ()
        return [(n, item) for n, item in self.items if item.get("category") in left_out]

    @cached_property
    def all_excluded(self) -> bool:
        return bool(self.excluded) and len(self.excluded) == len(self.items)

    @cached_property
    def registered(self) -> FactView | None:
        """The latest return that was not cancelled."""
        live = set(self.m.returns)
        return next((f for f in reversed(self.m.of("return.requested")) if live & set(f.ref_values("return"))), None)

    @cached_property
    def rest(self) -> list[tuple[int, dict[str, Any]]]:
        """Items that no return names, where every return says what it is of, and that the policy takes back."""
        live = set(self.m.returns)
        backs = [f for f in self.m.of("return.requested") if live & set(f.ref_values("return"))]
        if not backs or not all(f.data.get("items") for f in backs):
            return []
        going = Counter(_name(item) for f in backs for item in f.data["items"])
        left = []
        for n, item in self.items:
            if going[_name(item)] > 0:
                going[_name(item)] -= 1
            elif (n, item) not in self.excluded:
                left.append((n, item))
        return left

    @cached_property
    def delivered(self) -> FactView | None:
        return self.m.last("shipment.delivered")

    @cached_property
    def window_ends(self) -> list[date | None]:
        """The last day for a return by each day of delivery that was told: sources may differ."""
        days = self.returns_policy.get("window_days") if self.returns_policy else None
        if not isinstance(days, int):
            return []
        told = [self.day(f) for f in self.m.of("shipment.delivered")]
        return [self.window_end, *(day + timedelta(days=days) for day in told if day)]

    @cached_property
    def awaited(self) -> bool:
        """Whether the window begins with a delivery that nobody has told of."""
        kind = (self.returns_policy.get("window_from") if self.returns_policy else None) or "shipment.delivered"
        return kind == "shipment.delivered" and self.delivered is None

    @cached_property
    def gone(self) -> FactView | None:
        """That the carrier lost it, where nothing of the order has come."""
        return next((p.lost for p in reversed(self.parcels) if p.lost), None) if not self.delivered else None

    def named(self, items: list[tuple[int, dict[str, Any]]]) -> Text:
        """``Rain jacket, Wool socks``, each from the order."""
        assert self.order
        parts: list[str | Value] = []
        for n, item in items:
            name = str(item.get("name", ""))
            parts += [", "] if parts else []
            parts.append(Value("text", name, name, fact=self.order.id, pointer=f"/items/{n}/name"))
        return Text(tuple(parts))


def _name(item: dict[str, Any]) -> str:
    return str(item.get("sku") or item.get("name"))
