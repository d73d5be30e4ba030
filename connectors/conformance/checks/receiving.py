"""receive: deliveries that prove where they come from, and say what a lookup would say."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from connectors.conformance.checking import NotHere, check, fail, need
from connectors.conformance.servers import Replay
from connectors.conformance.subject import NOWHERE, Subject, said
from connectors.sdk import Delivery, Fact, Hmac, Row, StandardWebhooks, StripeScheme, kinds
from connectors.sdk.signatures import BadSignature

SECRET = "whsec_cGxhbnRlZC1xN1p4NDFXZA=="
OTHER = "whsec_b3RoZXItcTdaeDQxV2Q="


@dataclass(frozen=True)
class Recorded:
    """One delivery as its source sent it: ``recordings/deliveries/*.json`` with ``headers`` and ``body``."""

    name: str
    headers: Mapping[str, str]
    body: bytes


@check("receive-signature", "What takes deliveries says how they are signed.")
def receive_signature(subject: Subject) -> None:
    _receives(subject)
    need(subject.cls.signature, "Say how deliveries are signed: signature = StandardWebhooks(), StripeScheme(), "
         'Hmac(header="…").')  # fmt: skip


@check("receive-round-trip", "A recorded delivery, signed anew, is verified and read into sound facts.")
def receive_round_trip(subject: Subject) -> None:
    facts = 0
    for one in _deliveries(subject):
        headers = signed(subject.cls.signature, one.body, SECRET, datetime.now(UTC))
        id_ = _verified(subject, headers, one.body, [OTHER, SECRET])
        for row in _rows(subject, one, id_):
            for fact in said(subject.reader(), row):
                why = kinds.problem(fact.kind, fact.data, fact.said) if isinstance(fact, Fact) else ""
                need(not why, f"{one.name}: {row.type} {row.id}: {why}")
                facts += 1
    need(facts, "No recorded delivery leads to a fact: keep one that does in recordings/deliveries/.")


@check("receive-bad-signature", "A delivery that somebody else signed, or changed, is refused.")
def receive_bad_signature(subject: Subject) -> None:
    for one in _deliveries(subject):
        now = datetime.now(UTC)
        good, bad = (signed(subject.cls.signature, one.body, secret, now) for secret in (SECRET, OTHER))
        for what, headers, body in (
            ("without a signature", {}, one.body), ("signed with another secret", bad, one.body),
            ("changed on its way", good, one.body + b" "),
        ):  # fmt: skip
            need(_verified(subject, headers, body, [SECRET]) is None, f"A delivery {what} was let in: "
                 "verify must raise BadSignature.")  # fmt: skip


@check("receive-replay", "A delivery signed long ago is refused.")
def receive_replay(subject: Subject) -> None:
    one, signature = _deliveries(subject)[0], subject.cls.signature
    if isinstance(signature, Hmac) and not signature.stamp:
        raise NotHere("Its signatures carry no time: the same body is one delivery for ever.")
    old = signed(signature, one.body, SECRET, datetime.now(UTC) - timedelta(hours=2))
    need(_verified(subject, old, one.body, [SECRET]) is None, "A delivery two hours old was let in.")


@check("receive-same-twice", "A delivery received twice brings the same rows.")
def receive_same_twice(subject: Subject) -> None:
    for one in _deliveries(subject):
        first, again = ([(r.type, r.id, r.body) for r in _rows(subject, one, "1")] for _ in range(2))
        need(first == again, f"{one.name}: received twice, the rows differ: take them from the source alone.")


@check("receive-broken", "A delivery that can't be read raises, so that it is kept, shown and run again.")
def receive_broken(subject: Subject) -> None:
    _receives(subject)
    for body in (b"", b"{", b"<html></html>", b"[]", b"null"):
        one = Recorded("broken", {}, body)
        with ExitStack() as stack:
            connector = _bound(subject, stack)
            try:
                rows = list(connector.receive(Delivery("1", one.headers, body, datetime.now(UTC))))
            except Exception:  # noqa: BLE001 this is what is meant to happen
                continue
        fail(f"receive() of {body!r} gave {len(rows)} rows: raise Unreadable, or nothing of it will be seen.")


def signed(signature: Any, body: bytes, secret: str, at: datetime) -> dict[str, str]:
    """Headers, with lower-case names, as the source itself would send them. A scheme of a connector's own needs a
    method ``sign(body, secret, at) -> headers``."""
    stamp = str(int(at.timestamp()))
    if isinstance(signature, StandardWebhooks):
        key = base64.b64decode(secret.removeprefix("whsec_"))
        mark = base64.b64encode(hmac.new(key, f"msg_1.{stamp}.".encode() + body, hashlib.sha256).digest()).decode()
        return {"webhook-id": "msg_1", "webhook-timestamp": stamp, "webhook-signature": f"v1,{mark}"}
    if isinstance(signature, StripeScheme):
        mark = hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
        return {"stripe-signature": f"t={stamp},v1={mark}"}
    if isinstance(signature, Hmac):
        signs = stamp.encode() + b"." + body if signature.stamp else body
        made = hmac.new(secret.encode(), signs, getattr(hashlib, signature.algorithm))
        text = made.hexdigest() if signature.encoding == "hex" else base64.b64encode(made.digest()).decode()
        more = {signature.stamp.lower(): stamp} if signature.stamp else {}
        named = {signature.id.lower(): "delivery-1"} if signature.id else {}
        return {signature.header.lower(): signature.prefix + text, **more, **named}
    if not hasattr(signature, "sign"):
        fail("Give the signature scheme a method sign(body, secret, at) -> headers, so that it can be tested.")
    return dict(signature.sign(body, secret, at))


def _verified(subject: Subject, headers: Mapping[str, str], body: bytes, secrets: list[str]) -> str | None:
    """The delivery's id, or None where it is refused."""
    signature: Any = subject.cls.signature
    try:
        return str(signature.verify(headers, body, secrets, datetime.now(UTC)))
    except BadSignature as error:
        need(not any(secret in str(error) for secret in secrets), "BadSignature shows the secret: leave it out.")
        return None


def _receives(subject: Subject) -> None:
    if not subject.cls.can("receive"):
        raise NotHere("It takes no deliveries: it defines no receive.")


def _deliveries(subject: Subject) -> list[Recorded]:
    _receives(subject)
    if not subject.cls.signature:
        raise NotHere("It does not say how deliveries are signed.")
    found = []
    for path in sorted((subject.recordings / "deliveries").glob("*.json")):
        one = json.loads(path.read_text(encoding="utf-8"))
        body = one.get("body", one) if isinstance(one, dict) else one
        text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
        headers = one.get("headers", {}) if isinstance(one, dict) else {}
        found.append(Recorded(path.name, {k.lower(): v for k, v in headers.items()}, text.encode()))
    need(found, "Keep a delivery in recordings/deliveries/*.json: {\"headers\": {…}, \"body\": {…}}.")
    return found


def _bound(subject: Subject, stack: ExitStack) -> Any:
    """The connector, over its recordings where it has any."""
    if subject.is_http and any(subject.recordings.glob("*.json")):
        return subject.connector(stack.enter_context(Replay(subject.recordings)).url)
    return subject.connector(NOWHERE)


def _rows(subject: Subject, one: Recorded, id_: str | None) -> Iterator[Row]:
    with ExitStack() as stack:
        connector = _bound(subject, stack)
        try:
            yield from connector.receive(Delivery(id_ or "1", one.headers, one.body, datetime.now(UTC)))
        except Exception as error:  # noqa: BLE001
            fail(f"{one.name}: receive() raises {type(error).__name__}: {error}. Record what it asks for.")
