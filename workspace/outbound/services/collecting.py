"""Events become notices: each event once for each subscription, whatever dies in between."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from cases.selectors import event_kinds, events_since
from connectors.host.selectors import moment
from workspace.outbound.models import Notice, Position, Subscription

AT_ONCE = 500
KEPT = timedelta(days=30)
"""So long a notice that has ended stays in the log."""
NEVER = frozenset({"answer.shown", "case.viewed"})
"""Who looked at what is nobody's business outside."""
KINDS = tuple(kind for kind in event_kinds() if kind not in NEVER)


@transaction.atomic
def notices_collect() -> int:
    """Turn what happened since the last time into notices; returns how many were made.

    Events are taken in the order of the record's clock, which agrees with the order of commits: none can turn up
    behind the position. Two that run at once do the work of one (the position's row is locked).
    """
    now = moment()[1]
    Position.objects.get_or_create(pk=1, defaults={"at": now})
    position = Position.objects.select_for_update().get(pk=1)
    wanted = list(Subscription.objects.filter(enabled=True))
    events = events_since(position.at, AT_ONCE, kinds=sorted({kind for s in wanted for kind in s.events}))
    notices = [
        Notice(subscription=s, event_id=e["id"], kind=e["kind"], at=e["at"], body=body_of(e), due_at=now)
        for e in events
        for s in wanted
        if e["kind"] in s.events and e["at"] > s.since
    ]
    Notice.objects.bulk_create(notices, ignore_conflicts=True)
    position.at = events[-1]["at"] if events else position.at
    position.save()
    old = Notice.objects.filter(~Q(state="waiting"), done_at__lt=now - KEPT)
    Notice.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:AT_ONCE])).delete()
    return len(notices)


def body_of(event: Mapping[str, Any]) -> str:
    """What is sent of an event, as Standard Webhooks has it: type, timestamp, and what programs may read."""
    at: datetime = event["at"]
    said = {"case": event["case"], "event": event["id"], "actor": event["actor_kind"], **event["data"]}
    told = {"type": event["kind"], "timestamp": at.isoformat(), "data": said}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))
