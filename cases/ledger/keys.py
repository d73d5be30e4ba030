"""Ed25519 keys as the ledger writes them: hexadecimal, and an id of sixteen digits made from the public half."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

_HEX = re.compile(r"[0-9a-f]{64}")


class BadKey(Exception):
    """What should be a key is none; the sentence says what would be."""


@dataclass(frozen=True)
class SigningKey:
    """The private half; it is never printed."""

    private: Ed25519PrivateKey

    def __repr__(self) -> str:
        return f"<SigningKey {self.id}>"

    @property
    def public(self) -> str:
        return self.private.public_key().public_bytes_raw().hex()

    @property
    def id(self) -> str:
        return key_id(self.public)

    def sign(self, message: bytes) -> str:
        return self.private.sign(message).hex()


def key_id(public: str) -> str:
    return hashlib.sha256(bytes.fromhex(public)).hexdigest()[:16]


def key_new() -> str:
    """A new private key, as text that ``key_read`` reads."""
    return Ed25519PrivateKey.generate().private_bytes_raw().hex()


def key_read(text: str) -> SigningKey:
    """A private key from 64 hexadecimal digits or from PEM (``openssl genpkey -algorithm ed25519``). Raises BadKey,
    which does not repeat it."""
    text = text.strip()
    if _HEX.fullmatch(text.lower()):
        return SigningKey(Ed25519PrivateKey.from_private_bytes(bytes.fromhex(text)))
    try:
        found = load_pem_private_key(text.encode(), None)
    except (ValueError, TypeError) as error:
        what = "The ledger's key must be an Ed25519 key: PEM without a password, or 64 hexadecimal digits."
        raise BadKey(what) from error
    if not isinstance(found, Ed25519PrivateKey):
        raise BadKey("The ledger's key is of another kind: make one with `openssl genpkey -algorithm ed25519`.")
    return SigningKey(found)


def signed_by(public: str, signature: str, message: bytes) -> bool:
    """Whether this public key's owner signed this."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(bytes.fromhex(signature), message)
    except (InvalidSignature, ValueError):
        return False
    return True
