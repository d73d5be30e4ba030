"""One order's story, told in business days ago: what each of the systems will come to hold of it."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from workspace.demo.seed.days import Days
from workspace.demo.seed.people import Person

PRODUCTS = [
    ("Merino base layer", "MB-210", "84.90", "clothing"), ("Wool socks (3 pairs)", "WS-103", "29.90", "clothing"),
    ("Rain jacket", "RJ-440", "149.00", "clothing"), ("Down vest", "DV-320", "119.00", "clothing"),
    ("Linen shirt", "LS-150", "59.90", "clothing"), ("Trail shoes", "TS-900", "129.90", "shoes"),
    ("Winter boots", "WB-910", "189.00", "shoes"), ("Sandals", "SD-920", "69.90", "shoes"),
    ("Daypack 22 l", "DP-022", "89.00", "gear"), ("Head torch", "HT-300", "44.50", "gear"),
    ("Camping stove", "CS-210", "74.90", "gear"), ("Sleeping mat", "SM-120", "99.90", "gear"),
    ("Steel bottle", "SB-075", "24.90", "gear"), ("Wool blanket", "BL-400", "109.00", "home"),
    ("Reading lamp", "RL-610", "79.00", "home"), ("Tea set", "TE-330", "64.90", "home"),
]  # fmt: skip
GIFT_CARD = len(PRODUCTS)
"""The product after those that chance draws from: one that the policy does not take back."""
SHELF = [*PRODUCTS, ("Gift card", "GC-050", "50.00", "gift_cards")]
HOURS = {
    "placed": 9, "cancelled": 13, "sent": 15, "delivered": 12, "lost": 11, "requested": 10, "in_transit": 12,
    "received": 9, "inspected": 11, "approved": 14, "submitted": 15, "paid": 16, "failed": 13, "credit": 13,
    "dispute": 10, "shop_refunded": 14, "withdrawn": 15, "trouble": 11, "called_off": 16,
}  # fmt: skip
"""The hour at which each thing happens, so that what falls on one day keeps its order."""


@dataclass
class Return:
    """One registered return. ``log`` is the warehouse's: state, time or day, and more."""

    asked: int
    at: datetime
    lines: list[dict[str, Any]]
    reason: str
    log: list[dict[str, Any]] = field(default_factory=list)
    state: str = "announced"
    result: str | None = None
    why_failed: str | None = None
    number: str = ""
    cancelled_at: datetime | None = None


@dataclass
class Refund:
    amount: Decimal
    history: list[tuple[str, datetime]]
    id: str
    lines: list[dict[str, Any]] = field(default_factory=list)
    arn: str | None = None
    failure: str | None = None


