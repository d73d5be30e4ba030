"""What others did while somebody was writing. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from cases.actors import Actor
from cases.views import EventView


def replies_since(events: Iterable[EventView], since_seq: int, actor: Actor) -> tuple[EventView, ...]:
    """Replies of others to the customer after this event, oldest first."""
    return tuple(
        e for e in events
        if e.kind == "message.out" and e.seq > since_seq and (e.actor_kind, e.actor) != (actor.kind, actor.id)
    )  # fmt: skip
