"""How a source proves that a delivery is its own. The host verifies; a connector only declares which scheme.

``tolerance_s`` is the window against replays, in seconds. ``verify`` is given the secrets that hold (the present one,
and the one before it while both are in use); it returns the delivery's id, or "" where the scheme carries none. It
raises BadSignature, and BadSettings where no secret can be one of this scheme.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from connectors.sdk.errors import BadSettings

TOLERANCE_S = 300.0


class BadSignature(Exception):
    """This delivery is not from its source, or it is too old; the sentence says which, without any secret."""


class Signature(Protocol):
    """What a connector's ``signature`` must be able to do."""

    def verify(
        self, headers: Mapping[str, str], body: bytes, secrets: Sequence[str], at: datetime
    ) -> str:  # pragma: no cover
        """The delivery's id. ``headers`` have lower-case names; ``at`` is now. Raises BadSignature."""
        ...

    def covered(self, headers: Mapping[str, str], body: bytes) -> bytes | None:  # pragma: no cover
        """What the signature covers, where that leaves out the id that ``verify`` gives: the same again, under any id,
        is then no second delivery. None where the id is signed too."""
        ...


@dataclass(frozen=True)
class StandardWebhooks:
    """As standardwebhooks.com has it: the headers ``webhook-id``, ``webhook-timestamp`` and ``webhook-signature``, and
    ``whsec_`` secrets."""

    tolerance_s: float = TOLERANCE_S

    def verify(self, headers: Mapping[str, str], body: bytes, secrets: Sequence[str], at: datetime) -> str:
        id_, stamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
        if not id_ or not stamp:
            raise BadSignature("Send webhook-id, webhook-timestamp and webhook-signature.")
        _in_time(stamp, at, self.tolerance_s)
        signed = f"{id_}.{stamp}.".encode() + body
        given = [part[3:] for part in headers.get("webhook-signature", "").split() if part.startswith("v1,")]
        expected = [base64.b64encode(_hmac(key, signed)).decode() for key in _whsec(secrets)]
        _one_of(given, expected)
        return id_

    def covered(self, headers: Mapping[str, str], body: bytes) -> None:
        return None

    def sign(self, id: str, at: datetime, body: bytes, secrets: Sequence[str]) -> dict[str, str]:
        """The headers of a message of ours, signed with each of these secrets. Raises BadSettings for a bad one."""
        stamp = str(int(at.timestamp()))
        made = [_hmac(key, f"{id}.{stamp}.".encode() + body) for secret in secrets for key in _whsec([secret])]
        signature = " ".join(f"v1,{base64.b64encode(one).decode()}" for one in made)
        return {"webhook-id": id, "webhook-timestamp": stamp, "webhook-signature": signature}


@dataclass(frozen=True)
class StripeScheme:
    """``Stripe-Signature: t=…,v1=…``: hex HMAC-SHA256 of ``t.body``. The id is the event's own, in the body."""

    tolerance_s: float = TOLERANCE_S

    def verify(self, headers: Mapping[str, str], body: bytes, secrets: Sequence[str], at: datetime) -> str:
        stamp = self._given(headers, "t")
        if not stamp or not stamp[0]:
            raise BadSignature("Send Stripe-Signature with t and v1.")
        _in_time(stamp[0], at, self.tolerance_s)
        signed = self.covered(headers, body)
        _one_of(self._given(headers, "v1"), [_hmac(secret.encode(), signed).hex() for secret in secrets])
        return ""

    def covered(self, headers: Mapping[str, str], body: bytes) -> bytes:
        return "".join(self._given(headers, "t")[:1]).encode() + b"." + body

    def _given(self, headers: Mapping[str, str], which: str) -> list[str]:
        parts = [part.strip().partition("=") for part in headers.get("stripe-signature", "").split(",")]
        return [value for name, _, value in parts if name == which]


@dataclass(frozen=True)
class Hmac:
    """A plain HMAC of the body in one header. ``stamp`` names a header with the time, then ``stamp.body`` is signed.

    ``encoding`` is hex or base64, ``prefix`` stands before it (GitHub: ``sha256=``), ``id`` names the header with the
    delivery's id. That header is not signed, so who replays a delivery may change it: what is signed tells deliveries
    apart too. Without ``stamp`` that is the body alone, and the same body is one delivery for ever: coming again, it is
    worked on once more, which looks up anew what it rings for, and is no later word of what it says itself.
    """

    header: str = "x-signature"
    algorithm: str = "sha256"
    encoding: str = "hex"
    prefix: str = ""
    id: str = ""
    stamp: str = ""
    tolerance_s: float = TOLERANCE_S

    def verify(self, headers: Mapping[str, str], body: bytes, secrets: Sequence[str], at: datetime) -> str:
        given = headers.get(self.header.lower(), "")
        if not given:
            raise BadSignature(f"Send {self.header} with the signature of the body.")
        if self.stamp:
            _in_time(headers.get(self.stamp.lower(), ""), at, self.tolerance_s)
        signed, expected = self.covered(headers, body), []
        for secret in secrets:
            made = _hmac(secret.encode(), signed, self.algorithm)
            text = made.hex() if self.encoding == "hex" else base64.b64encode(made).decode()
            expected.append(self.prefix + text)
        _one_of([given], expected)
        return headers.get(self.id.lower(), "") if self.id else ""

    def covered(self, headers: Mapping[str, str], body: bytes) -> bytes:
        return headers.get(self.stamp.lower(), "").encode() + b"." + body if self.stamp else body


def _hmac(secret: bytes, signed: bytes, algorithm: str = "sha256") -> bytes:
    return hmac.new(secret, signed, getattr(hashlib, algorithm)).digest()


def _whsec(secrets: Sequence[str]) -> list[bytes]:
    """The keys of those that are whsec_ secrets. Raises BadSettings where none is."""
    keys = []
    for secret in secrets:
        try:
            key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
        except (binascii.Error, ValueError):
            continue
        if key:  # anybody can sign with an empty one
            keys.append(key)
    if not keys:
        raise BadSettings("The webhook secret must be a whsec_ secret: whsec_ and then base64.")
    return keys


def _one_of(given: Sequence[str], expected: Sequence[str]) -> None:
    if not any(hmac.compare_digest(a.encode(), b.encode()) for a in given for b in expected):
        raise BadSignature("The signature does not fit the body and the secret.")


def _in_time(stamp: str, at: datetime, tolerance_s: float) -> None:
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12):
        raise BadSignature("The time of the signature must be in whole seconds since 1970.")
    if abs(at.timestamp() - int(stamp)) > tolerance_s:
        raise BadSignature(f"The signature's time is more than {tolerance_s:g} s from ours: check both clocks.")
