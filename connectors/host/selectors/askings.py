"""What was asked, of whom, when, and how fresh each source therefore is for a case."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from connectors.host.registry import connector_classes
from connectors.host.views import CheckView, SourceView, Status
from connectors.sdk import Ref

ANSWERED = ("found", "nothing")

_CHECKS = """
SELECT DISTINCT ON (cr.source_id, cr.ref_id, cr.outcome IN ('found', 'nothing'))
    cr.check_row_id, s.name, s.title, s.domain, cr.ref_id, cr.learned_at, cr.outcome, cr.complete, cr.kinds,
    c.took_ms, c.late, cr.reason
FROM host_checkref cr JOIN host_check c ON c.id = cr.check_row_id JOIN host_source s ON s.id = cr.source_id
WHERE cr.ref_id = ANY(%(refs)s) AND cr.learned_at <= %(as_of)s
ORDER BY cr.source_id, cr.ref_id, cr.outcome IN ('found', 'nothing'), cr.learned_at DESC, cr.id DESC
"""

# A source begins with its first terms: what is set up later could not be asked by then, and is missing in no answer.
_SOURCES = """
SELECT s.id, s.name, s.title, s.domain, s.connector, s.poll_s, s.enabled, t.freshness_s, polled.at, good.at,
       bad.at, bad.reason, paused.at, t.why
