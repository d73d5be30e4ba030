"""How sources fare, told from what is stored."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from connectors.host.errors import UnknownSource
from connectors.host.models import Source, SourceTerms
from connectors.host.selectors import age_series, source_health, source_log, sources_health
from connectors.host.services import clock_tick, source_pause
from tests.sources.conftest import checked, make

LIMITED = "Warehouse asks us to slow down (429)."
GONE = "Warehouse can’t be reached."


def health(name: str = "warehouse"):
    clock_tick()
    return source_health(name)


def test_a_source_read_in_time_is_on_time_and_loses_no_words_about_loss(warehouse: Source) -> None:
    checked(warehouse, 1)
    seen = health()
    assert (seen.state, seen.level, seen.not_lost, seen.said, seen.since) == ("on_time", "ok", "", "", None)
    assert 58 <= seen.age_s <= 70 and seen.limit_s == 1800


def test_a_source_that_asks_us_to_wait_is_late_not_down_and_says_what_is_kept(warehouse: Source) -> None:
    checked(warehouse, 47)
    for minutes in (46, 30, 12):
        checked(warehouse, minutes, "unreachable", LIMITED)
    seen = health()
    assert (seen.state, seen.error, seen.said) == ("late", "rate_limited", LIMITED)
    assert seen.errors == {"rate_limited": 3}
    assert "Nothing is lost" in seen.not_lost and seen.needs_you


def test_a_first_failure_within_the_limit_is_only_a_retry(warehouse: Source) -> None:
    checked(warehouse, 5)
    checked(warehouse, 1, "unreachable", GONE)
    assert health().state == "retrying"


@pytest.mark.parametrize(
    ("minutes", "outcome", "state"),
    [(45, "ok", "late"), (70, "ok", "stale"), (45, "unreachable", "down"), (45, "refused", "refused")],
)
def test_age_and_outcome_make_the_state(warehouse: Source, minutes: int, outcome: str, state: str) -> None:
    checked(warehouse, minutes)
    if outcome != "ok":
        checked(warehouse, 1, outcome, GONE)
    assert health().state == state


def test_a_source_that_is_only_asked_is_never_late(db: None) -> None:
    ledger = make("ledger", poll_s=None, freshness_s=6)
    checked(ledger, 300)
    assert (health("ledger").state, health("ledger").level) == ("idle", "ok")


def test_nothing_read_yet_is_said_as_such(warehouse: Source) -> None:
    assert (health().state, health().age_s, {s.state for s in health().strip}) == ("never", None, {"quiet"})


def test_the_strip_shows_the_hours_in_which_data_was_late_or_all_failed(warehouse: Source) -> None:
    for minutes in range(24 * 60, 600, -20):
        checked(warehouse, minutes)
    for minutes in range(420, 360, -5):
        checked(warehouse, minutes, "unreachable", GONE)
    checked(warehouse, 100)
    seen = health()
    states = [s.state for s in seen.strip]
    assert len(states) == 48 and states[0] == "ok" and "failed" in states and "late" in states
    assert max(s.worst_s or 0 for s in seen.strip) == pytest.approx(500 * 60, abs=1300)


def test_the_age_chart_climbs_while_nothing_is_read_and_falls_with_the_next_poll(warehouse: Source) -> None:
    for minutes in (200, 190, 180, 60):
        checked(warehouse, minutes)
    clock_tick()
    ages = [s.worst_s for s in age_series("warehouse") if s.worst_s is not None]
    assert max(ages) == pytest.approx(120 * 60, abs=15) and ages[-1] == pytest.approx(60 * 60, abs=15)


def test_latency_is_told_in_percentiles(warehouse: Source) -> None:
    for n in range(100):
        checked(warehouse, n / 10, took_ms=n + 1)
    seen = health()
    assert (seen.p50_ms, seen.p95_ms, seen.p99_ms, seen.latency_checks) == (50, 95, 99, 100)


def test_health_of_the_past_is_what_it_was_then(warehouse: Source) -> None:
    day_ago = timezone.now() - timedelta(days=1)
    SourceTerms.objects.create(source=warehouse, freshness_s=1800, learned_at=day_ago, superseded_at=timezone.now())
    checked(warehouse, 120)
    checked(warehouse, 60, "unreachable", GONE)
    checked(warehouse, 10)
    past = source_health("warehouse", timezone.now() - timedelta(minutes=30))
    assert (past.state, past.error) == ("down", "unreachable")
    assert health().state == "on_time"


def test_an_unknown_source_is_named(db: None) -> None:
    with pytest.raises(UnknownSource, match="nowhere"):
        source_health("nowhere")


def test_queries_are_as_many_for_ten_sources_as_for_one(warehouse: Source) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            sources_health()
        return len(seen)

    one = queries()
    for n in range(9):
        checked(make(f"more-{n}"), 1)
    assert queries() == one <= 9


def test_those_that_need_somebody_come_first(warehouse: Source) -> None:
    checked(warehouse, 1)
    checked(make("away"), 1, "refused", "Away does not accept our credentials: reconnect it.")
    clock_tick()
    assert [h.name for h in sources_health()] == ["away", "warehouse"]


def test_the_log_says_alike_failures_once_with_their_number(warehouse: Source) -> None:
    for minutes in (9, 8, 7):
        checked(warehouse, minutes, "unreachable", GONE)
    checked(warehouse, 6)
    clock_tick()
    entries = source_log("warehouse")
    assert [(e.text, e.times, e.level) for e in entries if e.mark.startswith("check")] == [(GONE, 3, "warn")]
    assert any("answered" in e.text for e in source_log("warehouse", everything=True))


def test_failures_that_lie_apart_are_told_apart_and_what_people_do_shows_at_once(warehouse: Source) -> None:
    for minutes in (90, 89, 5):
        checked(warehouse, minutes, "unreachable", GONE)
    source_pause(name="warehouse", why="", by="Jonas Virta")
    told = [(e.text, e.times) for e in source_log("warehouse")]
    assert told == [("Paused by Jonas Virta.", 1), ("Added.", 1), (GONE, 1), (GONE, 2)]
