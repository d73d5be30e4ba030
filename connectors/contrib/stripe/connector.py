"""Stripe: what was paid, what went back, why it did not, and under which bank reference."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from pydantic import Field

from connectors.contrib.stripe import amounts, events, reading
from connectors.contrib.stripe.api import PAGE, Api
from connectors.contrib.stripe.payments import Payments
from connectors.contrib.stripe.reading import id_of, refunds_asked_by
from connectors.sdk import (
    Connector,
    Delivery,
    Done,
    Fact,
    Found,
    Missing,
    Page,
    Ref,
    Refused,
    Row,
    Settings,
    StripeScheme,
    Undone,
    action,
)  # fmt: skip
from connectors.sdk.kinds import money_text

PAYMENT_KINDS = ("payment.captured", "payment.failed")
REFUND_KINDS = ("refund.submitted", "refund.paid", "refund.failed", "refund.cancelled")
DISPUTE_KINDS = ("dispute.opened", "dispute.closed")
SEARCH_LAG = "Stripe's search found nothing, but it may not show a payment made within the last minutes."
MORE = "Stripe holds more payments than were read through."


class StripeSettings(Settings):
    base_url: str = Field("https://api.stripe.com", description="Stripe itself, or a program that speaks its API")
    key: str = Field(description="Secret or restricted key, as a reference: env:STRIPE_KEY")
    order_key: str = Field("order", pattern=r"^[\w.-]{1,40}$", description="The metadata key with the order's number")
    find_orders: Literal["search", "list"] = Field(
        "search", description="list reads payments one page after another, where an account has no search"
    )
    scan_pages: int = Field(10, ge=1, le=50, description="With list: how many pages of 100 payments are read at most")
    api_version: str = Field("", description="Stripe-Version to ask for; empty is the account's own")


class StripeConnector(Connector):
    title = "Stripe"
    domain = "finance"
    Settings = StripeSettings
    accepts = ("order", "payment", "refund", "stripe.customer", "email")
    patterns = {"payment": r"(?:pi|ch|py)_\w{8,}", "refund": r"(?:re|pyr)_\w{8,}"}
    identifying = ("email", "stripe.customer")
    covers = {
        "order": (*PAYMENT_KINDS, *REFUND_KINDS, *DISPUTE_KINDS),
        "payment": (*PAYMENT_KINDS, *REFUND_KINDS, *DISPUTE_KINDS),
        "refund": REFUND_KINDS,
        "stripe.customer": ("payment.captured",),
        # A guest pays without a customer object, so an e-mail address never proves that nothing was paid.
        "email": (),
    }
    signature = StripeScheme()
    overlap_s = 60

    def __init__(self, settings: Any, http: Any) -> None:
        super().__init__(settings, http)
        self.api = Api(http)
        self.payments = Payments(self.api, settings)

    @classmethod
    def headers(cls, settings: Any) -> dict[str, str]:
        version = {"Stripe-Version": settings.api_version} if settings.api_version else {}
        return {"Authorization": f"Bearer {settings.key}", **version}

    def check(self) -> str:
        live = False
        for what in ("payment_intents", "charges", "refunds", "customers"):
            try:
                found = self.api.first(f"/v1/{what}", [("limit", 1)])
            except Refused as error:
                name = what.replace("_", " ")
                raise Refused(f"The key may not read {name}: add it to its rights.", error.detail) from None
            live = live or any(o.get("livemode") for o in found)
        return f"Stripe answers, in {'live' if live else 'test'} mode; payments, refunds and customers can be read."

    def lookup(self, refs: Sequence[Ref]) -> Iterable[Found]:
        ask: dict[str, Callable[[Ref], Found]] = {
            "order": self._of_order, "payment": self._of_payment, "refund": self._of_refund,
            "stripe.customer": self._of_customer, "email": self._of_email,
        }  # fmt: skip
        refused: Refused | None = None
        for ref in refs:
            try:
                yield ask[ref.scheme](ref)
            except Refused as error:  # what the key may not see of one ref says nothing about the next
                refused = error
        if refused:
            raise refused

    def changes(self, cursor: str | None) -> Iterator[Page]:
        if cursor is None:
            found = events.newest(self.api)
            last = max((e["created"] for e in found), default=0)
            yield Page((), events.cursor_write(last, found))
            return
        for batch, after in events.batches(self.api, cursor, self.overlap_s):
            touched = dict.fromkeys(filter(None, map(events.about, batch)))
            yield Page([row for id in touched for row in self._of_payment(Ref("payment", id)).rows], after)

    def cursor_at(self, since: datetime | None) -> str:
        return events.cursor_at(since)

    @classmethod
    def delivery_id(cls, headers: Mapping[str, str], body: bytes) -> str:
        return id_of(events.delivered(body))

    def receive(self, delivery: Delivery) -> Iterable[Row]:
        touched = self.payments.get(events.about(events.delivered(delivery.body)))
        return self.payments.rows([touched] if touched else [])

    def read(self, row: Row) -> Iterable[Fact | Undone]:
        if row.type == "refund":
            return reading.refund_facts(row.body)
        if row.type == "dispute":
            return reading.dispute_facts(row.body)
        return reading.payment_facts(row.body, self.settings.order_key)

    @action("Refund {amount} on payment {payment}?", refs=("payment",))
    def refund_payment(self, payment: Ref, amount: Decimal, reason: str, key: str) -> Done:
        """Give back ``amount``, in the payment's own currency. Raises Refused where nothing was given back."""
        try:
            found = self.payments.get(payment.value)
        except Missing:
            found = None
        by = refunds_asked_by(found) if found else None
        if not found or not by:
            raise Refused(f"Stripe has no paid payment {payment.value}, so nothing was given back.")
        currency = str((found["charge"] or found["payment_intent"])["currency"])
        try:
            minor = amounts.minor(amount, currency)
        except ValueError as error:
            raise Refused(f"{error} Nothing was given back.") from None
        form = {by[0]: by[1], "amount": str(minor), "metadata[reason]": reason[:500]}
        refund = self.http.post("/v1/refunds", data=form, idempotency_key=key)
        given = money_text(amounts.money(refund["amount"], refund["currency"]))
        sentence = f"Stripe took the refund of {given} on payment {payment.value}: it is {refund['status']}."
        return Done(sentence, [self.payments.refund_row(refund, found)])

    # -- one ref at a time ---------------------------------------------------------------------------

    def _of_order(self, ref: Ref) -> Found:
        payments = self.payments.searched(ref.value) if self.settings.find_orders == "search" else None
        if payments is None:
            payments, complete = self.payments.listed(ref.value)
            return Found(ref, self.payments.rows(payments), complete, reason="" if complete else MORE)
        if not payments:
            return Found(ref, (), complete=False, reason=SEARCH_LAG)
        # What search shows late is a payment; the refunds and disputes of those found are read by list.
        return Found(ref, self.payments.rows(payments), kinds=(*REFUND_KINDS, *DISPUTE_KINDS))

    def _of_payment(self, ref: Ref) -> Found:
        try:
            payment = self.payments.get(ref.value)
        except Missing:
            payment = None
        return Found(ref, self.payments.rows([payment]) if payment else ())

    def _of_refund(self, ref: Ref) -> Found:
        if not ref.value.startswith(("re_", "pyr_")):
            return Found(ref)  # not an id that Stripe gives
        try:
            refund = self.api.one("refunds", ref.value)
        except Missing:
            return Found(ref)
        payment = self.payments.get(id_of(refund.get("payment_intent")) or id_of(refund.get("charge")))
        return Found(ref, [self.payments.refund_row(refund, payment or {})])

    def _of_customer(self, ref: Ref) -> Found:
        if not ref.value.startswith("cus_"):
            return Found(ref)
        payments, complete = self.payments.by_customer(ref.value)
        return Found(ref, [self.payments.row(p) for p in payments], complete, reason="" if complete else MORE)

    def _of_email(self, ref: Ref) -> Found:
        customers = self.api.first("/v1/customers", [("email", ref.value), ("limit", PAGE)])
        rows, complete = [], True
        for customer in customers:
            payments, all_read = self.payments.by_customer(customer["id"])
            complete = complete and all_read
            rows += [self.payments.row(p) for p in payments]
        return Found(ref, rows, complete, kinds=(), reason="" if complete else MORE)
