"""Pausing keeps a source from being asked, says so to everybody, and stays true in the past."""

from __future__ import annotations

import os

import pytest
from django.utils import timezone

from connectors.host.errors import BadSource
from connectors.host.models import Source, SourceLog, SourceTerms
from connectors.host.selectors import evidence, source_health, sources_list
from connectors.host.services import (
    clock_tick,
    gather_now,
    refs_intern,
    source_pause,
    source_poll,
    source_resume,
    source_retry,
    source_save,
    source_secret_rotate,
)
from connectors.sdk import Ref
from tests.sources.conftest import Server, checked, make, say

RMA = Ref("return", "RMA-1")


def paused(why: str = "Moving to new servers") -> Source:
    return source_pause(name="warehouse", why=why, by="Jonas Virta")


def seen(as_of=None):
    refs_intern([RMA])
    found = evidence(seeds=[RMA], as_of=as_of).source("warehouse")
    assert found is not None
    return found


def test_a_paused_source_is_down_with_who_and_why_and_only_from_then_on(warehouse: Source) -> None:
    checked(warehouse, 1)
    before = clock_tick()
    paused()
    now = seen()
    assert (now.status, now.paused, now.reason) == ("down", True, "Paused by Jonas Virta: Moving to new servers.")
    assert now.since is not None and seen(before).reason == "" and not seen(before).paused


def test_after_it_is_resumed_the_past_still_shows_the_pause(warehouse: Source) -> None:
    checked(warehouse, 1)
    paused()
    meanwhile = clock_tick()
    source_resume(name="warehouse", by="Jonas Virta")
    assert not seen().paused and seen(meanwhile).paused
    assert source_health("warehouse", meanwhile).state == "paused"
    assert source_health("warehouse").state == "on_time"


def test_a_pause_outlives_a_change_of_the_limit_with_the_time_it_began(warehouse: Source) -> None:
    paused()
    since = seen().since
    source_save(
        name="warehouse", title="Warehouse", connector="plain", domain="warehouse", settings=warehouse.settings,
        freshness_s=99, poll_s=60,
    )  # fmt: skip
    assert seen().paused and seen().since == since
    assert SourceTerms.objects.get(superseded_at=None).freshness_s == 99


def test_nobody_asks_or_polls_a_paused_source(committed_db: object) -> None:
    with Server(say(200, [])) as server:
        make(settings={"base_url": server.url})
        paused()
        assert source_poll(name="warehouse") == 0
        assert gather_now(seeds=[RMA], timeout=5).rejected == {"warehouse": "Warehouse is paused."}
        with pytest.raises(BadSource, match="Resume it first"):
            source_retry(name="warehouse", by="Jonas")
        assert server.asked == []


def test_the_list_for_programs_says_it_too(warehouse: Source) -> None:
    paused("")
    clock_tick()
    assert [(s.status, s.reason) for s in sources_list()] == [("down", "Paused by Jonas Virta.")]


def test_pausing_twice_and_resuming_what_runs_are_refused_in_words(warehouse: Source) -> None:
    with pytest.raises(BadSource, match="not paused"):
        source_resume(name="warehouse", by="Jonas")
    paused()
    with pytest.raises(BadSource, match="paused already"):
        paused()


def test_everything_done_to_a_source_stands_in_its_log_with_who_and_when(
    warehouse: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_HOOK_2", "whsec_two")
    paused()
    source_resume(name="warehouse", by="Ruth Adler")
    source_secret_rotate(name="warehouse", field="webhook_secret", reference="env:SOURCE_HOOK_2", by="Ruth Adler")
    lines = list(SourceLog.objects.order_by("pk").values_list("what", "by"))
    ruth = "Ruth Adler"
    assert lines == [("added", ""), ("paused", "Jonas Virta"), ("resumed", ruth), ("secret rotated", ruth)]
    assert all(line.at <= timezone.now() and "whsec" not in line.sentence for line in SourceLog.objects.all())


def test_a_rotated_webhook_secret_keeps_the_one_before(warehouse: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "SOURCE_HOOK_1", "one-secret")
    monkeypatch.setitem(os.environ, "SOURCE_HOOK_2", "two-secret")
    for reference in ("env:SOURCE_HOOK_1", "env:SOURCE_HOOK_2"):
        source_secret_rotate(name="warehouse", field="webhook_secret", reference=reference, by="Jonas")
    kept = Source.objects.get().settings
    assert (kept["webhook_secret"], kept["webhook_secret_before"]) == ("env:SOURCE_HOOK_2", "env:SOURCE_HOOK_1")


@pytest.mark.parametrize("reference", ["whsec_the-secret-itself", "env:SOURCE_NOT_THERE", "file:/not/there", ""])
def test_a_secret_that_cant_be_read_is_never_taken_and_never_repeated(warehouse: Source, reference: str) -> None:
    with pytest.raises(BadSource) as refused:
        source_secret_rotate(name="warehouse", field="webhook_secret", reference=reference, by="Jonas")
    assert "whsec_the" not in str(refused.value)
