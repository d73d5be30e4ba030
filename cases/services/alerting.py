"""What one person must hear: told exactly once, kept until they have seen it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from cases.models import Alert, Case
from cases.selectors.promises import alerts_of
from cases.services.record import case_notify
from connectors.host.selectors import moment

__all__ = ["alert_seen", "alert_tell", "alerts_of", "alerts_settle"]


def alert_tell(*, person: Any, case: Case | None, kind: str, text: str, key: str, at: datetime) -> bool:
    """Tell a person something, once: under the same ``key`` nothing is told again. False where it was told before.

    ``person`` is a user or a user's id. Call it inside the verb's transaction, after its ``clock_tick()``: open pages
    hear of it with the commit. ``kind`` names what it is about ("promise.late"), ``text`` is a sentence that says what
    to do.
    """
    row = [getattr(person, "pk", person), case.pk if case else None, kind, text, key, at]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO cases_alert (person_id, case_id, kind, text, key, at) VALUES (%s, %s, %s, %s, %s, %s)"
            " ON CONFLICT (person_id, key) DO NOTHING",
            row,
        )
        new = bool(cursor.rowcount == 1)
    if new and case is not None:
        case_notify(case)
    return new


def alerts_settle(*, case: Case, keys: Sequence[str], at: datetime) -> int:
    """What these keys told of a case is over: whoever has not seen it need not. Returns how many alerts were."""
    rows = Alert.objects.select_for_update(skip_locked=True).filter(case=case, key__in=keys, seen_at=None)
    # What another is just marking as seen need not be waited for.
    return Alert.objects.filter(pk__in=list(rows.values_list("pk", flat=True))).update(seen_at=at)


def alert_seen(*, person: Any, id: int | None = None, case: Case | int | str | None = None) -> int:
    """They have seen it: one alert by ``id``, those of one case, or (neither is given) all. Returns how many."""
    rows = Alert.objects.filter(person=getattr(person, "pk", person), seen_at=None)
    if id is not None:
        rows = rows.filter(pk=id)
    if case is not None:
        rows = rows.filter(case=getattr(case, "pk", case))
    return rows.update(seen_at=moment()[1])