class Story:
    """Call its verbs in the order in which things happened; each takes business days ago."""

    def __init__(  # noqa: PLR0917  (what an order begins with)
        self, days: Days, rng: random.Random, person: Person, products: list[int], placed: int, method: str = "card"
    ) -> None:
        self.days, self.rng, self.person, self.method, self.age = days, rng, person, method, placed
        self.placed_at = self._at(placed, "placed")
        self.lines: list[dict[str, Any]] = [
            {"sku": sku, "title": title, "qty": 1, "price": price, "category": category}
            for title, sku, price, category in (SHELF[n] for n in products)
        ]
        self.payment = "pay_" + "".join(rng.choice("ABCDEFGHJKLMNPQRSTUVWXYZ23456789") for _ in range(14))
        self.shipping = Decimal("4.90") if self.goods < 50 else Decimal("0.00")
        self.number = ""
        self.status = "placed"
        self.shop_times = [self.placed_at]
        self.cancelled_at: datetime | None = None
        self.refunded_note: datetime | None = None
        self.parcels: list[dict[str, Any]] = []
        self.returns: list[Return] = []
        self.refunds: list[Refund] = []
        self.credits: list[datetime] = []
        self.disputes: list[datetime] = []
        self.channel = rng.choice(("web", "web", "app"))

    @property
    def goods(self) -> Decimal:
        return sum((Decimal(x["price"]) for x in self.lines), Decimal(0))

    @property
    def total(self) -> Decimal:
        return self.goods + self.shipping

    def _at(self, ago: int, what: str) -> datetime:
        return self.days.at(ago, HOURS[what], self.rng.randrange(2, 58))

    def _shop(self, ago: int, what: str) -> datetime:
        at = self._at(ago, what)
        self.shop_times.append(at)
        return at

    # -- the shop

    def sent(self, ago: int) -> Story:
        tracking = f"{self.person.market}{self.rng.randrange(10**9, 10**10)}"
        at = self._shop(ago, "sent")
        self.parcels.append({"sent_at": at, "delivered_at": None, "tracking": tracking, "problem": None})
        self.status = "shipped"
        return self

    def delivered(self, ago: int) -> Story:
        self.parcels[-1]["delivered_at"] = self._shop(ago, "delivered")
        self.status = "delivered"
        return self

    def lost(self, ago: int) -> Story:
        self.parcels[-1]["problem"] = (self._shop(ago, "lost"), "Parcel lost by the carrier", True)
        return self

    def trouble(self, ago: int, reason: str) -> Story:
        """The carrier is stuck with the parcel."""
        self.parcels[-1]["problem"] = (self._shop(ago, "trouble"), reason, False)
        return self

    def cancelled(self, ago: int) -> Story:
        self.cancelled_at = self._shop(ago, "cancelled")
        self.status = "cancelled"
        return self

    def shop_says_refunded(self, ago: int) -> Story:
        self.refunded_note = self._shop(ago, "shop_refunded")
        self.status = "refunded"
        return self

    def returned(self, ago: int, lines: list[int] | None = None, reason: str = "Does not fit") -> Story:
        at = self._shop(ago, "requested")
        chosen = [self.lines[n] for n in lines] if lines else self.lines
        self.returns.append(Return(ago, at, chosen, reason, [{"state": "announced", "at": at}]))
        return self

    def called_off(self, ago: int) -> Story:
        """The customer keeps it after all."""
        self.returns[-1].cancelled_at = self._shop(ago, "called_off")
        return self

    # -- the warehouse

    def _logged(self, state: str, ago: int, day_only: bool, **more: Any) -> Story:
        back = self.returns[-1]
        when: datetime | date = self._at(ago, state)
        key = "date" if day_only else "at"
        back.log.append({"state": state, key: self.days.back(ago) if day_only else when, **more})
        back.state = state
        return self

    def in_transit(self, ago: int) -> Story:
        return self._logged("in_transit", ago, False, carrier="Posti")

    def received(self, ago: int, day_only: bool = False) -> Story:
        return self._logged("received", ago, day_only, by=self.rng.choice(("Dock 1", "Dock 2", "Dock 3")))

    def inspected(self, ago: int, failed: str = "", day_only: bool = False) -> Story:
        self.returns[-1].result, self.returns[-1].why_failed = ("fail", failed) if failed else ("pass", None)
        return self._logged("inspected", ago, day_only, by="Inspection 2")

    def log_lost(self) -> Story:
        """The warehouse kept the state of the return and no log: an import from its former system."""
        self.returns[-1].log = []
        return self

    # -- finance

    def approved(self, ago: int, amount: Decimal | None = None, lines: list[dict[str, Any]] | None = None) -> Story:
        at = self._at(ago, "approved")
        number = f"rf_{self.rng.randrange(10**11, 10**12)}"
        self.refunds.append(Refund(amount or self.total, [("approved", at)], number, lines or []))
        return self

    def submitted(self, ago: int) -> Story:
        self.refunds[-1].history.append(("submitted", self._at(ago, "submitted")))
        return self

    def paid(self, ago: int, arn: str = "") -> Story:
        self.refunds[-1].history.append(("paid", self._at(ago, "paid")))
        self.refunds[-1].arn = arn or f"7443{self.rng.randrange(10**18, 10**19)}"
        return self

    def failed(self, ago: int, why: str) -> Story:
        self.refunds[-1].history.append(("failed", self._at(ago, "failed")))
        self.refunds[-1].failure = why
        return self

    def refunded(self, approved: int, submitted: int, paid: int) -> Story:
        return self.approved(approved).submitted(submitted).paid(paid)

    def credited(self, ago: int) -> Story:
        self.credits.append(self._at(ago, "credit"))
        return self

    def disputed(self, ago: int) -> Story:
        self.disputes.append(self._at(ago, "dispute"))
        return self
