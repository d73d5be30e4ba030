"""What a case's events say it was like at some moment. Pure: events in, state out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from cases.views import CaseState, EventView, Verified


@dataclass
class Folded:
    """A case after some of its events."""

    state: CaseState = "open"
    owner_id: int | None = None
    owner_name: str = ""
    verified: Verified | None = None
    customer_id: int | None = None
    customer_name: str = ""
    asked: str = ""
    asked_at: datetime | None = None
    waiting_since: datetime | None = None


def fold(events: Iterable[EventView]) -> Folded:
    """Apply events in their order."""
    case = Folded()
    for event in events:
        data = event.data or {}
        if "state" in data:
            case.state = data["state"]
        if "owner" in data:
            case.owner_id, case.owner_name = int(data["owner"]), str(data.get("owner_name", ""))
        _talk(case, event)
        if event.kind == "asker.verified":
            case.verified = Verified(str(data.get("how", "")), event.actor_name, event.at)
        elif event.kind == "customer.linked":
            case.customer_id, case.customer_name = data.get("customer"), str(data.get("name", ""))
    return case


def _talk(case: Folded, event: EventView) -> None:
    data = event.data or {}
    words = data.get("message") if event.kind == "case.opened" else data.get("text")
    if event.kind in ("case.opened", "message.in"):
        if words:
            case.asked, case.asked_at = str(words), event.at
        case.waiting_since = case.waiting_since or event.at
    elif event.kind == "message.out" or case.state != "open":
        case.waiting_since = None
    elif event.kind == "state.changed" and data.get("state") == "open":
        case.waiting_since = case.waiting_since or event.at
