"""The cast: Dana's case, Ines who sets up subscriptions, and a receiver that is a real HTTP server."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from standardwebhooks.webhooks import Webhook

from cases.services import Actor, case_open
from connectors.sdk import Ref
from connectors.sdk.testing import Asked, Server, say
from tests.cases.conftest import dana
from workspace.outbound.models import Notice, Subscription
from workspace.outbound.services import notices_collect, notices_send, subscription_save

__all__ = ["dana"]
SECRET = "whsec_" + base64.b64encode(b"k" * 32).decode()
OTHER = "whsec_" + base64.b64encode(b"j" * 32).decode()
Open = Callable[..., Any]


@pytest.fixture(autouse=True)
def secrets_set(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    monkeypatch.setenv("SHOP_HOOK", SECRET)
    monkeypatch.setenv("SHOP_HOOK_NEW", OTHER)
    settings.OUTBOUND_INTERNAL = True


class Receiver(Server):
    """Says 204, unless it is told otherwise."""

    def __init__(self) -> None:
        super().__init__(say(204))

    def told(self, secret: str = SECRET) -> list[dict[str, Any]]:
        """What came, each verified by the official library."""
        return [verified(asked, secret) for asked in self.asked]


def verified(asked: Asked, secret: str) -> dict[str, Any]:
    Webhook(secret).verify(asked.body, dict(asked.headers))
    return dict(json.loads(asked.body))


@pytest.fixture
def shop() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


@pytest.fixture
def subscription(db: None, shop: Receiver) -> Subscription:
    notices_collect()  # from now on
    events = ["case.opened", "note", "answer.changed"]
    return subscription_save(title="The shop", url=f"{shop.url}/hooks?shop=fi", events=events, secret="env:SHOP_HOOK")


@pytest.fixture
def open_case(dana: Any) -> Open:
    def open_(order: str = "48-1193") -> Any:
        return case_open(question="refund-status", refs=[Ref("order", order)], actor=Actor.person(dana))

    return open_


def go() -> int:
    """What the worker does at each tick."""
    notices_collect()
    return notices_send()


def later(**by: float) -> None:
    """Time passes: what waits becomes due."""
    moved = timezone.now() - timedelta(**by)
    Notice.objects.filter(state="waiting").update(due_at=moved, leased_until=None)
