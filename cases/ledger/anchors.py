"""Anchors: one signed digest a day over everything that was recorded on it, and over the anchor before. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypedDict

from cases.chain import canonical
from cases.ledger.keys import signed_by

FORMAT = "throughline-anchor/1"


class Counted(TypedDict):
    """One kind's digest of a day: how many rows, and the root over them."""

    count: int
    root: str


class Body(TypedDict):
    """What is signed. ``number`` counts from 1 without gaps, ``previous`` is the digest of the anchor before."""

    format: str
    number: int
    day: str
    previous: str
    digests: dict[str, Counted]
    key: str


@dataclass(frozen=True)
class Signed:
    """An anchor as it is kept and exported."""

    body: Mapping[str, Any]
    digest: str
    key: str
    signature: str

    @property
    def day(self) -> str:
        return str(self.body.get("day", ""))

    @property
    def number(self) -> int:
        return int(self.body.get("number", 0))

    def as_json(self) -> dict[str, Any]:
        return {"body": dict(self.body), "digest": self.digest, "key": self.key, "signature": self.signature}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Signed:
        """Raises KeyError or TypeError where it is none."""
        return cls(dict(kept["body"]), str(kept["digest"]), str(kept["key"]), str(kept["signature"]))


def message(body: Mapping[str, Any]) -> bytes:
    """The bytes that are signed."""
    return canonical(body).encode()


def body_digest(body: Mapping[str, Any]) -> str:
    return hashlib.sha256(message(body)).hexdigest()


def endorsement(key: str, public: str) -> bytes:
    """What one key signs to say which comes after it."""
    return canonical(["throughline-key/1", key, public]).encode()


def walk(
    anchors: Iterable[Signed], keys: Mapping[str, str], before: Signed | None = None
) -> Iterator[tuple[Signed, str]]:
    """Each anchor with what is wrong with it, in words, empty where nothing is; ends behind the first fault.

    ``keys`` are public keys by id. ``before`` is the anchor from which on they are walked.
    """
    for anchor in anchors:
        fault = _fault(anchor, keys, before)
        yield anchor, fault
        if fault:
            return
        before = anchor


def _fault(anchor: Signed, keys: Mapping[str, str], before: Signed | None) -> str:
    number, previous = (before.number + 1, before.digest) if before else (1, "")
    if anchor.number != number:
        return f"Anchor {number} is missing: the next one, of {anchor.day}, is numbered {anchor.number}."
    if before and date.fromisoformat(anchor.day) != date.fromisoformat(before.day) + timedelta(days=1):
        return f"Anchor {number} is of {anchor.day}, which is not the day after {before.day}."
    if anchor.digest != body_digest(anchor.body):
        return f"The anchor of {anchor.day} was changed after it was signed."
    if anchor.body.get("previous") != previous:
        return f"The anchor of {anchor.day} does not continue the one before it."
    if anchor.body.get("key") != anchor.key or anchor.key not in keys:
        return f"The anchor of {anchor.day} is signed by the key {anchor.key}, which nobody knows."
    if not signed_by(keys[anchor.key], anchor.signature, message(anchor.body)):
        return f"The signature of the anchor of {anchor.day} is not by the key {anchor.key}."
    return ""


def compared(anchor: Signed, kept: Signed) -> str:
    """What is wrong where an anchor is not the one that was kept elsewhere; empty where it is the same."""
    if anchor.key != kept.key:
        return f"The anchor of {kept.day} was signed again by another key: {anchor.key} instead of {kept.key}."
    if anchor != kept:
        return f"The anchor of {kept.day} is not the one that was exported."
    return ""
