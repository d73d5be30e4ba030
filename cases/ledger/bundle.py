"""A case as a bundle that anybody can verify without us: its shape, and what signs it. Pure.

``{format, case, as_of, made_at, made_by, notes, events, facts, raw_rows, checks, statements, heads, anchors, keys,
signature}``. Each entry of facts, raw rows, checks and statements is ``{row, content, salt, content_digest, proof,
left_out}``: ``row`` and the salted digest of the content are what its leaf is made of, ``proof`` leads from there to
the root that the anchor of its day signs. Content that is left out keeps its digest; ``left_out`` says why.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cases.ledger.anchors import body_digest, message
from cases.ledger.keys import SigningKey

FORMAT = "throughline-bundle/1"
INTERNAL = ("note", "call.noted", "handover.", "review.", "owner.changed", "draft.")
"""Kinds of events, or how they begin, whose words are for colleagues alone."""
NOTE, ERASED, MASKED = "internal note", "erased", "masked"


def is_internal(kind: str) -> bool:
    return any(kind == one or (one.endswith(".") and kind.startswith(one)) for one in INTERNAL)


def bundle_signed(bundle: Mapping[str, Any], key: SigningKey | None) -> dict[str, Any]:
    """The bundle with its signature; None stands for it where there is no key."""
    plain = {name: value for name, value in bundle.items() if name != "signature"}
    if key is None:
        return {**plain, "signature": None}
    made = {"key": key.id, "public": key.public, "digest": body_digest(plain), "signature": key.sign(message(plain))}
    return {**plain, "signature": made}
