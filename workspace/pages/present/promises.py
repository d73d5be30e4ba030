"""Promises as pages show them: by when, in whose words, and what a day holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cases.views import CaseView, Day, PromiseView
from workspace.pages.present import words

KEEPS = {
    "refund.paid": "the refund is paid", "return.received": "the parcel is back",
    "return.inspected": "it was inspected",
    "shipment.dispatched": "the parcel has left", "shipment.delivered": "the parcel has arrived",
    "order.cancelled": "the order is cancelled", "credit_note.issued": "the credit note is issued",
}  # fmt: skip
"""Facts that a promise can wait for, in words that follow "kept by itself when"."""
TOLD = {"phone": "By phone", "letter": "By letter or e-mail", "chat": "In chat", "in_person": "In person"}
ENDED = {"kept": "Kept", "broken": "Not kept", "withdrawn": "Withdrawn", "renegotiated": "New time agreed"}
SHOWN_ENDED = 3


@dataclass(frozen=True)
class Shown:
    """One promise on a page."""

    promise: PromiseView
    late: bool
    due: str
    keeps: str
    ended: str

    @property
    def why(self) -> str:
        return str(self.promise.evidence.get("why") or "")


@dataclass(frozen=True)
class Promises:
    open: tuple[Shown, ...]
    ended: tuple[Shown, ...]

    @property
    def count(self) -> int:
        return len(self.open)


def promises(view: CaseView) -> Promises:
    """Open ones, and the few that ended last."""
    found = [shown(p, view.at) for p in view.promises]
    return Promises(
        tuple(s for s in found if s.promise.state == "open"),
        tuple(s for s in found if s.promise.state != "open")[:SHOWN_ENDED],
    )


def shown(promise: PromiseView, at: datetime) -> Shown:
    late = promise.is_late(at)
    keeps = KEEPS.get(promise.keeps_kind, promise.keeps_kind)
    return Shown(promise, late, due(promise.due_at, at), keeps, ENDED.get(promise.state, ""))


def ticks_in(post: Any) -> dict[str, Any]:
    """What the writer of a reply has unticked, and which promise each of the others is in place of, as the form says:
    kept while the words are read again."""
    pairs = zip(post.getlist("promise-said"), post.getlist("promise-instead"), strict=False)
    return {
        "unticked": set(post.getlist("promise-seen")) - set(post.getlist("promised")),
        "instead": {words: int(id_) for words, id_ in pairs if id_.isdecimal() and len(id_) < 19},
    }


def due(when: datetime, at: datetime) -> str:
    """``by 15:00 today``, ``by the end of Fri 27 Nov``; ``was due yesterday, 15:00`` once it is over."""
    local, today = words.local(when), words.local(at).date()
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}.get((local.date() - today) // timedelta(days=1), "")
    day = near or words.day(when, at)
    whole = (local.hour, local.minute) == (23, 59)
    if when <= at:
        return f"was due {day}" if whole else f"was due {day}, {words.clock(when)}"
    if whole:
        return f"by the end of {day}"
    return f"by {words.clock(when)} {near}" if near else f"by {day}, {words.clock(when)}"


def strip(day: Day) -> str:
    """``Today: 3 promises, next 14:00``; what is late comes first. Empty where there is nothing to say."""
    late, today = len(day.late), len(day.today)
    parts = [f"{late} promise{'s' * (late > 1)} late"] if late else []
    if today:
        first = day.today[0].promise.due_at
        whole = (words.local(first).hour, words.local(first).minute) == (23, 59)
        next_ = "by tonight" if whole else f"next {words.clock(first)}"
        parts.append(f"Today: {today} promise{'s' * (today > 1)}, {next_}")
    return " · ".join(parts)
