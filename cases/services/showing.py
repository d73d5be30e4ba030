"""Who saw what, and when: so that a later replay shows what was shown."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from cases.actors import Actor
from cases.answers import Answer, cited
from cases.measuring.noting import witnesses
from cases.models import Case, Event
from cases.services.record import case_locked, event_add

SAME_VISIT = timedelta(minutes=10)
"""Looking again within this time, at the same answer, is the same look."""


def answer_shown(*, case: Case, answer: Answer, as_of: datetime, at: datetime, actor: Actor) -> Event | None:
    """Record the answer that a person is shown, where it differs from the last that anyone was shown; else None."""
    if _last_shown(case) == answer.digest:
        return None
    with case_locked(case) as locked:
        if _last_shown(locked) == answer.digest:
            return None
        return event_add(
            locked, "answer.shown", actor,
            {"digest": answer.digest, "situation": answer.situation, "content": answer.content(),
             "cited": list(cited(answer)), "rules": answer.rules, "as_of": as_of.isoformat(), "at": at.isoformat(),
             "witnesses": witnesses(answer)},
        )  # fmt: skip


def case_viewed(
    *, case: Case, actor: Actor, as_of: datetime, at: datetime, digest: str = "", live: bool = True,
    judged: bool = False,
) -> Event | None:  # fmt: skip
    """Record that somebody looked; ``judged`` where they saw what the system found of what was told. Looking again at
    the same within ten minutes adds nothing (None)."""
    data: dict[str, Any] = {"digest": digest, "as_of": as_of.isoformat(), "at": at.isoformat(), "live": live}
    if judged:
        data["judged"] = True
    last = Event.objects.filter(case=case, kind="case.viewed", actor_kind=actor.kind, actor=actor.id).order_by("-seq")
    seen = last.values_list("at", "payload__data").first()
    if seen and at - seen[0] < SAME_VISIT and _same(seen[1] or {}, data):
        return None
    with case_locked(case) as locked:
        return event_add(locked, "case.viewed", actor, data)


def _same(before: dict[str, Any], now: dict[str, Any]) -> bool:
    keys = ("digest", "live") if now["live"] else ("digest", "live", "as_of", "judged")
    return all(before.get(k) == now.get(k) for k in keys)


def _last_shown(case: Case) -> str:
    rows = Event.objects.filter(case=case, kind="answer.shown").order_by("-seq")
    data = rows.values_list("payload__data", flat=True).first()
    return str(data.get("digest", "")) if data else ""
