"""What is read from words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

PromiseKind = Literal["call", "write", "money", "goods", "look", "do"]


@dataclass(frozen=True)
class Due:
    """An instant by which something is to be done, and how it was read."""

    at: datetime
    """In UTC; never before the instant of reading."""
    rule: str
    """The name of the phrase's rule, e.g. ``within-business-days``."""
    phrase: str
    start: int = 0
    end: int = 0
    """Where the phrase stands in the text."""


@dataclass(frozen=True)
class Unread:
    """Words about time that name no time which can be held to: ``ask`` is the sentence for the writer."""

    phrase: str
    ask: str
    start: int = 0
    end: int = 0


@dataclass(frozen=True)
class PromiseFound:
    """Something that a text promises its reader."""

    text: str
    start: int
    end: int
    kind: PromiseKind
    what: str
    """In a colleague's words: "Call the customer"."""
    due: Due | None = None
    ask: str = ""
    """Where no time could be read: what to ask the writer for."""
    keeps_kind: str = ""
    """A fact of this kind would keep it."""


@dataclass(frozen=True)
class Promised:
    """A promise that its writer has confirmed: what ``message_send`` hands on."""

    what: str
    due_at: datetime
    phrase: str = ""
    rule: str = "given"
    zone: str = ""
    """Empty: the case's own."""
    keeps_kind: str = ""
    keeps_ref: str = ""
    owner_id: int | None = None
    """None: the case's owner."""
    follows: int | None = None
    """The open promise whose place it takes."""
