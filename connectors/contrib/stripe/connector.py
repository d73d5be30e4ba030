"""Stripe: what was paid, what went back, why it did not, and under which bank reference."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Literal

from pydantic import Field

from connectors.contrib.stripe import reading
from connectors.contrib.stripe.reading import Obj, event_about, id_of, obj_of, payment_body, refunds_asked_by
from connectors.sdk import Connector, Fact, Found, Missing, Page, Ref, Refused, Row, Settings, Undone, Unreadable

PAYMENT_KINDS = ("payment.captured", "payment.failed")
REFUND_KINDS = ("refund.submitted", "refund.paid", "refund.failed", "refund.cancelled")
DISPUTE_KINDS = ("dispute.opened", "dispute.closed")
EVENTS = (
    "payment_intent.succeeded", "payment_intent.payment_failed", "charge.captured", "charge.refunded",
    "charge.refund.updated", "refund.created", "refund.updated", "refund.failed", "charge.dispute.created",
    "charge.dispute.updated", "charge.dispute.closed",
)  # fmt: skip
"""What ``changes`` listens for: everything that can alter a fact that this connector reads."""

EXPANDED = ("latest_charge", "customer")
PAGE = 100
CUSTOMER_PAGES = 3
EVENTS_AT_ONCE = 20
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
    identifying = ("email", "stripe.customer")
    covers = {
        "order": (*PAYMENT_KINDS, *REFUND_KINDS, *DISPUTE_KINDS),
        "payment": (*PAYMENT_KINDS, *REFUND_KINDS, *DISPUTE_KINDS),
        "refund": REFUND_KINDS,
        "stripe.customer": ("payment.captured",),
        # A guest pays without a customer object, so an e-mail address never proves that nothing was paid.
        "email": (),
    }

    @classmethod
    def headers(cls, settings: Any) -> dict[str, str]:
        version = {"Stripe-Version": settings.api_version} if settings.api_version else {}
        return {"Authorization": f"Bearer {settings.key}", **version}

    def check(self) -> str:
        live = False
        for what in ("payment_intents", "charges", "refunds", "customers"):
            try:
                found = self._list(f"/v1/{what}", [("limit", 1)])
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
        """The cursor is the time of the last event read, and the ids of the events at that second."""
        if cursor is None:
            newest = self._list("/v1/events", [("limit", 1)])
            yield Page((), _cursor(newest))
            return
        since, known = json.loads(cursor)
        params = [("created[gte]", since), *(("types[]", name) for name in EVENTS)]
        pages = self._pages("/v1/events", params)
        events = [e for page in pages for e in page if e["id"] not in known]
        events.sort(key=lambda e: e["created"])  # Stripe sends the newest first, others the oldest
        for start in range(0, len(events), EVENTS_AT_ONCE):
            batch = events[start : start + EVENTS_AT_ONCE]
            touched = dict.fromkeys(filter(None, (event_about(e) for e in batch)))
            rows = [row for id in touched for row in self._rows_of(id)]
            yield Page(rows, _cursor([{"created": since, "id": id} for id in known] + events[: start + len(batch)]))

    def read(self, row: Row) -> Iterable[Fact | Undone]:
        if row.type == "refund":
            return reading.refund_facts(row.body)
        if row.type == "dispute":
            return reading.dispute_facts(row.body)
        return reading.payment_facts(row.body, self.settings.order_key)

    # -- one ref at a time ---------------------------------------------------------------------------

    def _of_order(self, ref: Ref) -> Found:
        payments = self._search(ref.value) if self.settings.find_orders == "search" else None
        if payments is None:
            payments, complete = self._scan(ref.value)
            return Found(ref, self._rows(payments), complete, reason="" if complete else MORE)
        if not payments:
            return Found(ref, (), complete=False, reason=SEARCH_LAG)
        # What search shows late is a payment; the refunds and disputes of those found are read by list.
        return Found(ref, self._rows(payments), kinds=(*REFUND_KINDS, *DISPUTE_KINDS))

    def _of_payment(self, ref: Ref) -> Found:
        try:
            payment = self._payment(ref.value)
        except Missing:
            payment = None
        return Found(ref, self._rows([payment]) if payment else ())

    def _of_refund(self, ref: Ref) -> Found:
        if not ref.value.startswith(("re_", "pyr_")):
            return Found(ref)  # not an id that Stripe gives
        try:
            refund = self.http.get(self.http.path("/v1/refunds/{id}", id=ref.value))
        except Missing:
            return Found(ref)
        payment = self._payment(id_of(refund.get("payment_intent")) or id_of(refund.get("charge")))
        return Found(ref, [self._refund_row(refund, payment or {})])

    def _of_customer(self, ref: Ref) -> Found:
        if not ref.value.startswith("cus_"):
            return Found(ref)
        payments, complete = self._paid_by(ref.value)
        return Found(ref, [self._payment_row(p) for p in payments], complete, reason="" if complete else MORE)

    def _of_email(self, ref: Ref) -> Found:
        customers = self._list("/v1/customers", [("email", ref.value), ("limit", PAGE)])
        rows, complete = [], True
        for customer in customers:
            payments, all_read = self._paid_by(customer["id"])
            complete = complete and all_read
            rows += [self._payment_row(p) for p in payments]
        return Found(ref, rows, complete, kinds=(), reason="" if complete else MORE)

    # -- payments ------------------------------------------------------------------------------------

    def _rows_of(self, id: str) -> list[Row]:
        found = self._of_payment(Ref("payment", id))
        return list(found.rows)

    def _payment(self, id: str) -> Obj | None:
        """The body of a payment's row, by the id of its payment intent or charge; None for ids of others."""
        if id.startswith("pi_"):
            path = self.http.path("/v1/payment_intents/{id}", id=id)
            return self._whole(self.http.get(path, _expand("", *EXPANDED)))
        if id.startswith(("ch_", "py_")):
            charge = self.http.get(self.http.path("/v1/charges/{id}", id=id), _expand("", "customer"))
            intent = id_of(charge.get("payment_intent"))
            return self._payment(intent) if intent else self._whole({}, charge)
        return None

    def _whole(self, intent: Obj, charge: Obj | None = None) -> Obj:
        """The body of a payment's row; what came as an id, or not at all, is fetched where it is needed."""
        charge = charge or intent.get("latest_charge") or {}
        if isinstance(charge, str):
            charge = self.http.get(self.http.path("/v1/charges/{id}", id=charge))
        method = intent.get("payment_method")
        if charge and isinstance(method, str) and not charge.get("payment_method_details"):
            # Stripe's charges tell how they were paid; those of other programs may not.
            method = self._get_or_none(self.http.path("/v1/payment_methods/{id}", id=method)) or method
        return payment_body({**intent, "payment_method": method}, charge)

    def _search(self, order: str) -> list[Obj] | None:
        """Payments whose metadata names this order; None where there is no search."""
        quoted = order.replace("\\", "\\\\").replace("'", "\\'")
        query = [("query", f"metadata['{self.settings.order_key}']:'{quoted}'"), ("limit", PAGE)]
        try:
            found = self._list("/v1/payment_intents/search", query + _expand("data.", *EXPANDED))
        except Missing:
            return None
        # Search does not mind the case of letters; an order's number may.
        return [p for p in map(self._whole, found) if self._is_of(p, order)]

    def _scan(self, order: str) -> tuple[list[Obj], bool]:
        """The same from plain lists, and whether they were read to the end."""
        found: list[Obj] = []
        pages = self._pages("/v1/payment_intents", _expand("data.", *EXPANDED))
        for count, page in enumerate(pages):
            if count == self.settings.scan_pages:
                return found, False
            found += [p for p in map(self._whole, page) if self._is_of(p, order)]
        return found, True

    def _is_of(self, payment: Obj, order: str) -> bool:
        return bool(reading.context(payment, self.settings.order_key).get("order") == order)

    def _paid_by(self, customer: str) -> tuple[list[Obj], bool]:
        """A customer's payments, and whether all were read.

        Charges are listed, since every payment has one; where one intent took several attempts, its latest counts.
        """
        found: list[Obj] = []
        expand = _expand("data.", "customer", "payment_intent")
        for count, page in enumerate(self._pages("/v1/charges", [("customer", customer), *expand])):
            if count == CUSTOMER_PAGES:
                return found, False
            pairs = [(obj_of(charge.get("payment_intent")), charge) for charge in page]
            found += [self._whole(i, c) for i, c in pairs if id_of(i.get("latest_charge") or c) == c["id"]]
        return found, True

    # -- rows ----------------------------------------------------------------------------------------

    def _rows(self, payments: Iterable[Obj]) -> list[Row]:
        """Each payment with its refunds and disputes."""
        rows = []
        for payment in payments:
            rows.append(self._payment_row(payment))
            by = refunds_asked_by(payment)
            if not by:
                continue
            rows += [self._refund_row(r, payment) for page in self._pages("/v1/refunds", [by]) for r in page]
            if payment["charge"].get("disputed"):
                rows += [self._dispute_row(d, payment) for page in self._pages("/v1/disputes", [by]) for d in page]
        return rows

    def _payment_row(self, payment: Obj) -> Row:
        id = id_of(payment.get("payment_intent")) or id_of(payment["charge"])
        return Row("payment", id, payment, url=self._url(payment))

    def _refund_row(self, refund: Obj, payment: Obj) -> Row:
        body = {"refund": dict(refund), "payment": reading.context(payment, self.settings.order_key)}
        returned = id_of(refund.get("failure_balance_transaction"))
        if returned:
            path = self.http.path("/v1/balance_transactions/{id}", id=returned)
            body["failure_balance_transaction"] = self._get_or_none(path)
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

    # -- calls ---------------------------------------------------------------------------------------

    def _get_or_none(self, path: str) -> Any:
        try:
            return self.http.get(path)
        except (Missing, Refused):
            return None

    def _list(self, path: str, params: list[tuple[str, Any]]) -> list[Obj]:
        """One page of a list or search."""
        return self._page(path, params)[0]

    def _page(self, path: str, params: list[tuple[str, Any]]) -> tuple[list[Obj], bool]:
        """The objects of one page, and whether there are more."""
        document = self.http.get(path, params)
        data = document.get("data") if isinstance(document, dict) else None
        if not isinstance(data, list) or not all(isinstance(o, dict) and id_of(o) for o in data):
            raise Unreadable("Stripe sent something other than a list.", f"no list of objects at {path}")
        return data, bool(data and document.get("has_more"))

    def _pages(self, path: str, params: list[tuple[str, Any]]) -> Iterator[list[Obj]]:
        """Every page of a list. The last id leads to the next, whichever way the list is ordered."""
        after: list[tuple[str, Any]] = []
        seen: set[str] = set()
        more = True
        while more:
            data, more = self._page(path, [("limit", PAGE), *params, *after])
            yield data
            last = id_of(data[-1]) if data else ""
            if more and last in seen:
                raise Unreadable("Stripe sends the same page again and again.", f"loop of pages at {path}")
            seen.add(last)
            after = [("starting_after", last)]


def _expand(prefix: str, *names: str) -> list[tuple[str, Any]]:
    return [("expand[]", prefix + name) for name in names]


def _cursor(events: Sequence[Obj]) -> str:
    last = max((e["created"] for e in events), default=0)
    return json.dumps([last, sorted(e["id"] for e in events if e["created"] == last)])
