"""The state of the ledger, and who looked at whose data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class AnchorView:
    """One signed day."""

    day: date
    number: int
    events: int
    rows: int
    """Everything else that was recorded on it."""
    digest: str
    key: str
    made_at: datetime


@dataclass(frozen=True)
class RunView:
    """A verification. ``state``: waiting, running, intact, broken or failed; ``sentence`` says what it found."""

    state: str
    sentence: str
    looked_at: str
    """How much was looked at, as the end of a sentence."""
    erased: str
    asked_by: str
    asked_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True)
class LedgerView:
    """``last`` is the newest verification that came to its end, ``now`` the one that is under way."""

    last: RunView | None
    now: RunView | None
    anchors: tuple[AnchorView, ...]
    anchored: int
    key: str
    """The id of the key that signs; empty where none is set."""
    waiting_days: int
    """Days that are over and not anchored."""


@dataclass(frozen=True)
class LookView:
    """Somebody saw personal data. ``id`` is ``v…`` for a look at a case's page and ``a…`` for any other."""

    id: str
    at: datetime
    who: str
    what: str
    cases: tuple[str, ...]
    customers: tuple[tuple[int, str], ...]
    refs: tuple[str, ...]
    why: str
    route: str
    deed: bool = False
    """``what`` says what was done (took a bundle of the case), not what was seen (the case)."""
