"""What is read from a customer's words, and kept so that nobody asks for it again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from connectors.sdk import Ref

PinKind = Literal["ref", "identity", "wish", "time", "sent", "change", "detail"]


@dataclass(frozen=True)
class RefFound:
    """A reference in a text. ``by`` is the source whose pattern found it; empty where it merely looks like one."""

    ref: Ref
    span: tuple[int, int]
    text: str
    by: str = ""


@dataclass(frozen=True)
class Told:
    """One thing that a message tells, read from its words alone. Of two with the same ``key`` the later one counts."""

    key: str
    """What it is about: ``order``, ``email``, ``call``, ``channel``, ``photos``, ``address`` …"""
    kind: PinKind
    what: str
    """For people: "Order 48-1193", "Asked not to be called"."""
    words: str
    """The sentence in which it was told."""
    span: tuple[int, int]
    ref: str = ""


@dataclass(frozen=True)
class Pinned:
    """Something that the customer has told already, with the words, when and where."""

    key: str
    kind: PinKind
    what: str
    words: str
    at: datetime
    reference: str
    """The case in which it was told."""
    event: int
    """The id of the event that holds the words."""
    ref: str = ""
    here: bool = True
    """True where it was told in this case, not in an earlier one."""

    def as_json(self) -> dict[str, Any]:
        return {
            "key": self.key, "kind": self.kind, "what": self.what, "words": self.words, "at": self.at.isoformat(),
            "reference": self.reference, "event": self.event, "ref": self.ref or None, "here": self.here,
        }  # fmt: skip


@dataclass(frozen=True)
class Proposal:
    """The question that a message asks, as its words say. ``evidence`` are the words that speak for it."""

    question: str
    title: str
    evidence: tuple[str, ...]
    score: float
    others: tuple[str, ...] = ()
    """Further questions that some of the words speak for, the likeliest first."""
    refs: tuple[Ref, ...] = ()
    """References of a matter that stand in the text."""

    def as_json(self) -> dict[str, Any]:
        return {"question": self.question, "title": self.title, "evidence": list(self.evidence),
                "others": list(self.others), "refs": [str(r) for r in self.refs]}  # fmt: skip
