"""OpenTelemetry traces through gathering: gather, ask a source, each HTTP call, and storing what came.

On where OTEL_EXPORTER_OTLP_ENDPOINT is set; otherwise nothing of OpenTelemetry is even imported.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connectors.sdk.spans import Span, spans_to

PREFIX = "throughline."


class Traced:
    """A span of ours as one of OpenTelemetry's."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner

    def note(self, **attributes: str | int | bool) -> None:
        self.inner.set_attributes({PREFIX + key: value for key, value in attributes.items()})

    def end(self, **attributes: str | int | bool) -> None:
        if self.inner.is_recording():
            self.note(**attributes)
            self.inner.end()


def tracing_start(endpoint: str) -> Any:
    """Send spans to ``endpoint`` (OTLP over HTTP, without /v1/traces). Gives the provider: ``force_flush`` sends what
    waits, ``shutdown`` ends it. An empty endpoint switches tracing off."""
    if not endpoint:
        spans_to(None)
        return None
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor
    from opentelemetry.trace import set_span_in_context

    provider = TracerProvider(resource=Resource.create({"service.name": "throughline"}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(f"{endpoint.rstrip('/')}/v1/traces")))
    tracer = provider.get_tracer("throughline.gathering")

    def begin(name: str, under: Span | None, attributes: Mapping[str, str | int | bool]) -> Span:
        context = set_span_in_context(under.inner) if isinstance(under, Traced) else None
        given = {PREFIX + key: value for key, value in attributes.items()}
        return Traced(tracer.start_span(name, context=context, attributes=given))

    spans_to(begin)
    return provider
