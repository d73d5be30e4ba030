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
from connectors.host.services.echoes import bytes_masked, secrets_of
from connectors.host.services.readings import clean
from connectors.sdk import BadSettings, Connector
from connectors.sdk.secrets import MASKED, mask, secret_resolve
from connectors.sdk.signatures import BadSignature

MAX_KEY = 300
MAX_HEADERS = 100
MAX_HEADER = 2000
SAME_BODY_S = 600
"""Where a source gives no id but signs a time, the same body within this time is the same delivery."""
RING_AGAIN_S = 10
"""What comes again is worked on again this long after the last time at the earliest, however often it comes."""
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
    settings: Mapping[str, Any]

    @property
    def references(self) -> list[str]:
        """Where its webhook secrets are: the present one, and the one before it."""
        return [self.settings.get("webhook_secret") or "", self.settings.get("webhook_secret_before") or ""]


@dataclass(frozen=True)
class _Proven:
    """By what a delivery is told apart: its key, and what its signature covered, where the key is none of that.
    ``lasting``: the signature carries no time, so it may be replayed for ever."""

    key: str
    named: bool
    covered: bytes | None
    lasting: bool

    @property
    def digest(self) -> bytes | None:
        return None if self.covered is None else hashlib.sha256(self.covered).digest()


def delivery_store(*, source: str, headers: Mapping[str, str], body: bytes, path: str = "") -> Stored:
    """Verify a delivery and keep it with its work in one statement; the same delivery again is kept once.

    ``source`` is the source's name; ``headers`` have lower-case names. Raises NoDeliveries, DeliveryRefused (its
    signature does not fit) and DeliveryNotNow (it can't be verified at present), each with a sentence for its sender.
    """
    door = _door(source)
    at = timezone.now()
    proven = _verified(door, headers, body, at)
    kept = {":path": _path_kept(path), **headers_kept(headers, door.connector)}
    new = _keep(door.source_id, proven, kept, bytes_masked(body, secrets_of(door.settings)), at)
    if not new and proven.lasting:
        _ring(door.source_id, proven)
    return Stored(proven.key, new)


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
SELECT id, title, connector, settings::text FROM host_source WHERE name = %s AND enabled
"""
_KEEP = """
WITH kept AS (
    INSERT INTO host_inbound (source_id, key, headers, body, received_at, signed) VALUES (%s, %s, %s, %s, %s, %s)
    ON CONFLICT DO NOTHING RETURNING id, source_id)
INSERT INTO host_inboundwork (inbound_id, source_id, state, attempts, due_at, reason, new, malformed)
SELECT id, source_id, 'waiting', 0, now(), '', 0, 0 FROM kept
"""
# Nobody can tell a replay from a system that says the same twice. What it says is as old as the first time, so a replay
# changes nothing; what it rings for is looked up again, so a change is not missed.
_RING = """
UPDATE host_inboundwork w SET rung_at = clock_timestamp(),
    state = CASE WHEN w.state IN ('done', 'dead') THEN 'waiting' ELSE w.state END,
    attempts = CASE WHEN w.state IN ('done', 'dead') THEN 0 ELSE w.attempts END,
    due_at = CASE WHEN w.state IN ('done', 'dead')
        THEN greatest(now(), w.done_at + make_interval(secs => %(after)s)) ELSE w.due_at END
FROM host_inbound i
WHERE i.id = w.inbound_id AND i.source_id = %(source)s AND i.signed = %(signed)s AND w.state <> 'erased'
    AND (NOT %(named)s OR i.key <> %(key)s)
"""


def _door(name: str) -> _Door:
    with connection.cursor() as cursor:
        row = cursor.execute(_DOOR, [name]).fetchone() if "\x00" not in name else None
    if row is None:
        raise NoDeliveries("There is no such address. Send to /in/ and a source's name, e.g. /in/turku-warehouse/.")
    id_, title, slug, settings = row
    try:
        cls = connector_class(slug)
    except UnknownConnector as error:
        log_seldom(id_, "delivery not verified", f"Deliveries can't be taken: {error}", "error")
        raise DeliveryNotNow("This source can't be spoken for at present. Send the delivery again later.") from None
    if cls.signature is None or not cls.can("receive"):
        raise NoDeliveries(f"{title} takes no deliveries: nothing that it sends by itself could be read.")
    return _Door(id_, title, cls, json.loads(settings))


def _verified(door: _Door, headers: Mapping[str, str], body: bytes, at: datetime) -> _Proven:
    """What a delivery is, that its source has signed."""
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
    named = given or _own_id(door.connector, headers, body)
    covers = getattr(door.connector.signature, "covered", None)
    covered = covers(headers, body) if covers else None
    lasting = covered == body
    return _Proven(_key(named, body, None if lasting else at), bool(named), covered, lasting)


def _secrets(door: _Door) -> tuple[Sequence[str], str]:
    """The secrets that can be read, and what is wrong with the present one where it can't."""
    present, before = door.references
    if not present:
        return (), "Its webhook secret is not set up: save webhook_secret, e.g. env:SOURCE_SHOP_WEBHOOK."
    found, missing = [], ""
    for reference in filter(None, (present, before)):
        try:
            found.append(secret_resolve(reference))
        except BadSettings as error:
            missing = missing or (error.sentence if reference == present else "")
    return found, missing


def _not_now(door: _Door, why: str) -> DeliveryNotNow:
    log_seldom(door.source_id, "delivery not verified", f"Deliveries can't be verified, their sender keeps them. {why}")
    return DeliveryNotNow("The signature can't be checked at present. Send the delivery again later; nothing was kept.")


def _own_id(connector: type[Connector], headers: Mapping[str, str], body: bytes) -> str:
    try:
        return str(connector.delivery_id(headers, body) or "")
    except Exception:  # noqa: BLE001 a body that its connector can't read is kept all the same
        return ""


def _key(given: str, body: bytes, at: datetime | None) -> str:
    """The source's own id of the delivery, or what stands for it: the body, for a while from ``at`` or for ever."""
    if given and len(given) <= MAX_KEY and clean(given) == given and not given.startswith("sha256:"):
        return given
    if given:
        return "sha256:" + hashlib.sha256(given.encode("utf-8", "surrogatepass")).hexdigest()
    digest = hashlib.sha256(body).hexdigest()
    return f"sha256:{digest}@{int(at.timestamp()) // SAME_BODY_S}" if at else f"sha256:{digest}"


def _keep(source_id: int, proven: _Proven, headers: Mapping[str, Any], body: bytes, at: datetime) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, [source_id, proven.key, json.dumps(headers), body, at, proven.digest])
        return bool(cursor.rowcount)


def _ring(source_id: int, proven: _Proven) -> None:
    given = {"source": source_id, "signed": proven.digest, "key": proven.key, "named": proven.named,
             "after": RING_AGAIN_S}  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_RING, given)
