"""Finding payments, and the rows of each: itself, its refunds and its disputes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from connectors.contrib.stripe import reading
from connectors.contrib.stripe.api import PAGE, Api, expand
from connectors.contrib.stripe.reading import Obj, id_of, obj_of, payment_body, refunds_asked_by
from connectors.sdk import Missing, Row

EXPANDED = ("latest_charge", "customer")
CUSTOMER_PAGES = 3


class Payments:
    """A payment is the body of its row: ``{"payment_intent": …, "charge": …, "customer": …}``."""

    def __init__(self, api: Api, settings: Any) -> None:
        self.api, self.settings = api, settings

    def get(self, id: str) -> Obj | None:
        """By the id of its payment intent or charge; None for ids of others. Raises Missing."""
        if id.startswith("pi_"):
            return self._whole(self.api.one("payment_intents", id, *EXPANDED))
        if id.startswith(("ch_", "py_")):
            charge = self.api.one("charges", id, "customer")
            intent = id_of(charge.get("payment_intent"))
            return self.get(intent) if intent else self._whole({}, charge)
        return None

    def searched(self, order: str) -> list[Obj] | None:
        """Payments whose metadata names this order; None where there is no search."""
        quoted = order.replace("\\", "\\\\").replace("'", "\\'")
        query = [("query", f"metadata['{self.settings.order_key}']:'{quoted}'"), ("limit", PAGE)]
        try:
            found = self.api.first("/v1/payment_intents/search", query + expand("data.", *EXPANDED))
        except Missing:
            return None
        # Search does not mind the case of letters; an order's number may.
        return [p for p in map(self._whole, found) if self._is_of(p, order)]

    def listed(self, order: str) -> tuple[list[Obj], bool]:
        """The same from plain lists, and whether they were read to the end."""
        found: list[Obj] = []
        for count, page in enumerate(self.api.pages("/v1/payment_intents", expand("data.", *EXPANDED))):
            if count == self.settings.scan_pages:
                return found, False
            found += [p for p in map(self._whole, page) if self._is_of(p, order)]
        return found, True

    def by_customer(self, customer: str) -> tuple[list[Obj], bool]:
        """A customer's payments, and whether all were read.

        Charges are listed, since every payment has one; where one intent took several attempts, its latest counts.
        """
        found: list[Obj] = []
        asked = [("customer", customer), *expand("data.", "customer", "payment_intent")]
        for count, page in enumerate(self.api.pages("/v1/charges", asked)):
            if count == CUSTOMER_PAGES:
                return found, False
            pairs = [(obj_of(charge.get("payment_intent")), charge) for charge in page]
            found += [self._whole(i, c) for i, c in pairs if id_of(i.get("latest_charge") or c) == c["id"]]
        return found, True

    def _whole(self, intent: Obj, charge: Obj | None = None) -> Obj:
        """What came as an id, or not at all, is fetched where it is needed."""
        charge = charge or intent.get("latest_charge") or {}
        if isinstance(charge, str):
            charge = self.api.one("charges", charge)
        method = intent.get("payment_method")
        if charge and isinstance(method, str) and not charge.get("payment_method_details"):
            # Stripe's charges tell how they were paid; those of other programs may not.
            method = self.api.one_or_none("payment_methods", method) or method
        return payment_body({**intent, "payment_method": method}, charge or {})

    def _is_of(self, payment: Obj, order: str) -> bool:
        return bool(reading.context(payment, self.settings.order_key).get("order") == order)

    # -- rows ----------------------------------------------------------------------------------------

    def rows(self, payments: Iterable[Obj]) -> list[Row]:
        """Each payment with its refunds and disputes."""
        rows = []
        for payment in payments:
            rows.append(self.row(payment))
            by = refunds_asked_by(payment)
            if not by:
                continue
            rows += [self.refund_row(r, payment) for page in self.api.pages("/v1/refunds", [by]) for r in page]
            if payment["charge"].get("disputed"):
                rows += [self._dispute_row(d, payment) for page in self.api.pages("/v1/disputes", [by]) for d in page]
        return rows

    def row(self, payment: Obj) -> Row:
        id = id_of(payment.get("payment_intent")) or id_of(payment["charge"])
        return Row("payment", id, payment, url=self._url(payment))

    def refund_row(self, refund: Obj, payment: Obj) -> Row:
        body = {"refund": dict(refund), "payment": reading.context(payment, self.settings.order_key)}
        returned = id_of(refund.get("failure_balance_transaction"))
        if returned:
            body["failure_balance_transaction"] = self.api.one_or_none("balance_transactions", returned)
        return Row("refund", refund["id"], body, url=self._url(payment))

    def _dispute_row(self, dispute: Obj, payment: Obj) -> Row:
        body = {"dispute": dict(dispute), "payment": reading.context(payment, self.settings.order_key)}
        return Row("dispute", dispute["id"], body, url=self._url(payment))

    def _url(self, payment: Obj) -> str:
        """The payment in Stripe's dashboard; nothing for programs that only speak its API."""
        about = obj_of(payment.get("payment_intent")) or obj_of(payment.get("charge"))
        if not about or not self.settings.base_url.startswith("https://api.stripe.com"):
            return ""
        mode = "" if about.get("livemode") else "test/"
        return f"https://dashboard.stripe.com/{mode}payments/{about.get('id')}"
