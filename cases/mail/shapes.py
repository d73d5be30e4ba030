"""What a letter says, taken apart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True)
class Attached:
    """One attachment. ``name`` is fit for a file: no path, no control characters."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True)
class Bounce:
    """A mail system's report about a letter of ours. ``reason`` is its own words, on one line."""

    action: Literal["failed", "delayed", "delivered"]
    recipient: str
    reason: str
    original_ids: tuple[str, ...]
    """Message-IDs of the letter that came back, without angle brackets."""


@dataclass(frozen=True)
class Letter:
    """Addresses are lower-cased; ids come without angle brackets; texts hold no NUL and no half characters."""

    message_id: str = ""
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    """Oldest first, as the header has them."""
    sender: str = ""
    sender_name: str = ""
    reply_to: tuple[str, ...] = ()
    """Where its writer asks replies to go, where that is not the sender's own address."""
    to: tuple[str, ...] = ()
    subject: str = ""
    sent_at: datetime | None = None
    """By the sender's clock."""
    text: str = ""
    """What is new in it."""
    quoted: str = ""
    """Earlier letters that it repeats."""
    signature: str = ""
    files: tuple[Attached, ...] = ()
    automatic: str = ""
    """Why it is taken for a program's own answer; empty where a person wrote it."""
    bounce: Bounce | None = None
    problems: tuple[str, ...] = ()
    """What could not be read, in sentences."""

    @property
    def answers(self) -> tuple[str, ...]:
        """The ids of letters that it follows, nearest first."""
        return tuple(dict.fromkeys((*self.in_reply_to, *reversed(self.references))))
