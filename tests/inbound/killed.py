"""A worker of its own process that stops at a place of its work, to be killed there: ``python -m … <place>``."""
# ruff: noqa: E402

import sys
import time
from collections.abc import Iterable
from typing import Any

import django

django.setup()

from connectors.host import registry
from connectors.host.services import deliveries_work
from connectors.host.services import deliveries_working as working
from connectors.sdk import Delivery, Row
from tests.inbound.conftest import CONNECTORS, Shop


def stay(*_: Any) -> None:
    print("here", flush=True)
    time.sleep(60)


class Slow(Shop):
    def receive(self, delivery: Delivery) -> Iterable[Row]:
        stay()
        return super().receive(delivery)


registry._discovered = lambda: ({**CONNECTORS, "shop": Slow if sys.argv[1] == "reading" else Shop}, {})  # type: ignore
working.LEASE_S = 1.0
if sys.argv[1] == "storing":  # the facts are written, nothing is committed yet
    working._Work._done = stay  # type: ignore
deliveries_work()
