"""What sources send by themselves: verified, and kept before anything is done with it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from connectors.host.errors import DeliveryNotNow, DeliveryRefused, NoDeliveries, UnknownConnector
from connectors.host.registry import connector_class
from connectors.host.services.deliveries_log import log_seldom, refused_count
from connectors.host.services.readings import clean
from connectors.sdk import BadSettings, Connector
from connectors.sdk.secrets import MASKED, mask, secret_resolve
from connectors.sdk.signatures import BadSignature

MAX_KEY = 300
MAX_HEADERS = 100
MAX_HEADER = 2000
SAME_BODY_S = 600
"""Where a source gives no id, the same body within this time is the same delivery."""
_PRIVATE = ("authorization", "cookie", "signature", "hmac", "secret", "token", "password", "api-key", "apikey")
_PRIVATE_QUERY = (*_PRIVATE, "key", "pass", "auth", "sig", "code")


@dataclass(frozen=True)
class Stored:
    """A delivery that is kept. ``new`` is False where it had come before."""

    key: str
    new: bool


@dataclass(frozen=True)
class _Door:
    source_id: int
    title: str
    connector: type[Connector]
    secret: str
    secret_before: str


def delivery_store(*, source: str, headers: Mapping[str, str], body: bytes, path: str = "") -> Stored:
    """Verify a delivery and keep it with its work in one statement; the same delivery again is kept once.

    ``source`` is the source's name; ``headers`` have lower-case names. Raises NoDeliveries, DeliveryRefused (its
    signature does not fit) and DeliveryNotNow (it can't be verified at present), each with a sentence for its sender.
    """
    door = _door(source)
    at = timezone.now()
    key = _verified(door, headers, body, at)
    kept = {":path": _path_kept(path), **headers_kept(headers, door.connector)}
    return Stored(key, _keep(door.source_id, key, kept, body, at))


def headers_kept(headers: Mapping[str, str], connector: type[Connector]) -> dict[str, str]:
    """The headers that may be kept: none that carries a signature or a secret, and not endlessly many."""
    private = (*_PRIVATE, str(getattr(connector.signature, "header", "")).lower() or _PRIVATE[0])
    fit = [(n, v) for n, v in headers.items() if not any(word in n for word in private)]
    return {clean(name)[:100]: clean(mask(value))[:MAX_HEADER] for name, value in fit[:MAX_HEADERS]}


def _path_kept(path: str) -> str:
    """Where it was sent to; some senders put their key into the query."""
    place, mark, query = path.partition("?")
    parts = [part.partition("=") for part in query.split("&")]
    shown = [f"{n}{is_}{MASKED if any(word in n.lower() for word in _PRIVATE_QUERY) else v}" for n, is_, v in parts]
    return str(clean(mask(place + mark + "&".join(shown))))[:MAX_HEADER]


_DOOR = """
SELECT id, title, connector, settings ->> 'webhook_secret', settings ->> 'webhook_secret_before'
FROM host_source WHERE name = %s AND enabled
"""
_KEEP = """
WITH kept AS (
    INSERT INTO host_inbound (source_id, key, headers, body, received_at) VALUES (%s, %s, %s, %s, %s)
    ON CONFLICT (source_id, key) DO NOTHING RETURNING id, source_id)
INSERT INTO host_inboundwork (inbound_id, source_id, state, attempts, due_at, reason, new, malformed)
SELECT id, source_id, 'waiting', 0, now(), '', 0, 0 FROM kept
"""


def _door(name: str) -> _Door:
    with connection.cursor() as cursor:
        row = cursor.execute(_DOOR, [name]).fetchone() if "\x00" not in name else None
    if row is None:
        raise NoDeliveries("There is no such address. Send to /in/ and a source's name, e.g. /in/turku-warehouse/.")
    id_, title, slug, secret, before = row
    try:
        cls = connector_class(slug)
    except UnknownConnector as error:
        log_seldom(id_, "delivery not verified", f"Deliveries can't be taken: {error}", "error")
        raise DeliveryNotNow("This source can't be spoken for at present. Send the delivery again later.") from None
    if cls.signature is None or not cls.can("receive"):
        raise NoDeliveries(f"{title} takes no deliveries: nothing that it sends by itself could be read.")
    return _Door(id_, title, cls, secret or "", before or "")


def _verified(door: _Door, headers: Mapping[str, str], body: bytes, at: datetime) -> str:
    """The key of a delivery that its source has signed."""
    secrets, missing = _secrets(door)
    try:
        if not secrets:
            raise BadSettings(missing)
        assert door.connector.signature is not None
        given = door.connector.signature.verify(headers, body, secrets, at)
    except BadSettings as error:
        raise _not_now(door, error.sentence) from None
    except (BadSignature, UnicodeError) as error:
        if missing:
            raise _not_now(door, missing) from None
        refused_count(door.source_id)
        said = str(error) if isinstance(error, BadSignature) else "The signature's headers must be ASCII."
        raise DeliveryRefused(f"{said} Nothing was kept.") from None
    return _key(given or _own_id(door.connector, headers, body), body, at)


def _secrets(door: _Door) -> tuple[Sequence[str], str]:
    """The secrets that can be read, and what is wrong with the present one where it can't."""
    if not door.secret:
        return (), "Its webhook secret is not set up: save webhook_secret, e.g. env:SHOP_WEBHOOK_SECRET."
    found, missing = [], ""
    for reference in filter(None, (door.secret, door.secret_before)):
        try:
            found.append(secret_resolve(reference))
        except BadSettings as error:
            missing = missing or (error.sentence if reference == door.secret else "")
    return found, missing


def _not_now(door: _Door, why: str) -> DeliveryNotNow:
    log_seldom(door.source_id, "delivery not verified", f"Deliveries can't be verified, their sender keeps them. {why}")
    return DeliveryNotNow("The signature can't be checked at present. Send the delivery again later; nothing was kept.")


def _own_id(connector: type[Connector], headers: Mapping[str, str], body: bytes) -> str:
    try:
        return str(connector.delivery_id(headers, body) or "")
    except Exception:  # noqa: BLE001 a body that its connector can't read is kept all the same
        return ""


def _key(given: str, body: bytes, at: datetime) -> str:
    """The source's own id of the delivery, or what stands for it."""
    if given and len(given) <= MAX_KEY and clean(given) == given and not given.startswith("sha256:"):
        return given
    if given:
        return "sha256:" + hashlib.sha256(given.encode("utf-8", "surrogatepass")).hexdigest()
    return f"sha256:{hashlib.sha256(body).hexdigest()}@{int(at.timestamp()) // SAME_BODY_S}"


def _keep(source_id: int, key: str, headers: Mapping[str, Any], body: bytes, at: datetime) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, [source_id, key, json.dumps(headers), body, at])
        return bool(cursor.rowcount)
