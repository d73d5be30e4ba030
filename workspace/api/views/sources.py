"""One source, as data: how it fares and why."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from connectors.host import selectors as host
from connectors.host.errors import UnknownSource
from connectors.host.selectors import SourceHealth, Stretch
from connectors.host.services.gathering.lanes import lane_states
from workspace.api.base import AS_OF, ApiView
from workspace.api.docs import reads
from workspace.api.problems import Problem
from workspace.api.reading import instant
from workspace.api.schemas_sources import SourceHealthOut
from workspace.api.shapes import instant as told


class Source(ApiView):
    """How one source fares. Cursor, deliveries and breaker are as they are now, whatever ``as_of`` says."""

    params = {"as_of": AS_OF}

    @reads("sources_read", "Read how a source fares", SourceHealthOut, params)
    def get(self, request: Request, name: str) -> Response:
        as_of = instant(self.query.get("as_of"))
        try:
            found = host.source_health(name, as_of)
        except UnknownSource as error:
            raise Problem("not-found", str(error)) from error
        return Response(shape(found))


def shape(h: SourceHealth) -> dict[str, Any]:
    return {
        "name": h.name, "title": h.title, "domain": h.domain, "connector": h.connector, "ways": list(h.ways),
        "zone": h.zone, "at": told(h.at), "state": h.state, "needs_you": h.needs_you, "cause": h.cause,
        "said": h.said, "todo": h.todo, "not_lost": h.not_lost, "since": told(h.since), "paused": h.paused,
        "checked_at": told(h.checked_at), "age_s": h.age_s, "limit_s": h.limit_s, "poll_s": h.poll_s,
        "next_try_at": told(h.next_try_at), "failures": h.failures, "events_today": h.events_today,
        "malformed_today": h.malformed_today, "last_event_at": told(h.last_event_at),
        "checks": {"total": h.checks, "errors": dict(h.errors)},
        "latency": {"checks": h.latency_checks, "p50_ms": h.p50_ms, "p95_ms": h.p95_ms, "p99_ms": h.p99_ms},
        "breaker": _breaker(h.id), "cursor": {"at": h.cursor, "moved_at": told(h.cursor_at), "lag_s": h.cursor_lag_s},
        "deliveries": {
            **{state: h.deliveries.get(state, 0) for state in ("waiting", "failed", "dead")},
            "since": told(h.deliveries_since), "last_at": told(h.delivered_at),
        },
        "changed_fields": h.drift, "strip": [_stretch(s) for s in h.strip],
    }  # fmt: skip


def _breaker(source_id: int) -> dict[str, Any]:
    """How this source stands in the process that answers; each process has its own."""
    lane = lane_states().get(source_id)
    if lane is None:
        return {"state": "unknown", "rests_until": None, "in_flight": 0}
    return {"state": lane.breaker, "rests_until": told(lane.rests_until), "in_flight": lane.in_flight}


def _stretch(s: Stretch) -> dict[str, Any]:
    return {"at": told(s.at), "state": s.state, "checks": s.checks, "errors": s.errors, "worst_s": s.worst_s}
