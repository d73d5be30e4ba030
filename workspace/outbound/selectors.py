"""Reads of subscriptions and their log."""

from __future__ import annotations

import json
from typing import Any

from django.db.models import Count, Q

from workspace.access.fields import hidden
from workspace.access.masks import DOTS
from workspace.outbound.errors import UnknownSubscription
from workspace.outbound.models import Notice, Subscription

LOG = 50
OPEN = frozenset({"case", "event", "actor", "state", "channel", "question"})
"""What everybody may read of what is sent: it holds nobody's words."""


def subscriptions_list() -> list[dict[str, Any]]:
    """Every subscription with how many of its notices wait and were given up. Never a secret, only its reference."""
    return [_shape(s) for s in _counted().order_by("pk")]


def subscription_get(id: int) -> dict[str, Any]:
    """One subscription, in the same shape. Raises UnknownSubscription."""
    found = _counted().filter(pk=id).first()
    if found is None:
        raise UnknownSubscription(f"There is no subscription {id}.")
    return _shape(found)


def _counted() -> Any:
    states = ("waiting", "sent", "dead")
    return Subscription.objects.annotate(**{one: Count("notices", Q(notices__state=one)) for one in states})


def _shape(s: Any) -> dict[str, Any]:
    return {
        "id": s.pk, "title": s.title, "url": s.url, "events": list(s.events), "secret": s.secret,
        "secret_before": s.secret_before or None, "before_until": s.before_until, "enabled": s.enabled,
        "off_why": s.off_why, "failing_since": s.failing_since, "created_at": s.created_at,
        "waiting": s.waiting, "sent": s.sent, "dead": s.dead,
    }  # fmt: skip


def notices_list(*, id: int, reader: Any, before: int | None = None, state: str = "") -> list[dict[str, Any]]:
    """The newest notices of one subscription with their attempts, at most 50; ``before`` is the last one's number.

    To a ``reader`` who sees some class of personal fields masked, what is sent is shown in outline."""
    subscription_get(id)
    rows = Notice.objects.filter(subscription=id).order_by("-pk").prefetch_related("tries")
    rows = rows.filter(pk__lt=before) if before else rows
    rows = rows.filter(state=state) if state else rows
    whole = not hidden(reader)
    return [_notice(n, whole) for n in rows[:LOG]]


def notice_shape(n: Notice, reader: Any) -> dict[str, Any]:
    """One notice as ``notices_list`` gives it."""
    return _notice(n, not hidden(reader))


def _notice(n: Notice, whole: bool) -> dict[str, Any]:
    tries = [
        {"at": t.at, "took_ms": t.took_ms, "status": t.status, "reason": t.reason, "answer": t.answer}
        for t in sorted(n.tries.all(), key=lambda t: t.pk)
    ]
    return {
        "number": n.pk, "key": n.key, "kind": n.kind, "at": n.at, "state": n.state, "attempts": n.attempts,
        "due_at": n.due_at if n.state == "waiting" else None, "tries": tries,
        "body": n.body if whole or n.kind == "trial" else _outline(n.body),
    }  # fmt: skip


def _outline(body: str) -> str:
    """What is sent without its words: they may be a customer's own, and looks alone do not mask all of those."""
    said = json.loads(body)
    said["data"] = {k: v if k in OPEN or not isinstance(v, str | list | dict) else DOTS
                    for k, v in said["data"].items()}  # fmt: skip
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))
