"""``GET /metrics`` for Prometheus: how every source fares, from the selectors that the pages use, so that each web
process gives the same numbers. Off until METRICS_TOKEN is set; then it takes that bearer token and nothing else.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import get_args

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import GaugeMetricFamily, Metric

from connectors.host.selectors import SourceHealth, sources_health
from connectors.host.selectors.health_words import ERRORS, State

Number = float | int | None
PLAIN: tuple[tuple[str, str, Callable[[SourceHealth], Number]], ...] = (
    ("age_seconds", "Since the last good poll or answer", lambda h: h.age_s),
    ("limit_seconds", "Age from which its facts are late", lambda h: h.limit_s),
    ("cursor_lag_seconds", "Since its cursor moved or was confirmed", lambda h: h.cursor_lag_s),
    ("consecutive_failures", "Polls that failed in a row", lambda h: h.failures),
    ("events_today", "New fact versions since midnight", lambda h: h.events_today),
    ("malformed_today", "Rows and facts that could not be read since midnight", lambda h: h.malformed_today),
    ("checks_24h", "Askings in the last 24 hours", lambda h: h.checks),
    ("changed_fields", "Fields whose shape changed, not yet looked at", lambda h: h.drift),
)


def _states(h: SourceHealth) -> Mapping[str, Number]:
    return {state: int(state == h.state) for state in get_args(State)}


def _errors(h: SourceHealth) -> Mapping[str, Number]:
    return {kind: h.errors.get(kind, 0) for kind in ERRORS}


def _latency(h: SourceHealth) -> Mapping[str, Number]:
    found = {"0.5": h.p50_ms, "0.95": h.p95_ms, "0.99": h.p99_ms}
    return {quantile: ms / 1000 for quantile, ms in found.items() if ms is not None}


def _deliveries(h: SourceHealth) -> Mapping[str, Number]:
    return {state: h.deliveries.get(state, 0) for state in ("waiting", "failed", "dead")}


LABELLED: tuple[tuple[str, str, str, Callable[[SourceHealth], Mapping[str, Number]]], ...] = (
    ("state", "1 for the state that it is in", "state", _states),
    ("errors_24h", "Failed askings in the last 24 hours", "class", _errors),
    ("latency_seconds", "Of its latest 1,000 askings of the day", "quantile", _latency),
    ("deliveries", "Deliveries that are not done", "state", _deliveries),
)


class Sources:
    """The collector of one scrape."""

    def __init__(self, found: Sequence[SourceHealth]) -> None:
        self.found = found

    def collect(self) -> Iterator[Metric]:
        for name, about, value in PLAIN:
            family = GaugeMetricFamily(f"throughline_source_{name}", about, labels=["source"])
            for h in self.found:
                number = value(h)
                if number is not None:
                    family.add_metric([h.name], number)
            yield family
        for name, about, label, values in LABELLED:
            family = GaugeMetricFamily(f"throughline_source_{name}", about, labels=["source", label])
            for h in self.found:
                for key, number in values(h).items():
                    family.add_metric([h.name, key], float(number or 0))
            yield family


@require_GET
def metrics(request: HttpRequest) -> HttpResponse:
    """404 where it is off, 401 without the token."""
    if not settings.METRICS_TOKEN:
        words = "Metrics are off. Set METRICS_TOKEN to switch them on.\n"
        return HttpResponse(words, status=404, content_type="text/plain")
    given = request.headers.get("Authorization", "")
    if not hmac.compare_digest(given.encode(), f"Bearer {settings.METRICS_TOKEN}".encode()):
        headers = {"WWW-Authenticate": "Bearer"}
        return HttpResponse("Send the bearer token.\n", status=401, content_type="text/plain", headers=headers)
    registry = CollectorRegistry()
    registry.register(Sources(sources_health()))
    encode, content_type = choose_encoder(request.headers.get("Accept", ""))
    return HttpResponse(encode(registry), content_type=content_type, headers={"Cache-Control": "no-store"})
