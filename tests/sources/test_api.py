"""One source as data, over the API."""

from __future__ import annotations

from typing import Any

from django.test import Client

from connectors.host.models import Source
from connectors.host.services import clock_tick, source_pause
from tests.api.client import document
from tests.sources.conftest import checked
from workspace.api.schemas_sources import SourceHealthOut


def read(client: Client, path: str = "/api/v1/sources/warehouse/") -> Any:
    clock_tick()
    return client.get(path)


def test_a_program_reads_why_a_source_is_late(warehouse: Source, integrator: Client) -> None:
    checked(warehouse, 47)
    checked(warehouse, 2, "unreachable", "Warehouse asks us to slow down (429).", took_ms=900)
    got = read(integrator).json()
    assert got["state"] == "late" and got["needs_you"] and got["said"].endswith("(429).")
    assert got["checks"] == {"total": 2, "errors": {"rate_limited": 1}}
    assert got["latency"]["p99_ms"] == 900 and got["breaker"]["state"] == "unknown"
    # The two minutes may reach back over the half hour, into the stretch before the last.
    assert len(got["strip"]) == 48 and "failed" in [stretch["state"] for stretch in got["strip"][-2:]]


def test_every_field_that_is_given_is_declared(warehouse: Source, integrator: Client) -> None:
    assert set(read(integrator).json()) == set(SourceHealthOut().fields)
    assert "/api/v1/sources/{name}/" in document()["paths"]


def test_a_pause_shows_with_who_and_why(warehouse: Source, integrator: Client) -> None:
    source_pause(name="warehouse", why="New servers", by="Jonas Virta")
    got = read(integrator).json()
    assert (got["state"], got["cause"]) == ("paused", "Paused by Jonas Virta: New servers.")


def test_no_such_source_is_a_problem_document(integrator: Client, db: None) -> None:
    got = read(integrator, "/api/v1/sources/nowhere/")
    assert got.status_code == 404 and "nowhere" in got.json()["detail"]


def test_a_bad_moment_is_refused(warehouse: Source, integrator: Client) -> None:
    assert read(integrator, "/api/v1/sources/warehouse/?as_of=yesterday").status_code == 400
