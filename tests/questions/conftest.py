"""A small cast: one order of Maya's on Sunday 22 November 2026, told fact by fact."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from cases import questions
from cases.answers import Answer
from connectors.host.views import CheckView, Evidence, FactView, SourceView
from connectors.sdk import Ref

AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
ORDER, RETURN, PAYMENT = Ref("order", "48-1193"), Ref("return", "RMA-77120"), Ref("payment", "pi_1")
EUR = {"amount": "84.90", "currency": "EUR"}
VISA = {"brand": "visa", "last4": "4417"}
POLICY = {"version": "2", "in_force_from": "2026-10-01", "zone": "Europe/Helsinki", "calendar": "FI",
          "applies_from": "order.placed"}  # fmt: skip
RETURNS = {**POLICY, "document": "RT-7", "title": "Returns", "window_days": 30, "inspection_days": 2,
           "window_from": "shipment.delivered", "exclusions": ["Gift cards"], "excluded_categories": ["gift_cards"],
           "arrival_days": 5, "clauses": {"window_days": "§1", "inspection_days": "§2", "excluded_categories": "§3",
           "arrival_days": "§4"}}  # fmt: skip
REFUNDS = {**POLICY, "document": "RF-12", "title": "Refunds", "refund_days": 3, "early_refund": "lost_parcel",
           "bank_days": {"card": [5, 10], "gift_card": [0, 1]}, "decides": {"money": "finance"},
           "clauses": {"early_refund": "§1", "refund_days": "§2", "bank_days": "§3", "decides": "§4"}}  # fmt: skip
CANCELS = {**POLICY, "document": "CN-3", "title": "Cancellations", "refund_days": 5, "cancel_days": 2,
           "clauses": {"refund_days": "§1", "cancel_days": "§2"}}  # fmt: skip
DELIVERY = {**POLICY, "document": "DL-2", "title": "Delivery", "days": [2, 5], "dispatch_days": 1, "lost_days": 5,
            "clauses": {"days": "§1", "dispatch_days": "§2", "lost_days": "§3"}}  # fmt: skip
POLICIES = {"policy.returns": RETURNS, "policy.refunds": REFUNDS, "policy.cancellations": CANCELS,
            "policy.delivery": DELIVERY}  # fmt: skip
DOMAINS = {"shop": "order", "warehouse": "warehouse", "finance": "finance", "policy": "policy"}
FINANCE = ("payment.captured", "payment.failed", "refund.approved", "refund.submitted", "refund.paid",
           "refund.failed", "dispute.opened", "credit_note.issued", "invoice.issued")  # fmt: skip
SHOP = ("order.placed", "order.cancelled", "order.changed", "shipment.dispatched", "shipment.delivered",
        "shipment.exception", "return.requested", "return.cancelled")  # fmt: skip
COVERS = {"shop": SHOP, "finance": FINANCE, "policy": (),
          "warehouse": ("return.received", "return.inspected", "return.dispatched"),
          "carrier": ("shipment.dispatched", "shipment.delivered", "shipment.exception"), "pages": (),
          "bank": FINANCE}  # fmt: skip
TELLS = {"order": "shop", "shipment": "shop", "policy": "policy", "return": "warehouse", "return.requested": "shop",
         "return.cancelled": "shop"}  # fmt: skip
REFS = {"shop": ORDER, "warehouse": RETURN, "finance": PAYMENT, "policy": Ref("policy", "refunds"),
        "carrier": ORDER, "pages": Ref("policy", "returns"), "bank": PAYMENT}  # fmt: skip


class Cast:
    """``tell(kind, day)`` adds a fact of this November; negative days lie in October."""

    def __init__(self, question: str = "refund-status") -> None:
        self.question = question
        self.sources = dict(DOMAINS)
        self.facts: list[FactView] = []
        self.status: dict[str, str] = {}
        self.superseded: dict[int, FactView] = {}
        self.seeds: tuple[Ref, ...] = (ORDER,)
        self.quiet: set[str] = set()
        for number, (kind, data) in enumerate(POLICIES.items()):
            self.tell(kind, 1 - 30, data, (Ref("policy", kind.split(".")[1]),), key=f"p{number}")

    def tell(self, kind: str, day: int | date | None, data: Any = None, refs: Any = (), source: str = "",
             key: str = "") -> FactView:  # fmt: skip
        family = kind.split(".")[0]
        source = source or TELLS.get(kind) or TELLS.get(family, "finance")
        own = {"order": (ORDER, PAYMENT), "shipment": (ORDER,), "return": (RETURN, ORDER)}.get(family, (PAYMENT,))
        refs = tuple(refs) or own
        occurred = datetime(2026, 11, 1, 10, tzinfo=UTC) + timedelta(days=day - 1) if isinstance(day, int) else None
        sort_at = occurred or AT - timedelta(hours=1)
        fact = FactView(
            id=len(self.facts) + 1, kind=kind, data=data or {}, refs=refs, source=source, source_title=source.title(),
            domain=self.sources.get(source, "order"), record_type=family, record_id=key or "1", occurred=occurred,
            day=day if isinstance(day, date) else occurred.date() if occurred else None,
            precision="day" if isinstance(day, date) else "instant" if occurred else "unknown", sort_at=sort_at,
            learned_at=sort_at, superseded_at=None, version=1, how="lookup", implied=False, said=kind, url="",
            confirmed_at=AT, zone="UTC",
        )  # fmt: skip
        self.facts.append(fact)
        return fact

    def bought(self, day: int = 2, **more: Any) -> Cast:
        self.tell("order.placed", day, {"number": "48-1193", "total": EUR, "items": [{"name": "Shirt", "quantity": 1}]})
        self.tell("payment.captured", day, {"amount": EUR, "method": "card", "card": VISA, **more})
        return self

    def sent(self, day: int = 3, number: str = "FI7") -> Cast:
        self.tell("shipment.dispatched", day, {"carrier": "Posti", "tracking": number}, key=number)
        return self

    def delivered(self, day: int | date | None = 5, number: str = "FI7", **more: Any) -> Cast:
        self.tell("shipment.delivered", day, {}, key=number, **more)
        return self

    def carried(self) -> Cast:
        """Beside the shop there is a carrier that can be asked."""
        self.sources["carrier"] = "delivery"
        return self

    def back(self, received: Any = 13, inspected: Any = 16) -> Cast:
        self.bought().delivered().tell("return.requested", 9, {"amount": EUR})
        if received:
            self.tell("return.received", received)
        if inspected:
            self.tell("return.inspected", inspected, {"result": "passed"})
        return self

    def refund(self, status: str, day: Any, number: str = "re_1", source: str = "finance", **more: Any) -> Cast:
        data = {"amount": EUR, "method": "card", "card": VISA, **more}
        self.tell(f"refund.{status}", day, data, (Ref("refund", number), PAYMENT), source, number)
        return self

    def evidence(self, at: datetime = AT, facts: Any = None) -> Evidence:
        checks, sources = [], []
        labels = questions.labels(self.question)
        known = [f for f in (self.facts if facts is None else facts) if not f.refs or f.refs[0].scheme != "policy"
                 or f.refs[0] in labels]  # fmt: skip
        for number, (name, domain) in enumerate(self.sources.items()):
            status = self.status.get(name, "on_time")
            good = status in ("live", "on_time", "late", "fixed")
            asked = name not in self.quiet
            sources.append(SourceView(name, name.title(), domain, name, timedelta(minutes=30), status,  # type: ignore[arg-type]
                AT if good else None, 0 if good else None, 5, None if good else AT - timedelta(minutes=8), "", asked,
                good and asked))  # fmt: skip
            found = any(f.source == name for f in known)
            outcome: Any = "unreachable" if not good else "found" if found else "nothing"
            checks.append(CheckView(100 + number, name, name.title(), domain, REFS[name], AT, outcome, good,
                                    COVERS[name], 5, False, ""))  # fmt: skip
        newest = sorted(known, key=lambda f: (f.sort_at, f.id), reverse=True)
        ordered = tuple(newest if facts is None else known)
        return Evidence(self.seeds, tuple({r for f in known for r in f.refs}),
                        ordered, tuple(checks), tuple(sources), at,
                        at, (), self.superseded)  # fmt: skip

    def ask(self, at: datetime = AT, facts: Any = None, person: str = "Maya") -> Answer:
        return questions.compose(self.question, self.evidence(at, facts), person=person)


@pytest.fixture
def cast() -> Cast:
    return Cast()
