"""The cast of what comes by itself: a shop that signs by Standard Webhooks, and small connectors for other schemes."""

import base64
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar

import pytest
from django.test import Client
from standardwebhooks import Webhook

from connectors.contrib.push.connector import Push
from connectors.host import registry
from connectors.host.models import Source
from connectors.host.selectors import evidence
from connectors.host.services import deliveries_log, source_save
from connectors.host.services.gathering import lanes
from connectors.sdk import Connector, Delivery, Fact, Hmac, Ref, Row, StandardWebhooks, StripeScheme, TryAgain

SECRET = "whsec_" + base64.b64encode(b"a secret of the shop's own").decode()
OLD_SECRET = "whsec_" + base64.b64encode(b"the secret before this one").decode()


class Shop(Connector):
    """``{"orders": [{id, n, status}]}``; ``n`` numbers an order's versions."""

    title = "Shop"
    domain = "order"
    signature = StandardWebhooks()
    orders_versions = True
    broken: ClassVar[str] = ""
    """Why receive fails at the moment."""

    def check(self) -> str:
        return "It works."

    def receive(self, delivery: Delivery) -> Iterable[Row]:
        if self.broken:
            raise TryAgain(self.broken)
        for order in json.loads(delivery.body)["orders"]:
            yield Row("order", order["id"], order, version=order.get("n", 0))

    def read(self, row: Row) -> Iterable[Fact]:
        yield Fact("order.changed", {"status": row.body["status"]}, [Ref("order", row.id)])


class Till(Shop):
    signature = StripeScheme()

    @classmethod
    def delivery_id(cls, headers: Mapping[str, str], body: bytes) -> str:
        return str(json.loads(body)["id"])


class Carrier(Shop):
    signature = Hmac(header="X-Carrier-Stamp", prefix="sha256=")
    orders_versions = False


class Ringing(Shop):
    """Its deliveries only name an order, which is then looked up."""

    orders_versions = False

    def receive(self, delivery: Delivery) -> Iterable[Row]:
        id = json.loads(delivery.body)["order"]
        yield Row("order", id, self.http.get(self.http.path("/orders/{id}", id=id)))


class Deaf(Shop):
    signature = None


CONNECTORS = {"shop": Shop, "till": Till, "carrier": Carrier, "ringing": Ringing, "deaf": Deaf}


@pytest.fixture(autouse=True)
def connectors_here(monkeypatch: pytest.MonkeyPatch) -> None:
    found = {**CONNECTORS, "push": Push}
    monkeypatch.setattr(registry, "_discovered", lambda: (found, {}))
    monkeypatch.setattr(lanes, "_lanes", {})
    monkeypatch.setattr(deliveries_log, "_refused", {})
    monkeypatch.setattr(deliveries_log, "_next", {})
    monkeypatch.setattr(Shop, "broken", "")
    monkeypatch.setenv("SHOP_SECRET", SECRET)
    monkeypatch.setenv("SHOP_SECRET_BEFORE", OLD_SECRET)


def make_source(name: str = "shop", connector: str = "shop", **settings: Any) -> Source:
    given = {"base_url": "http://shop.example", "internal": True, "webhook_secret": "env:SHOP_SECRET", **settings}
    return source_save(
        name=name, title=name.title(), connector=connector, domain="order", settings=given, freshness_s=60
    )


@pytest.fixture
def shop(db: None) -> Source:
    return make_source()


def order(id: str = "48-1", status: str = "open", n: int = 1) -> dict[str, Any]:
    return {"id": id, "status": status, "n": n}


def body(*orders: dict[str, Any]) -> str:
    return json.dumps({"orders": list(orders or [order()])})


def signed(text: str, id: str = "msg_1", secret: str = SECRET, at: datetime | None = None) -> dict[str, str]:
    """The headers that the official library makes."""
    at = at or datetime.now(UTC)
    return {
        "webhook-id": id, "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign(id, at, text),
    }  # fmt: skip


def send(text: str | bytes, headers: Mapping[str, str], to: str = "/in/shop/", **more: Any) -> Any:
    kind = more.pop("kind", "application/json")
    return Client(enforce_csrf_checks=True).post(to, text, content_type=kind, headers=dict(headers), **more)


def deliver(text: str = "", id: str = "msg_1", to: str = "/in/shop/", **more: Any) -> Any:
    text = text or body()
    return send(text, signed(text, id, **more), to)


def statuses(*orders: str) -> dict[str, str]:
    """What is known of each order now."""
    found = evidence(seeds=[Ref("order", o) for o in orders or ("48-1",)]).facts
    return {f.record_id: str(f.data["status"]) for f in found}
