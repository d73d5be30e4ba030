"""The demo shop: orders with their parcels and return registrations, found by order, e-mail, return or payment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from pydantic import Field

from connectors import sdk
from connectors.contrib.demo_shop import reading
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
    patterns = {"order": r"48-\d{4}", "return": r"RMA-\d{4,8}"}
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
            yield Found(ref, [row for order in orders for row in reading.rows_of(order)])

    def changes(self, cursor: str | None) -> Iterator[Page]:
        more = True
        while more:
            sent = self.http.get("/changes", {"after": cursor or "latest"})
            cursor, more = sent["cursor"], sent["more"]
            yield Page([row for order in sent["orders"] for row in reading.rows_of(order)], str(cursor))

    def cursor_at(self, since: datetime | None) -> str:
        return "0"  # its changes have numbers and no dates, so all of them are read again

    def read(self, row: Row) -> Iterable[Fact]:
        return reading.READERS[row.type](row.body)

    def _order(self, number: str) -> list[Any]:
        try:
            return [self.http.get(self.http.path("/orders/{number}", number=number))]
        except Missing:
            return []

    def _orders(self, name: str, value: str) -> Iterator[Any]:
        for page in self.http.pages("/orders", {name: value, "limit": PAGE_SIZE, "cursor": ""}, following):
            yield from page["orders"]


def following(page: Any) -> dict[str, str] | None:
    return {"cursor": page["next_cursor"]} if page["next_cursor"] else None
