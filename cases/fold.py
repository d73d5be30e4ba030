"""What a case's events say it was like at some moment. Pure: events in, state out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from cases.views import CaseState, EventView, OfferView, Verified

LINKING = ("customer.linked", "customer.chosen")
"""Events that say whose case it is."""


@dataclass
class Folded:
    """A case after some of its events."""

    state: CaseState = "open"
    owner_id: int | None = None
    owner_name: str = ""
    verified: Verified | None = None
    customer_id: int | None = None
    customer_name: str = ""
    apart: tuple[int, ...] = ()
    """Customers of whom somebody has said that they are others than this case's."""
    asked: str = ""
    asked_at: datetime | None = None
    waiting_since: datetime | None = None
    waited_before: datetime | None = None
    """Since when they waited until the last reply: taken back, it was none."""
    offer: OfferView | None = None
    chosen: str = "given"
    chosen_by: tuple[str, ...] = ()
    """The words from which the question was read."""


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
        if event.kind.startswith("handover."):
            case.offer = _offer(event) if event.kind == "handover.offered" and data else None
        if event.kind in ("case.opened", "question.changed"):
            case.chosen, case.chosen_by = str(data.get("chosen", "given")), tuple(data.get("evidence", ()))
        if event.kind == "asker.verified" and data:
            case.verified = Verified(str(data.get("how", "")), event.actor_name, event.at)
        elif event.kind in LINKING:
            case.customer_id, case.customer_name = data.get("customer"), str(data.get("name", ""))
            case.apart = tuple(data.get("others", ()))
    return case


def _offer(event: EventView) -> OfferView:
    data = event.data or {}
    return OfferView(
        id=int(data["offer"]), from_id=int(data["from"]), from_name=str(data["from_name"]), to_id=data.get("to"),
        to_team=str(data.get("team") or ""), to_name=str(data["to_name"]), why=str(data["why"]), offered_at=event.at,
        expires_at=datetime.fromisoformat(data["expires_at"]), seq=event.seq,
    )  # fmt: skip


def _talk(case: Folded, event: EventView) -> None:
    data = event.data or {}
    words = data.get("message") if event.kind == "case.opened" else data.get("text")
    if event.kind in ("case.opened", "message.in"):
        if words:
            case.asked, case.asked_at = str(words), event.at
        case.waiting_since = case.waiting_since or event.at
    elif event.kind == "message.out" or case.state != "open":
        case.waited_before, case.waiting_since = case.waiting_since or case.waited_before, None
    elif event.kind == "message.withdrawn":
        case.waiting_since = case.waiting_since or case.waited_before or event.at
    elif _calls(event):
        case.waiting_since = case.waiting_since or event.at


def _calls(event: EventView) -> bool:
    """Somebody is to look: a third party wrote, a letter did not arrive, what was told broke, it is open again."""
    data = event.data or {}
    told = {"message.delivery": data.get("delivery") == "failed", "state.changed": data.get("state") == "open"}
    return event.kind in ("message.third_party", "told.broken") or told.get(event.kind, False)
