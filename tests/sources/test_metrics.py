"""Prometheus reads how sources fare."""

from __future__ import annotations

import pytest
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from connectors.host.models import Source
from connectors.host.services import clock_tick
from tests.sources.conftest import checked


@pytest.fixture
def on(settings: object) -> None:
    settings.METRICS_TOKEN = "a-long-token"  # type: ignore[attr-defined]


def test_metrics_are_off_where_no_token_is_set(client: Client, db: None) -> None:
    assert client.get("/metrics").status_code == 404


@pytest.mark.parametrize("given", ["", "Bearer wrong", "Token a-long-token", "Bearer ä"])
def test_nobody_reads_them_without_the_token(client: Client, db: None, on: None, given: str) -> None:
    assert client.get("/metrics", headers={"Authorization": given}).status_code == 401


def test_they_say_age_state_errors_and_latency_of_each_source(client: Client, warehouse: Source, on: None) -> None:
    checked(warehouse, 47, took_ms=250)
    checked(warehouse, 2, "unreachable", "Warehouse asks us to slow down (429).", took_ms=250)
    clock_tick()
    got = client.get("/metrics", headers={"Authorization": "Bearer a-long-token"})
    found = {
        (s.name.removeprefix("throughline_source_"), *(v for k, v in s.labels.items() if k != "source")): s.value
        for family in text_string_to_metric_families(got.content.decode())
        for s in family.samples
    }
    assert found["age_seconds",] == pytest.approx(47 * 60, abs=30) and found["limit_seconds",] == 1800
    assert found["state", "late"] == 1 and found["state", "down"] == 0
    assert found["errors_24h", "rate_limited"] == 1 and found["latency_seconds", "0.95"] == 0.25
