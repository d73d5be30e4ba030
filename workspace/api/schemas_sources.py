"""The shape of a source's health, as OpenAPI declares it."""

from __future__ import annotations

from rest_framework import serializers as s

from workspace.api import vocabulary as words
from workspace.api.schemas import number, one_of, shape, text, texts, time

ChecksOut = shape("SourceChecks", {
    "total": number("in the 24 hours before"),
    "errors": s.DictField(
        child=s.IntegerField(), help_text="failed ones by class: " + ", ".join(words.CHECK_ERRORS)
    ),
})  # fmt: skip
LatencyOut = shape("SourceLatency", {
    "checks": number("how many were counted: the latest of the last 24 hours, 1,000 at most"),
    "p50_ms": number(allow_null=True), "p95_ms": number(allow_null=True), "p99_ms": number(allow_null=True),
})  # fmt: skip
BreakerOut = shape("SourceBreaker", {
    "state": one_of(words.BREAKERS, "unknown where this process has not asked it"),
    "rests_until": time("not asked before", allow_null=True), "in_flight": number("askings under way"),
}, "Of the process that answers; each has its own.")  # fmt: skip
CursorOut = shape("SourceCursor", {
    "at": text("how far changes have been read, in the source's own words", allow_null=True),
    "moved_at": time("when it last moved or was confirmed", allow_null=True), "lag_s": number(allow_null=True),
})  # fmt: skip
DeliveriesOut = shape("SourceDeliveries", {
    "waiting": number("not yet worked on"), "failed": number("tried again by themselves"),
    "dead": number("worked on only when somebody runs them again"),
    "since": time("the oldest of these", allow_null=True), "last_at": time("of all deliveries", allow_null=True),
})  # fmt: skip
StretchOut = shape("SourceStretch", {
    "at": time("its beginning"), "state": one_of(words.STRETCH_STATES), "checks": number(), "errors": number(),
    "worst_s": number("how old its data became, where it is polled", allow_null=True),
})  # fmt: skip
SourceHealthOut = shape("SourceHealth", {
    "name": text(), "title": text(), "domain": text(), "connector": text(),
    "ways": texts("how its facts come: polled, asked, pushed"), "zone": text(), "at": time(),
    "state": one_of(words.SOURCE_STATES), "needs_you": s.BooleanField(),
    "cause": text("one sentence"), "said": text("the latest failure in its own sentence"), "todo": text(),
    "not_lost": text("what stays whole although it fails"), "since": time(allow_null=True),
    "paused": s.BooleanField(), "checked_at": time("last good poll or answer", allow_null=True),
    "age_s": number(allow_null=True), "limit_s": s.FloatField(help_text="freshness limit"),
    "poll_s": s.FloatField(allow_null=True, help_text="polling period"), "next_try_at": time(allow_null=True),
    "failures": number("of polls in a row"), "events_today": number("new fact versions"),
    "malformed_today": number(), "last_event_at": time(allow_null=True), "checks": ChecksOut(),
    "latency": LatencyOut(),
    "breaker": BreakerOut(), "cursor": CursorOut(),
    "deliveries": DeliveriesOut(), "changed_fields": number("fields whose shape changed, not yet looked at"),
    "strip": StretchOut(many=True),
})  # fmt: skip
