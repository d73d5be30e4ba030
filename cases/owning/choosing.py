"""The case that a person should turn to, and the reason in a sentence. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cases.views.owning import NextCase

NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Standing:
    """What speaks for turning to a case now."""

    reference: str
    person: str
    opened_at: datetime
    offer: int | None = None
    """The offer that makes it theirs; None where it is."""
    waiting_since: datetime | None = None
    promise_at: datetime | None = None
    """When its first open promise is due."""
    promise: str = ""
    broken: int = 0
    """How many statements to the customer hold no longer."""


Reason = tuple[int, datetime, str]


def choose(standings: Iterable[Standing], at: datetime, but: str = "") -> NextCase | None:
    """A late promise first, then a statement that no longer holds, then who waits longest, then the next promise due,
    then the oldest. Nobody picks: the order is the same for everybody. ``but`` leaves one case out."""
    everyone = list(standings)
    waiting = sum(s.offer is None and s.waiting_since is not None for s in everyone)
    found = [s for s in everyone if s.reference != but]
    if not found:
        return None
    # A case that is theirs comes before an equal one that is only offered.
    first = min(found, key=lambda s: (*_reason(s, at)[:2], s.offer is not None, int(s.reference)))
    return NextCase(first.reference, _words(first, at, waiting), _reason(first, at)[2], first.offer, len(found))


def _reason(s: Standing, at: datetime) -> Reason:
    if s.promise_at is not None and s.promise_at <= at:
        return 0, s.promise_at, "promise-late"
    if s.broken:
        return 1, s.waiting_since or s.opened_at, "told-broken"
    if s.waiting_since is not None:
        return 2, s.waiting_since, "waiting"
    if s.promise_at is not None:
        return 3, s.promise_at, "promise-due"
    return 4, s.opened_at, "oldest"


def _words(s: Standing, at: datetime, waiting: int) -> str:
    """``waiting`` are those in the person's own queue, as the queue counts them."""
    who, what = s.person or "The customer", f": {s.promise}" if s.promise else ""
    longest = f", longest of {waiting}" if waiting > 1 and s.offer is None else ""
    match _reason(s, at)[2]:
        case "promise-late":
            return f"A promise to {s.person or 'the customer'} is {span(at - s.promise_at)} late{what}"  # type: ignore[operator]
        case "told-broken":
            return f"What {s.person or 'the customer'} was told no longer holds"
        case "waiting":
            return f"{who} has waited {span(at - s.waiting_since)}{longest}"  # type: ignore[operator]
        case "promise-due":
            return f"The next promise is due in {span(s.promise_at - at)}{what}"  # type: ignore[operator]
    return f"Nobody waits; the case of {s.person or 'this customer'} has been open longest"


def span(length: timedelta) -> str:
    """The largest unit alone: ``under a minute``, ``47 min``, ``3 h``, ``2 days``."""
    minutes = max(0, int(length.total_seconds())) // 60
    if minutes < 1:
        return "under a minute"
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 48 * 60:
        return f"{minutes // 60} h"
    return f"{minutes // (24 * 60)} days"
