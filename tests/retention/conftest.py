"""The cast: Maya, of whom everything is held that can be held of a customer; her neighbour Ida; two administrators."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from standardwebhooks import Webhook

from cases.models import Case
from cases.selectors import case_view
from cases.selectors.erasing import erasure_plan
from cases.services import (
    Actor,
    alert_tell,
    case_close,
    commitment_make,
    draft_save,
    mails_work,
    message_send,
    note_add,
    outbox_send,
)
from cases.services.retention import erasure_approve, erasure_ask, erasure_decide
from connectors.host import registry
from connectors.host.services import deliveries_work, delivery_store, source_save
from connectors.sdk import Delivery, Row, StandardWebhooks
from tests.cases.conftest import NOW, Say, Teller, dana, opened, person, say, tom
from workspace.mail.folders import letter_put
from workspace.mail.reading import inbox_read

__all__ = ["Say", "dana", "say", "tom"]
MAYA, PHONE, STREET, OWN = "maya.lind@example.com", "+358401234567", "Mannerheimintie 12 B", "cus_MayaL77"
NAME = "Maya Lindqvist"
HOUSE = "Kuja 3, Turku"
"""Where Ida lives, too."""
NEEDLES = (MAYA, PHONE, STREET, OWN, NAME, "Lindqvist")
SECRET = "whsec_" + base64.b64encode(b"a secret of the shop's own").decode()
EUR = {"amount": "84.90", "currency": "EUR"}


class Crier(Teller):
    """A teller that is also called by its source: a delivery holds one row."""

    signature = StandardWebhooks()

    def receive(self, delivery: Delivery) -> Iterable[Row]:
        said = json.loads(delivery.body)
        yield Row("row", said["id"], said["row"])


@pytest.fixture(autouse=True)
def teller(monkeypatch: pytest.MonkeyPatch) -> None:
    found = {**registry.connector_classes(), "teller": Teller, "crier": Crier}
    monkeypatch.setattr(registry, "_discovered", lambda: (found, {}))
    monkeypatch.setenv("SOURCE_CRIER_WEBHOOK", SECRET)


@pytest.fixture
def ada(db: None) -> User:
    return person("ada", "Ada", "Berg", "administrator")


@pytest.fixture
def ben(db: None) -> User:
    return person("ben", "Ben", "Holm", "administrator")


@pytest.fixture
def crier(db: None) -> Any:
    return source_save(
        name="crier", title="Crier", connector="crier", domain="order", freshness_s=3600,
        settings={"base_url": "http://crier.example", "internal": True, "webhook_secret": "env:SOURCE_CRIER_WEBHOOK"},
    )  # fmt: skip


def deliver(said: dict[str, Any], key: str = "msg_1") -> Any:
    """A signed delivery of the crier, kept and worked on."""
    at, body = datetime.now(UTC), json.dumps(said)
    signature = Webhook(SECRET).sign(key, at, body)
    headers = {"webhook-id": key, "webhook-timestamp": str(int(at.timestamp())), "webhook-signature": signature}
    stored = delivery_store(source="crier", headers=headers, body=body.encode())
    deliveries_work()
    return stored


def row(kind: str, data: dict[str, Any], *refs: str, ago: float = 5) -> dict[str, Any]:
    return {"kind": kind, "data": data, "refs": list(refs), "occurred": (NOW - timedelta(days=ago)).isoformat()}


def facts_tell(say: Say) -> None:
    """What three sources say of Maya, and of Ida who lives at the same address."""
    person = ("email:" + MAYA, "shop.customer:" + OWN)
    say("order.placed", {"number": "48-1193", "total": EUR, "customer_name": NAME, "address": {"street": STREET}},
        "order:48-1193", *person, "address:" + STREET, "address:" + HOUSE, ago=20)  # fmt: skip
    say("order.changed", {"status": "open", "phone": PHONE, "note": NAME},
        "shop.customer:" + OWN, "phone:" + PHONE, "market:FI")  # fmt: skip
    say("payment.captured", {"amount": EUR, "method": "card"}, "order:48-1193", "payment:pi_100001", ago=20)
    say("refund.paid", {"amount": EUR, "method": "card"}, "refund:re_100001", "payment:pi_100001", ago=3)
    say("order.placed", {"number": "50-7007", "total": EUR, "customer_name": "Ida Storm"},
        "order:50-7007", "email:ida@example.com", "address:" + HOUSE, "market:FI", ago=9)  # fmt: skip


@pytest.fixture
def maya(say: Say, crier: Any, dana: User) -> Case:
    """Her case, open, with a note; facts of hers that were asked for, and one that was delivered."""
    facts_tell(say)
    deliver({"id": "r9", "row": row("shipment.delivered", {"carrier": "Posti"}, "order:48-1193", "email:" + MAYA)})
    case = opened(dana, "order:48-1193", "email:" + MAYA, message=f"{NAME} called: where is it?")
    note_add(case=case, text=f"{NAME} lives at {STREET}", actor=Actor.person(dana))
    return case


@pytest.fixture
def whole(maya: Case, dana: User, tmp_path: Path, settings: Any) -> Case:
    """The same case with a letter and its file, a reply, a promise, an alert and a draft."""
    settings.INBOX_URL, settings.DEFAULT_FROM_EMAIL = f"maildir:{tmp_path / 'inbox'}", "care@shop.example"
    letter_put(tmp_path / "inbox", letter(maya).as_bytes())
    inbox_read()
    mails_work()
    case, actor, view = maya, Actor.person(dana), case_view(case=maya)
    message_send(case=case, text=f"Dear {NAME}, we look into it.", answer_digest=view.answer.digest, actor=actor)
    outbox_send()
    commitment_make(case=case, what=f"Call {NAME} at {PHONE}", phrase="tomorrow before noon", actor=actor)
    alert_tell(person=dana.pk, case=case, kind="promise.late", text=f"Call {NAME}", key="k-1", at=NOW)
    draft_save(case=case, author=dana, text=f"Dear {NAME} of {STREET}")
    return case


def letter(case: Case) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"] = f"{NAME} <{MAYA}>", "care@shop.example"
    mail["Subject"] = f"Refund for {NAME}, case {case.reference}"
    mail["Message-ID"], mail["Date"] = f"<first.{MAYA}>", "Fri, 20 Nov 2026 10:00:00 +0200"
    mail.set_content(f"Where is my refund for order 48-1193?\nCall me: {PHONE}\n{NAME}\n{STREET}")
    mail.add_attachment(f"Receipt of {NAME}".encode(), maintype="application", subtype="pdf", filename=f"{NAME}.pdf")
    return mail


@pytest.fixture
def customer(maya: Case) -> int:
    maya.refresh_from_db()
    assert maya.customer_id is not None
    return maya.customer_id


def erased(customer: int, ada: User, ben: User, **decisions: str) -> Any:
    """Ada asks, decides what stands against it, and Ben says yes to exactly what he has read."""
    asked = erasure_ask(customer=customer, why="Ticket P-9", actor=Actor.person(ada))
    decided = {"cases": "close", "promises": "withdraw", "mentions": "erase"} | decisions
    erasure_decide(request=asked.id, decisions=decided, actor=Actor.person(ada))
    plan = erasure_plan(customer=customer, decisions=decided)
    return erasure_approve(request=asked.id, digest=plan.digest, actor=Actor.person(ben))


__all__ += ["case_close", "opened"]
