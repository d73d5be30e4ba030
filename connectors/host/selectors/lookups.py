"""Single facts, with their versions and the raw row each was read from; sources; malformed rows."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from connectors.host.models import Fact, Malformed
from connectors.host.selectors.askings import source_rows
from connectors.host.selectors.facts import facts_select
from connectors.host.selectors.moments import moment
from connectors.host.selectors.named import source_pk
from connectors.host.selectors.refs import refs_search
from connectors.host.views import FactView, SourceView, Status

__all__ = ["fact_get", "fact_raw", "fact_versions", "malformed_list", "refs_search", "sources_list"]


def fact_get(fact_id: int) -> FactView | None:
    """One fact version by id, or None."""
    found = facts_select("f.id = %(id)s", {"id": fact_id})
    return found[0] if found else None


def fact_versions(fact_id: int) -> list[FactView]:
    """Every version of what this fact's record says under its kind, newest first."""
    where = "(f.record_id, f.kind) = (SELECT record_id, kind FROM host_fact WHERE id = %(id)s) ORDER BY f.version DESC"
    return facts_select(where, {"id": fact_id})


def fact_raw(fact_id: int) -> dict[str, Any]:
    """The row exactly as the source sent it, or an empty object where there is no such fact."""
    row = Fact.objects.filter(pk=fact_id).values_list("raw__body", flat=True).first()
    return row or {}


def malformed_list(*, source: str | None = None, limit: int = 50) -> list[dict[str, Any]]:
    """What could not be read, newest first: source, record, kind, reason, body, learned_at."""
    rows = Malformed.objects.select_related("raw__record", "source").order_by("-learned_at", "-pk")
    if source:
        rows = rows.filter(source=source_pk(source))
    return [
        {"source": m.source.name, "record_type": m.raw.record.record_type, "record_id": m.raw.record.record_id,
         "kind": m.kind, "reason": m.reason, "body": m.raw.body, "learned_at": m.learned_at}
        for m in rows[:limit]
    ]  # fmt: skip


def sources_list(at: datetime | None = None) -> list[SourceView]:
    """Every source by itself: when it last answered anything, and since when it fails."""
    as_of, now = moment(at)
    return [_alone(row, now) for row in source_rows(as_of) if row.enabled]


def _alone(row: Any, now: datetime) -> SourceView:
    age: timedelta | None = now - row.good_at if row.good_at else None
    status: Status = "never"
    since = row.paused_since or row.bad_since
    if since:
        status = "down"
    elif age is not None:
        status = "live" if age.total_seconds() < 60 else "on_time"
    return SourceView(
        name=row.name, title=row.title, domain=row.domain, connector=row.connector, limit=row.limit, status=status,
        checked_at=row.good_at, age_s=int(age.total_seconds()) if age is not None else None, took_ms=None,
        since=since, reason=row.paused_why or (row.bad_reason if since else ""), asked=True, complete=not since,
    )  # fmt: skip
