"""What the sources pages say, and what their buttons do; all of it without a script."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
from django.db import transaction
from django.test import Client

from connectors.host.models import Check, Inbound, InboundWork, Source, SourceLog
from connectors.host.services import clock_tick, source_pause, source_save
from tests.sources.conftest import Server, checked, make, person, say
from workspace.pages.sources.wording import seconds_of

THING = {"id": "RMA-1", "at": "2026-11-10T09:00:00+00:00", "grade": "A"}


def tick() -> datetime:
    with transaction.atomic():
        return clock_tick()


def page(client: Client, path: str = "/sources/") -> str:
    tick()
    got = client.get(path)
    assert got.status_code == 200, got.status_code
    return " ".join(got.content.decode().split())


@pytest.fixture
def away() -> Iterator[Server]:
    with Server(say(503, {})) as server:
        yield server


@pytest.fixture
def answering() -> Iterator[Server]:
    with Server(say(200, [THING])) as server:
        yield server


def form(server: Server, **more: str) -> dict[str, str]:
    return {
        "connector": "plain", "title": "Oulu warehouse", "name": "oulu", "domain": "warehouse", "freshness": "5 min",
        "limit": "10 s", "poll": "", "s-base_url": server.url, "s-internal": "yes", "s-zone": "Europe/Helsinki",
        "do": "save", **more,
    }  # fmt: skip


def test_the_headline_names_what_needs_somebody_and_counts_the_others(warehouse: Source, integrator: Client) -> None:
    checked(warehouse, 47)
    checked(warehouse, 46, "unreachable", "Warehouse asks us to slow down (429).")
    for name in ("shop", "ledger"):
        checked(make(name), 1)
    said = page(integrator)
    assert "Warehouse asks us to slow down and is 47 minutes behind; nothing is lost. The other two" in said
    assert "Warehouse asks us to slow down" in said and "Nothing is lost." in said and "Retry now" in said


def test_when_all_is_well_it_says_only_that(warehouse: Source, integrator: Client) -> None:
    checked(warehouse, 1)
    checked(make("shop"), 1)
    said = page(integrator)
    assert "Both sources are on time." in said and "Nothing is lost" not in said


def test_nobody_is_named_who_was_only_not_asked_yet_or_is_tried_again(warehouse: Source, integrator: Client) -> None:
    checked(warehouse, 1)
    make("ledger", poll_s=None)
    said = page(integrator, "/sources/ledger/")
    assert "Both sources are on time." in said and "Ledger has not been asked yet" in said and "Not asked yet" in said
    checked(warehouse, 0, "unreachable", "Warehouse can’t be reached.")
    said = page(integrator)
    assert "Warehouse failed just now and is tried again. The other one is on time." in said
    assert said.index("row-warehouse") < said.index("row-ledger")


def test_without_any_source_it_says_what_one_is(integrator: Client) -> None:
    assert "No source is connected yet" in page(integrator)


def test_a_rep_sees_but_cannot_act(warehouse: Source) -> None:
    checked(warehouse, 1)
    rep = person("rep")
    said = page(rep, "/sources/warehouse/")
    assert "Warehouse is on time" in said and "Pause" not in said and "Add a source" not in said
    assert rep.post("/sources/warehouse/pause/", {"why": "x"}).status_code == 403


def test_every_chart_has_its_table(warehouse: Source, integrator: Client) -> None:
    checked(warehouse, 1)
    said = page(integrator, "/sources/warehouse/")
    assert said.count("<svg class=\"chart\"") == 1 and "Show as table" in said and "as a table" in said
    assert "style=" not in said and "<script>" not in said


def test_pause_and_resume_are_two_buttons_with_a_reason(warehouse: Source, integrator: Client) -> None:
    checked(warehouse, 1)
    integrator.post("/sources/warehouse/pause/", {"why": "New servers"})
    said = page(integrator, "/sources/warehouse/")
    assert "Warehouse is paused." in said and "Paused by Integrator Virta: New servers" in said
    integrator.post("/sources/warehouse/resume/")
    assert "/resume/" not in page(integrator, "/sources/warehouse/")


def test_asking_now_stores_a_check_and_says_how_it_went(
    committed_db: object, answering: Server, away: Server
) -> None:
    jonas = person("integrator")
    make(settings={"base_url": answering.url})
    make("ledger", poll_s=None, settings={"base_url": away.url})
    assert "1 new fact" in jonas.post("/sources/warehouse/retry/", follow=True).content.decode()
    assert "in trouble" in jonas.post("/sources/ledger/retry/", follow=True).content.decode()
    assert set(Check.objects.values_list("how", "outcome")) == {("poll", "ok"), ("check", "unreachable")}
    assert SourceLog.objects.filter(what="asked again", by="Integrator Virta").count() == 2


def test_a_source_is_added_only_after_its_settings_worked(committed_db: object, answering: Server) -> None:
    jonas = person("integrator")
    assert "plain" in page(jonas, "/sources/add/")
    assert "Base URL" in page(jonas, "/sources/add/?connector=plain")
    got = jonas.post("/sources/add/", form(answering, do="check"))
    assert "It works." in got.content.decode() and not Source.objects.exists()
    assert jonas.post("/sources/add/", form(answering)).headers["Location"] == "/sources/oulu/"
    saved = Source.objects.get()
    assert (saved.zone, saved.settings["internal"], saved.poll_s) == ("Europe/Helsinki", True, None)
    assert SourceLog.objects.get().by == "Integrator Virta"


def test_settings_that_fail_are_not_saved_unless_on_purpose_and_paused(committed_db: object, away: Server) -> None:
    jonas = person("integrator")
    got = jonas.post("/sources/add/", form(away))
    assert got.status_code == 422 and "Save it paused" in got.content.decode() and not Source.objects.exists()
    jonas.post("/sources/add/", form(away, do="save-paused"))
    assert Source.objects.get().paused


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [("name", "Oulu!", "lower-case"), ("freshness", "soon", "30 s"), ("s-base_url", "oulu", "https://host/path"),
     ("s-zone", "Mars", "not a time zone"), ("title", "", "by which people know it")],
)  # fmt: skip
def test_a_field_at_fault_says_so_beside_itself(
    integrator: Client, away: Server, field: str, text: str, words: str
) -> None:
    got = integrator.post("/sources/add/", form(away, **{field: text}))
    assert got.status_code == 422 and words in got.content.decode() and away.asked == []


def test_settings_of_a_source_are_changed_and_its_name_stays(committed_db: object, answering: Server) -> None:
    jonas = person("integrator")
    make(settings={"base_url": answering.url})
    assert "30 min" in page(jonas, "/sources/warehouse/settings/")
    jonas.post("/sources/warehouse/settings/", form(answering, name="other", freshness="1 h", poll="2 min"))
    saved = Source.objects.get()
    assert (saved.name, saved.title, saved.poll_s) == ("warehouse", "Oulu warehouse", 120)


def test_the_console_shows_what_came_beside_what_a_rep_would_see(committed_db: object, answering: Server) -> None:
    jonas = person("integrator")
    make(settings={"base_url": answering.url})
    got = jonas.post("/sources/warehouse/console/", {"scheme": "return", "value": "RMA-1"}).content.decode()
    assert "<mark>&quot;2026-11-10T09:00:00+00:00&quot;</mark>" in got and "What a rep would see" in got
    assert not Check.objects.exists()


def test_a_delivery_shows_its_body_and_is_run_again(warehouse: Source, integrator: Client) -> None:
    at = tick()
    kept = Inbound.objects.create(source=warehouse, key="evt_1", headers={}, body=b'{"hello": "<b>"}', received_at=at)
    InboundWork.objects.create(inbound=kept, source=warehouse, state="dead", attempts=9, reason="No such order.")
    assert "Needs you" in page(integrator, "/sources/warehouse/deliveries/")
    said = page(integrator, f"/sources/warehouse/deliveries/{kept.pk}/")
    assert "{&quot;hello&quot;: &quot;&lt;b&gt;&quot;}" in said and "No such order." in said
    integrator.post(f"/sources/warehouse/rerun/{kept.pk}/")
    assert InboundWork.objects.get().state == "waiting"


def test_the_open_page_is_kept_up_to_date_by_its_parts(warehouse: Source, integrator: Client) -> None:
    checked(warehouse, 1)
    said = page(integrator, "/sources/live?at=warehouse")
    assert all(f'hx-target="#source-{part}"' in said for part in ("head", "chart", "log", "more"))
    source_pause(name="warehouse", why="", by="Jonas")
    assert "Resume" in page(integrator, "/sources/live?at=warehouse")


def test_there_is_nothing_at_an_unknown_source(integrator: Client) -> None:
    assert integrator.get("/sources/nowhere/").status_code == 404
    assert integrator.post("/sources/nowhere/pause/", {"why": "x"}).headers["Location"] == "/sources/"


@pytest.mark.parametrize(("text", "seconds"), [("30 s", 30), ("1,5 min", 90), ("2 h", 7200), ("1 day", 86400)])
def test_times_are_written_as_people_do(text: str, seconds: float) -> None:
    assert seconds_of(text) == seconds


def test_a_source_that_only_tells_is_never_said_to_wait_for_a_question(db: None) -> None:
    source_save(
        name="desk", title="Returns desk", connector="push", domain="warehouse", settings={}, freshness_s=300,
        poll_s=None,
    )  # fmt: skip
    said = page(person("integrator"), "/sources/desk/")
    assert "Nothing has arrived from Returns desk yet" in said and "what it tells shows at once" in said
    assert "as soon as a case needs it" not in said
