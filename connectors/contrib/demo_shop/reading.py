"""How an order of the demo shop, its parcels and its return registrations are read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from connectors.sdk import Fact, Ref, Row


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
        {
            "name": x["title"], "quantity": x["qty"], "sku": x["sku"], "price": money(x["price"], currency),
            "category": x["category"],
        } for x in lines
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


READERS = {"order": read_order, "shipment": read_shipment, "return": read_return}
