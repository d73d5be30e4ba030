"""How the events of a case are chained. Pure: digests in, digests out.

A payload's digest is salted and stands beside the payload, so erasing payload and salt leaves the chain whole.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any


def canonical(value: Any) -> str:
    """One spelling for one JSON value."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def payload_digest(salt: str, data: Mapping[str, Any]) -> str:
    return hashlib.sha256((salt + canonical(data)).encode()).hexdigest()


def told_digest(words: str, claims: Any, unchecked: Any, more: Mapping[str, Any] | None = None) -> str:
    """What ties a statement to its event, and so to the chain: over its words, claims and unchecked words, and, since
    they are recorded, over ``more``: what was said, kept, helped, and who was sent it."""
    return hashlib.sha256(canonical([words, claims, unchecked, *([more] if more else [])]).encode()).hexdigest()


@dataclass(frozen=True)
class Link:
    """The columns of one event that its digest covers, and its payload where that still exists."""

    case: int
    seq: int
    kind: str
    actor_kind: str
    actor: str
    at: datetime
    prev_digest: str
    payload_digest: str
    digest: str = ""
    salt: str | None = None
    data: Mapping[str, Any] | None = None

    def computed(self) -> str:
        """What the digest must be."""
        return hashlib.sha256(
            canonical(
                {
                    "case": self.case, "seq": self.seq, "kind": self.kind,
                    "actor": [self.actor_kind, self.actor],
                    "at": self.at.astimezone(UTC).isoformat(timespec="microseconds"),
                    "prev_digest": self.prev_digest, "payload_digest": self.payload_digest,
                }
            ).encode()
        ).hexdigest()  # fmt: skip


@dataclass(frozen=True)
class Verdict:
    """Whether a chain holds. ``fault`` says where it first does not; ``erased`` counts payloads lawfully gone."""

    events: int
    erased: int
    fault: str = ""
    head: str = ""
    """Digest of the newest event."""

    @property
    def intact(self) -> bool:
        return not self.fault


def verify(links: Iterable[Link], lawful: Callable[[Link], bool] = lambda link: link.data is None) -> Verdict:
    """Walk a chain from its first event. ``lawful`` is asked of a link whose content is not there, or not the one that
    was written, whether that went by an erasure on record; by itself it takes missing content for erased."""
    count, erased, head = 0, 0, ""
    for count, link in enumerate(links, start=1):
        fault = _fault(link, count, head)
        if fault:
            return Verdict(count, erased, fault, head)
        content = _content_fault(link)
        if content and not lawful(link):
            return Verdict(count, erased, content, head)
        erased += bool(content)
        head = link.digest
    return Verdict(count, erased, "", head)


def _fault(link: Link, expected_seq: int, head: str) -> str:
    if link.seq != expected_seq:
        return f"Event {expected_seq} is missing: the next one is numbered {link.seq}."
    if link.prev_digest != head:
        return f"Event {link.seq} does not continue the event before it."
    if link.digest != link.computed():
        return f"Event {link.seq} was changed after it was written."
    return ""


def _content_fault(link: Link) -> str:
    if link.data is None:
        return f"The content of event {link.seq} is gone, and no erasure is on record."
    if payload_digest(link.salt or "", link.data) != link.payload_digest:
        return f"The content of event {link.seq} was changed after it was written."
    return ""
