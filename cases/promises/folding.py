"""A case's promises as its events tell them: what the past shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from cases.views import EventView, PromiseView

ENDS = ("kept", "broken", "withdrawn", "renegotiated")


def promises_of(events: Iterable[EventView]) -> tuple[PromiseView, ...]:
    """Open ones first by when they are due, then those that ended, the last first."""
    found: dict[int, PromiseView] = {}
    for event in events:
        if event.kind.startswith("commitment.") and event.data:
            _apply(found, event, event.data)
    now = sorted((p for p in found.values() if p.state == "open"), key=lambda p: (p.due_at, p.id))
    ended = [p for p in found.values() if p.state != "open"]
    return (*now, *sorted(ended, key=lambda p: (p.ended_at or p.made_at, p.id), reverse=True))


def _apply(found: dict[int, PromiseView], event: EventView, data: Mapping[str, Any]) -> None:
    what = event.kind.removeprefix("commitment.")
    if what == "made":
        found[int(data["commitment"])] = _made(event, data)
    elif what == "moved":
        for id_ in data.get("commitments", ()):
            if id_ in found:
                owner = str(data.get("promise_owner_name", ""))
                found[id_] = replace(found[id_], owner_id=int(data["promise_owner"]), owner=owner)
    elif (one := found.get(int(data.get("commitment", 0)))) is not None:
        if what in ENDS:
            evidence = {k: v for k, v in data.items() if k not in ("commitment", "what")}
            found[one.id] = replace(
                one, state=what, ended_at=event.at, ended_by=event.actor_name, evidence=evidence  # type: ignore[arg-type]
            )  # fmt: skip
        elif what == "escalated":
            found[one.id] = replace(one, escalated_at=event.at)


def _made(event: EventView, data: Mapping[str, Any]) -> PromiseView:
    return PromiseView(
        id=int(data["commitment"]), what=str(data.get("what", "")), phrase=str(data.get("phrase", "")),
        due_at=datetime.fromisoformat(str(data["due_at"])).astimezone(UTC), zone=str(data.get("zone", "UTC")),
        rule=str(data.get("rule", "")), owner_id=int(data["promise_owner"]),
        owner=str(data.get("promise_owner_name", "")), made_at=event.at, made_by=event.actor_name,
        keeps_kind=str(data.get("keeps_kind", "")), keeps_ref=str(data.get("keeps_ref", "")),
        follows=data.get("follows"),
    )  # fmt: skip
