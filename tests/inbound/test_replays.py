"""A signature that leaves out the id: who sends the same again under another id sends no second delivery, and what is
rung for again is looked up again."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from connectors.host import registry
from connectors.host.models import Fact, Inbound, InboundWork
from connectors.host.services import deliveries as keeping
from connectors.host.services import deliveries_work
from connectors.sdk import Hmac
from connectors.sdk.secrets import MASKED
from connectors.sdk.testing import Server, say
from tests.inbound.conftest import CONNECTORS, SECRET, Carrier, Ringing, body, make_source, order, send, statuses


class Named(Carrier):
    signature = Hmac(header="X-Sign", id="X-Event-Id")


class Stamped(Carrier):
    signature = Hmac(header="X-Sign", id="X-Event-Id", stamp="X-Time")


class Bell(Ringing):
    signature = Hmac(header="X-Sign", id="X-Event-Id")


@pytest.fixture(autouse=True)
def schemes(monkeypatch: pytest.MonkeyPatch, connectors_here: None) -> None:
    found = {**CONNECTORS, "named": Named, "stamped": Stamped, "bell": Bell}
    monkeypatch.setattr(registry, "_discovered", lambda: (found, {}))
    monkeypatch.setattr(keeping, "RING_AGAIN_S", 0)


def sign(text: str, id: str = "", at: datetime | None = None) -> dict[str, str]:
    stamp = str(int(at.timestamp())) if at else ""
    covered = (f"{stamp}." if at else "") + text
    mark = hmac.new(SECRET.encode(), covered.encode(), hashlib.sha256).hexdigest()
    return {"X-Sign": mark, **({"X-Event-Id": id} if id else {}), **({"X-Time": stamp} if at else {})}


def told(text: str, headers: Mapping[str, str], to: str) -> bool:
    """True where it was not known before."""
    answer = send(text, headers, f"/in/{to}/")
    assert answer.status_code == 202, answer.content
    return not answer.json()["known"]


def work() -> None:
    while deliveries_work():
        pass


def test_a_body_replayed_under_a_new_id_is_no_second_delivery_and_no_later_word(db: None) -> None:
    make_source("named", "named")
    old, new = body(order(status="open")), body(order(status="paid"))
    assert told(old, sign(old, "e1"), "named") and told(new, sign(new, "e2"), "named")
    work()
    assert statuses() == {"48-1": "paid"}
    for id in ("e3", "e4", "", "e1"):
        assert not told(old, sign(old, id), "named")
        work()
    assert statuses() == {"48-1": "paid"} and Inbound.objects.count() == 2 and Fact.objects.count() == 2
    assert sorted(InboundWork.objects.values_list("state", "new")) == [("done", 1), ("done", 1)]


def test_where_there_is_no_id_the_same_body_is_one_delivery_for_ever(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_source("named", "named")
    text = body()
    assert told(text, sign(text), "named")
    monkeypatch.setattr(keeping.timezone, "now", lambda: datetime.now(UTC) + timedelta(days=400))
    assert not told(text, sign(text), "named") and Inbound.objects.count() == 1


def test_within_the_window_a_stamped_delivery_replayed_under_a_new_id_is_known(db: None) -> None:
    make_source("stamped", "stamped")
    text, now = body(), datetime.now(UTC)
    assert told(text, sign(text, "e1", now), "stamped")
    assert not told(text, sign(text, "e2", now), "stamped")  # replayed
    assert not told(text, sign(text, "e1", now - timedelta(seconds=5)), "stamped")  # sent again, signed anew
    assert told(text, sign(text, "e2", now - timedelta(seconds=9)), "stamped")  # said again by its source
    work()
    assert set(InboundWork.objects.values_list("attempts", "state")) == {(1, "done")}


def test_what_rings_for_the_same_again_is_looked_up_again(db: None) -> None:
    with Server(say(200, {"status": "open"})) as source:
        make_source("bell", "bell", base_url=source.url)
        text = json.dumps({"order": "48-1"})
        assert told(text, sign(text, "e1"), "bell")
        work()
        source.behaviour = say(200, {"status": "paid"})
        assert not told(text, sign(text, "e1"), "bell")  # its sender did not hear us
        work()
        assert statuses() == {"48-1": "open"} and len(source.asked) == 1
        assert not told(text, sign(text, "e2"), "bell")
        work()
        assert statuses() == {"48-1": "paid"} and InboundWork.objects.get().new == 2


def test_a_ring_while_the_same_is_being_looked_up_is_heard(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    text = json.dumps({"order": "48-1"})
    rings = iter([True])

    def receive(self: Bell, delivery: Any) -> Any:
        found = list(Ringing.receive(self, delivery))
        if next(rings, False):
            source.behaviour = say(200, {"status": "paid"})
            told(text, sign(text, "e2"), "bell")
        return found

    monkeypatch.setattr(Bell, "receive", receive)
    with Server(say(200, {"status": "open"})) as source:
        make_source("bell", "bell", base_url=source.url)
        told(text, sign(text, "e1"), "bell")
        work()
        assert InboundWork.objects.get().state == "waiting"
        InboundWork.objects.update(due_at=datetime.now(UTC))
        work()
    assert statuses() == {"48-1": "paid"} and InboundWork.objects.get().state == "done"


def test_however_often_it_is_replayed_it_is_worked_on_seldom(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "RING_AGAIN_S", 10)
    make_source("named", "named")
    text = body()
    told(text, sign(text, "e1"), "named")
    work()
    for n in range(5):
        told(text, sign(text, f"r{n}"), "named")
        work()
    found = InboundWork.objects.get()
    assert found.state == "waiting" and found.due_at > datetime.now(UTC) + timedelta(seconds=5)


def test_a_secret_that_stands_in_a_delivery_is_kept_masked(db: None) -> None:
    make_source("named", "named")
    text = body(order(status=f"signed with {SECRET}"))
    assert told(text, sign(text, "e1"), "named") and not told(text, sign(text, "e2"), "named")
    work()
    assert SECRET.encode() not in bytes(Inbound.objects.get().body) and statuses() == {"48-1": f"signed with {MASKED}"}
