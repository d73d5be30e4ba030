"""What a customer was told, as it stood at some moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from cases.told.shapes import Said

ToldState = Literal["holds", "broken", "settled"]


@dataclass(frozen=True)
class Recipient:
    """Somebody that a message went to; ``how`` is to, cc or bcc."""

    ref: str
    how: str = "to"


@dataclass(frozen=True)
class ToldView:
    """One statement: words, who was sent them, what they claimed, and whether that still agrees with the facts."""

    id: int
    event: int
    at: datetime
    words: str
    channel: str
    by: str
    recipients: tuple[Recipient, ...]
    claims: tuple[Mapping[str, Any], ...]
    said: tuple[Said, ...]
    """Every typed claim of the words: those of the answer's sentences and the writer's own."""
    kept: tuple[Mapping[str, Any], ...]
    helped: str
    state: ToldState = "holds"
    against: tuple[Mapping[str, Any], ...] = ()
    """What speaks against it: ``cases.told.Contradiction.as_json()`` each."""
    correction: str = ""
    """The drafted correction, while it is broken."""
    changed_at: datetime | None = None
    """Since when it is in this state."""
