"""The demo shop: orders with their parcels and return registrations, found by order, e-mail, return or payment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from pydantic import Field

from connectors import sdk
from connectors.sdk import Connector, Fact, Found, Missing, Page, Ref, Row

FILTERS = {"email": "email", "return": "return", "payment": "payment", "demo_shop.customer": "customer"}
ORDER_KINDS = ("order.placed", "order.cancelled", "order.changed")
PARCEL_KINDS = ("shipment.dispatched", "shipment.delivered", "shipment.exception")
RETURN_KINDS = ("return.requested", "return.cancelled")
PAGE_SIZE = 50


class Settings(sdk.Settings):
    api_key: str = Field(description="The shop's API key (Bearer), as env:… or file:…")


class DemoShop(Connector):
    title = "Demo shop"
    domain = "order"
    Settings = Settings
    accepts = ("order", "return", "payment", "email", "demo_shop.customer")
    identifying = ("email", "demo_shop.customer")
    covers = {
        "order": (*ORDER_KINDS, *PARCEL_KINDS, *RETURN_KINDS),
        "email": ("order.placed",), "demo_shop.customer": ("order.placed",),
        "return": ("return.requested",), "payment": ("order.placed",),
    }  # fmt: skip
    orders_versions = True

    @classmethod
    def headers(cls, settings: Any) -> dict[str, str]:
        return {"Authorization": f"Bearer {settings.api_key}"}

    def check(self) -> str:
        self.http.get("/changes", {"after": "latest"})
        return "The shop answers and takes the key."

    def lookup(self, refs: Sequence[Ref]) -> Iterable[Found]:
        for ref in refs:
            orders = self._order(ref.value) if ref.scheme == "order" else self._orders(FILTERS[ref.scheme], ref.value)
            yield Found(ref, [row for order in orders for row in rows_of(order)])

    def changes(self, cursor: str | None) -> Iterator[Page]:
        more = True
        while more:
            sent = self.http.get("/changes", {"after": cursor or "latest"})
            cursor, more = sent["cursor"], sent["more"]
            yield Page([row for order in sent["orders"] for row in rows_of(order)], str(cursor))

    def read(self, row: Row) -> Iterable[Fact]:
        return {"order": read_order, "shipment": read_shipment, "return": read_return}[row.type](row.body)

    def _order(self, number: str) -> list[Any]:
        try:
            return [self.http.get(self.http.path("/orders/{number}", number=number))]
        except Missing:
            return []

    def _orders(self, name: str, value: str) -> Iterator[Any]:
        cursor = ""
        while cursor is not None:
            sent = self.http.get("/orders", {name: value, "limit": PAGE_SIZE, "cursor": cursor})
            yield from sent["orders"]
            cursor = sent["next_cursor"]


def rows_of(order: dict[str, Any]) -> Iterator[Row]:
    """An order as the shop sends it, and the parcels and returns inside it, all under its revision."""
    parts = [("order", order["number"], order)]
    parts += [("shipment", parcel["id"], parcel) for parcel in order["shipments"]]
    parts += [("return", back["number"], back) for back in order["returns"]]
    for type_, id_, body in parts:
        yield Row(type_, id_, body, version=order["revision"])


def money(amount: str, currency: str) -> dict[str, str]:
    return {"amount": amount, "currency": currency}


def items(lines: list[dict[str, Any]], currency: str) -> list[dict[str, Any]]:
    return [
        {"name": x["title"], "quantity": x["qty"], "sku": x["sku"], "price": money(x["price"], currency)} for x in lines
    ]


def when(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def read_order(order: Any) -> Iterator[Fact]:
    person, currency = order["customer"], order["currency"]
    own = Ref("order", order["number"])
    refs = [own, Ref("payment", order["payment"]["id"])]
    refs += [Ref("email", person["email"]), Ref("demo_shop.customer", person["id"])]
    refs += [Ref("return", back["number"]) for back in order["returns"]]
    refs += [Ref(label, order[label]) for label in ("market", "channel")]
    refs += [Ref("category", name) for name in sorted({x["category"] for x in order["lines"]})]
    yield Fact("order.placed", {
        "number": order["number"], "total": money(order["total"], currency), "items": items(order["lines"], currency),
        "customer_name": person["name"], "method": order["payment"]["method"],
        "shipping": money(order["shipping"], currency),
    }, refs, when(order["placed_at"]))  # fmt: skip
    if order["cancelled"]:
        said = order["cancelled"]
        yield Fact("order.cancelled", {"reason": said["reason"], "by": said["by"]}, [own], when(said["at"]))
    if order["refunded"]:
        said = order["refunded"]
        data = {"status": "refunded", "refunded": money(said["amount"], currency)}
        yield Fact("order.changed", data, [own], when(said["at"]))


def read_shipment(parcel: Any) -> Iterator[Fact]:
    refs = [Ref("order", parcel["order"]), Ref("tracking", parcel["tracking"])]
    data = {"carrier": parcel["carrier"], "tracking": parcel["tracking"]}
    yield Fact("shipment.dispatched", data, refs, when(parcel["sent_at"]))
    if parcel["delivered_at"]:
        yield Fact("shipment.delivered", data, refs, when(parcel["delivered_at"]))
    if parcel["problem"]:
        said = {"reason": parcel["problem"]["reason"], "carrier": parcel["carrier"], "lost": parcel["problem"]["lost"]}
        yield Fact("shipment.exception", said, refs, when(parcel["problem"]["at"]))


def read_return(back: Any) -> Iterator[Fact]:
    refs = [Ref("return", back["number"]), Ref("order", back["order"])]
    yield Fact("return.requested", {
        "items": items(back["lines"], back["currency"]), "amount": money(back["amount"], back["currency"]),
        "reason": back["reason"],
    }, refs, when(back["requested_at"]))  # fmt: skip
    if back["cancelled_at"]:
        yield Fact("return.cancelled", {}, refs, when(back["cancelled_at"]))
