"""Traces through gathering, received by a real OTLP receiver."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from connectors.host.services import gather_now
from connectors.sdk import Ref, spans
from tests.sources.conftest import Server, make, say
from workspace.tracing import tracing_start

THING = {"id": "RMA-secret-77120", "at": "2026-11-10T09:00:00+00:00"}


@pytest.fixture
def receiver() -> Iterator[Server]:
    with Server(say(200, b"", {"Content-Type": "application/x-protobuf"})) as server:
        yield server
    tracing_start("")


def received(server: Server) -> list[Any]:
    requests = [ExportTraceServiceRequest.FromString(asked.body) for asked in server.asked]
    return [s for r in requests for rs in r.resource_spans for scope in rs.scope_spans for s in scope.spans]


def test_a_gathering_is_one_trace_and_carries_nothing_personal(committed_db: object, receiver: Server) -> None:
    provider = tracing_start(receiver.url)
    with Server(say(200, [THING])) as source:
        make(poll_s=None, settings={"base_url": source.url})
        gathering = gather_now(seeds=[Ref("return", "RMA-secret-77120")], timeout=5)
        assert gathering.settled
    ends = time.monotonic() + 5
    while len(found := {s.name: s for s in received(receiver)}) < 4 and time.monotonic() < ends:
        time.sleep(0.02)  # what is stored is announced just before its span ends
        provider.force_flush()
    assert {"gather", "ask", "http", "record"} <= set(found) and receiver.asked[0].path == "/v1/traces"
    assert found["ask"].parent_span_id == found["gather"].span_id
    assert found["http"].parent_span_id == found["ask"].span_id
    assert len({s.trace_id for s in found.values()}) == 1
    told = {a.key: a.value for a in found["ask"].attributes}
    assert told["throughline.source"].string_value == "warehouse" and told["throughline.rows"].int_value == 1
    assert b"RMA-secret" not in b"".join(asked.body for asked in receiver.asked)


def test_switched_off_it_costs_one_comparison(monkeypatch: pytest.MonkeyPatch) -> None:
    spans.spans_to(None)
    with spans.span("ask", None, source="x") as mark:
        assert mark is spans.NOTHING and spans.span_begin("gather") is spans.NOTHING