FROM host_source s
JOIN LATERAL (
    SELECT freshness_s, paused, why FROM host_sourceterms t
    WHERE t.source_id = s.id AND t.learned_at <= %(as_of)s ORDER BY t.learned_at DESC LIMIT 1
) t ON true
LEFT JOIN LATERAL (
    SELECT min(p.learned_at) AS at FROM host_sourceterms p
    WHERE t.paused AND p.source_id = s.id AND p.paused AND p.learned_at > COALESCE((
        SELECT max(r.learned_at) FROM host_sourceterms r
        WHERE r.source_id = s.id AND NOT r.paused AND r.learned_at <= %(as_of)s), '-infinity')
) paused ON true
LEFT JOIN LATERAL (
    SELECT learned_at AS at FROM host_check c WHERE s.poll_s IS NOT NULL AND c.source_id = s.id
      AND c.learned_at <= %(as_of)s AND c.how = 'poll' AND c.outcome = 'ok' ORDER BY learned_at DESC LIMIT 1
) polled ON true
LEFT JOIN LATERAL (
    SELECT learned_at AS at FROM host_check c WHERE c.source_id = s.id AND c.learned_at <= %(as_of)s
      AND c.outcome = 'ok' ORDER BY learned_at DESC LIMIT 1
) good ON true
LEFT JOIN LATERAL (
    SELECT learned_at AS at, reason FROM host_check c WHERE c.source_id = s.id AND c.learned_at <= %(as_of)s
      AND c.outcome <> 'ok' AND c.learned_at > coalesce(good.at, '-infinity') ORDER BY learned_at LIMIT 1
) bad ON true
ORDER BY s.id
"""

# A lease goes in the transaction in which its check comes, so a source is being asked at ``at`` where a lease says so,
# or where its check was not known yet. The same for the present and the past.
_WAITING = """
SELECT s.name, min(w.started_at) FROM (
    SELECT source_id, started_at FROM host_lease
    WHERE ref_id = ANY(%(refs)s) AND started_at <= %(at)s AND expires_at > %(at)s
    UNION ALL SELECT cr.source_id, c.started_at FROM host_checkref cr JOIN host_check c ON c.id = cr.check_row_id
    WHERE cr.ref_id = ANY(%(refs)s) AND cr.learned_at > %(as_of)s AND cr.learned_at < %(at)s + interval '1 hour'
      AND c.how = 'lookup' AND c.started_at <= %(at)s
    UNION ALL SELECT source_id, started_at FROM host_unheard
    WHERE ref_id = ANY(%(refs)s) AND started_at <= %(at)s AND ended_at > %(at)s
) w JOIN host_source s ON s.id = w.source_id GROUP BY s.name
"""


@dataclass(frozen=True)
class SourceRow:
    """One source as it stood at ``as_of``: its terms, its polls, and since when it fails."""

    id: int
    name: str
    title: str
    domain: str
    connector: str
    poll_s: float | None
    enabled: bool
    limit: timedelta
    polled_at: datetime | None
    good_at: datetime | None
    bad_since: datetime | None
    bad_reason: str
    paused_since: datetime | None = None
    paused_why: str = ""
    """Who paused it and why, in a sentence."""

    @property
    def accepts(self) -> frozenset[str]:
        cls = connector_classes().get(self.connector)
        return frozenset(cls.accepts) if cls else frozenset()


def source_rows(as_of: datetime) -> list[SourceRow]:
    """Every source there was at ``as_of``, with what was known of it."""
    with connection.cursor() as cursor:
        cursor.execute(_SOURCES, {"as_of": as_of})
        return [
            SourceRow(
                id_, name, title, domain, slug, poll_s, on, timedelta(seconds=s), polled, good, bad, why or "", paused,
                paused_why if paused else "",
            )
            for id_, name, title, domain, slug, poll_s, on, s, polled, good, bad, why, paused, paused_why
            in cursor.fetchall()
        ]  # fmt: skip


def checks_latest(refs: Mapping[int, Ref], as_of: datetime) -> dict[tuple[str, int], list[CheckView]]:
    """For each source and ref: the latest that was answered, and the latest failure where it came after."""
    found: dict[tuple[str, int], list[CheckView]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_CHECKS, {"refs": list(refs), "as_of": as_of})
        for id_, name, title, domain, ref_id, at, outcome, complete, kinds, took, late, why in cursor.fetchall():
            ref = refs[ref_id]
            view = CheckView(id_, name, title, domain, ref, at, outcome, complete, tuple(kinds), took, late, why)
            found.setdefault((name, ref_id), []).append(view)
    for key, views in found.items():
        answered = max((v.at for v in views if v.outcome in ANSWERED), default=None)
        found[key] = [v for v in views if v.outcome in ANSWERED or answered is None or v.at > answered]
    return found


def being_asked(refs: Iterable[int], as_of: datetime, at: datetime) -> dict[str, datetime]:
    """Sources that were being asked about any of these refs at ``at``, and since when."""
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, {"refs": list(refs), "as_of": as_of, "at": at})
        return dict(cursor.fetchall())


def failures(source: SourceRow, views: Iterable[CheckView]) -> list[CheckView]:
    """Askings that failed and stand. That a source could not be reached is over once a later poll reached it."""
    polled = source.polled_at if source.poll_s else None
    failed = [v for v in views if v.outcome not in ANSWERED]
    return [v for v in failed if v.outcome != "unreachable" or polled is None or polled <= v.at]


def confirmed_at(source: SourceRow, views: Collection[CheckView]) -> datetime | None:
    """When this source last answered about a ref. A later poll confirms what a lookup once said, but not beside an
    asking that failed since: that one is asked again."""
    answered = max((v.at for v in views if v.outcome in ANSWERED), default=None)
    if answered is not None and source.poll_s and source.polled_at is not None and not failures(source, views):
        return max(answered, source.polled_at)
    return answered


def source_view(
    source: SourceRow,
    refs: Mapping[int, Ref],
    checks: Mapping[tuple[str, int], list[CheckView]],
    waiting: Mapping[str, datetime],
    at: datetime,
) -> SourceView:
    """How fresh one source is for the case that these refs belong to."""
    relevant = [id_ for id_, ref in refs.items() if ref.scheme in source.accepts]
    views = {id_: checks.get((source.name, id_), []) for id_ in relevant}
    confirmed = [confirmed_at(source, v) for v in views.values()]
    known = [c for c in confirmed if c is not None]
    checked = min(known) if known and len(known) == len(confirmed) else None
    failing = [v for vs in views.values() for v in failures(source, vs)]
    age = (at - checked).total_seconds() if checked else None
    fresh = age is not None and age <= source.limit.total_seconds()
    failed = bool(failing) or (source.bad_since is not None and not fresh and bool(relevant))
    down = failed or (source.paused_since is not None and bool(relevant))
    status = _status(source, age, down, source.name in waiting)
    latest = max((v for vs in views.values() for v in vs), key=lambda v: v.at, default=None)
    since = waiting.get(source.name) if status == "waiting" else None
    reason = ""
    if status == "down":
        since = source.paused_since or source.bad_since or min((v.at for v in failing), default=None)
        reason = source.paused_why or (failing[-1].reason if failing else source.bad_reason)
    return SourceView(
        name=source.name, title=source.title, domain=source.domain, connector=source.connector, limit=source.limit,
        status=status, checked_at=checked or (max(known) if known else None),
        age_s=max(0, int((at - (checked or max(known))).total_seconds())) if known else None,
        took_ms=latest.took_ms if latest else None, since=since,
        reason=reason, asked=bool(relevant),
        complete=bool(relevant) and not failing and _all_complete(source, views, confirmed, at),
    )  # fmt: skip


def _all_complete(
    source: SourceRow, views: Mapping[int, list[CheckView]], confirmed: list[datetime | None], at: datetime
) -> bool:
    recent = all(c is not None and at - c <= 2 * source.limit for c in confirmed)
    return recent and all(any(v.complete and v.outcome in ANSWERED for v in vs) for vs in views.values())


def _status(source: SourceRow, age: float | None, down: bool, waiting: bool) -> Status:
    limit = source.limit.total_seconds()
    if down:
        return "down"
    if age is None:
        return "waiting" if waiting else "never"
    if age > 2 * limit:
        return "waiting" if waiting else "stale"
    if age > limit:
        return "late"
    if source.domain == "policy":
        return "fixed"
    return "live" if age < 60 else "on_time"
