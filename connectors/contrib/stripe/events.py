"""Stripe's events: what has happened since, and which payment each is about.

An event carries its object as it was then, in the version of the API that was the account's then. So events only
ring: the payment they are about is read anew.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime

from connectors.contrib.stripe.api import Api
from connectors.contrib.stripe.reading import Obj, id_of, obj_of
from connectors.sdk import Unreadable

EVENTS = (
    "payment_intent.succeeded", "payment_intent.payment_failed", "charge.captured", "charge.refunded",
    "charge.refund.updated", "refund.created", "refund.updated", "refund.failed", "charge.dispute.created",
    "charge.dispute.updated", "charge.dispute.closed",
)  # fmt: skip
"""Everything that can alter a fact that this connector reads."""
KEPT_S = 30 * 24 * 3600
"""How long Stripe keeps events."""
WINDOW_S = 6 * 3600
"""Lists come newest first, so each stretch of time is read whole before the next; this keeps a long one in memory."""
AT_ONCE = 20

Cursor = tuple[int, list[str]]
"""The second of the last event read, and the ids of the events within ``overlap_s`` before it."""


def cursor_read(text: str) -> Cursor:
    last, known = json.loads(text)
    return int(last), list(known)


def cursor_write(last: int, events: Sequence[Obj] = (), overlap_s: float = 0) -> str:
    return json.dumps([last, sorted({e["id"] for e in events if e["created"] >= last - overlap_s})])


def cursor_at(since: datetime | None) -> str:
    """All that Stripe still tells, where ``since`` is None or longer ago than that."""
    return cursor_write(int(since.timestamp()) if since else 0)


def newest(api: Api) -> list[Obj]:
    return api.first("/v1/events", [("limit", 1)])


def batches(api: Api, cursor: str, overlap_s: float) -> Iterator[tuple[list[Obj], str]]:
    """Events in order of time, a few at a time, each batch with the cursor that covers it.

    Stripe may show an event some seconds after another with a later time, so the last ``overlap_s`` are read again.
    """
    last, known = cursor_read(cursor)
    tip = max((e["created"] for e in newest(api)), default=last)
    start = max(last - int(overlap_s), tip - KEPT_S)
    recent: list[Obj] = [{"id": id, "created": last} for id in known]
    while start <= tip:
        end = start + WINDOW_S
        params = [("created[gte]", start), *([("created[lt]", end)] if end <= tip else [])]
        params += [("types[]", name) for name in EVENTS]
        seen = {e["id"] for e in recent}
        events = [e for page in api.pages("/v1/events", params) for e in page if e["id"] not in seen]
        events.sort(key=lambda e: e["created"])
        for n in range(0, len(events), AT_ONCE):
            batch = events[n : n + AT_ONCE]
            last = max(last, batch[-1]["created"])
            recent = [e for e in [*recent, *batch] if e["created"] >= last - overlap_s]
            yield batch, cursor_write(last, recent, overlap_s)
        start = end
        if end <= tip:
            last = max(last, end - 1)
            recent = [e for e in recent if e["created"] >= last - overlap_s]
            yield [], cursor_write(last, recent, overlap_s)


def about(event: Obj) -> str:
    """The id of the payment (intent or charge) that an event is about; empty where it is about none."""
    if str(event.get("type")) not in EVENTS:
        return ""
    changed = obj_of(obj_of(event.get("data")).get("object"))
    if changed.get("object") == "payment_intent":
        return id_of(changed)
    return id_of(changed.get("payment_intent")) or id_of(changed.get("charge")) or id_of(changed)


def delivered(body: bytes) -> Obj:
    """The event that a webhook's body is. Raises Unreadable."""
    try:
        event = json.loads(body)
    except ValueError:
        event = None
    if not isinstance(event, dict) or event.get("object") != "event" or not id_of(event):
        raise Unreadable("Stripe delivered something other than an event.", "no object of kind event with an id")
    return event
