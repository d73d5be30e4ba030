"""The board, one measure, files, API and the weekly letter: the same numbers at every door."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from cases.errors import BadInput, UnknownMeasure
from cases.measuring import MEASURES, week_of
from cases.models import Observation, TrustLetter
from cases.selectors import measure_cases, measure_detail, measure_get, trust_board
from cases.services import trust_letters_send, trust_reader_set
from tests.measuring.conftest import signed_in
from workspace.pages.trust import views

END = week_of(datetime.now(UTC)) + timedelta(days=7)
SINCE = END - timedelta(weeks=12)
SPAN = f"since={SINCE}&until={END - timedelta(days=1)}"


def test_sums_agree_with_the_observations_behind_them_however_they_are_cut(house: SimpleNamespace):
    board = trust_board(SINCE, END)
    for figure in board.figures:
        rows = Observation.objects.filter(measure=figure.measure.name)
        assert figure.now.n == rows.count() and figure.now.met == sum(r.met for r in rows), figure.measure.name
        assert sum(p.tally.n for p in figure.points) == figure.now.n
        parts = measure_detail(figure.measure.name, SINCE, END)
        assert sum(p.tally.n for p in parts.teams) == sum(p.tally.n for p in parts.questions) == figure.now.n
    refunds = trust_board(SINCE, END, team="refunds", question="refund-status").figure("volume").now.n
    assert refunds == Observation.objects.filter(measure="volume", team="refunds", question="refund-status").count()


def test_a_source_leaves_only_measures_that_have_one(house: SimpleNamespace):
    board = trust_board(SINCE, END, source="finance")
    assert {f.measure.name for f in board.figures if f.applies} == {m.name for m in MEASURES if m.by_source}
    behind = Observation.objects.filter(source="finance", measure="facts_fresh")
    assert board.figure("facts_fresh").now.n == behind.count() > 0


def test_weeks_are_whole_and_compared_with_as_many_before(house: SimpleNamespace):
    board = trust_board(SINCE + timedelta(days=2), SINCE + timedelta(days=10))
    assert (board.since, board.until) == (SINCE, SINCE + timedelta(weeks=2))
    assert (board.compare_since, board.compare_until) == (SINCE - timedelta(weeks=2), SINCE)
    with pytest.raises(BadInput, match="first day"):
        trust_board(END, SINCE)
    with pytest.raises(UnknownMeasure, match="held_up"):
        measure_get("happiness")


def test_the_list_behind_a_number_is_walked_to_its_end_without_losing_or_repeating_any(house: SimpleNamespace):
    rows, cursor = [], ""
    while cursor is not None:
        page = measure_cases("facts_fresh", SINCE, END, cursor=cursor, limit=30)
        rows += page.rows
        cursor = page.next_cursor
    assert len(rows) == page.total == Observation.objects.filter(measure="facts_fresh").count()
    assert [r.at for r in rows] == sorted((r.at for r in rows), reverse=True)
    against = measure_cases("facts_fresh", SINCE, END, against=True, limit=500)
    assert against.total == sum(not r.met for r in rows) and all(not r.met for r in against.rows)
    with pytest.raises(BadInput, match="no place"):
        measure_cases("facts_fresh", SINCE, END, cursor="yesterday")


def test_the_page_shows_number_goal_counts_and_leads_to_cases_and_replay(house: SimpleNamespace):
    client = signed_in(house.sofia)
    board = client.get(f"/trust/?{SPAN}").content.decode()
    assert all(m.title in board for m in MEASURES) and "goal at least 98%" in board and "<style" not in board
    page = client.get(f"/trust/facts_fresh/?{SPAN}&show=all").content.decode()
    one = measure_cases("facts_fresh", SINCE, END).rows[0]
    assert f'href="/cases/{one.reference}/"' in page and f'href="/cases/{one.reference}/replay/?as_of=' in page
    assert 'role="img"' in page and "<table" in page and "facts within their limit ÷ facts used in messages" in page
    assert " style=" not in board + page
    assert client.get("/trust/happiness/").status_code == 404
    assert client.get("/trust/?since=soon").status_code == 422


def test_a_file_that_would_hold_only_part_is_not_made(house: SimpleNamespace, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(views, "MOST_ROWS", 3)
    answer = signed_in(house.sofia).get(f"/trust/facts_fresh/?{SPAN}&show=all&format=csv")
    assert answer.status_code == 422 and "Choose fewer weeks" in answer.content.decode()


@pytest.mark.parametrize("days", ["until=9999-12-31", "since=0001-01-01&until=0001-01-05", "until=0001-01-01"])
def test_a_day_beyond_every_calendar_is_refused(sofia: User, days: str):
    client = signed_in(sofia)
    assert client.get(f"/trust/?{days}&compare=year").status_code == 422
    assert client.get(f"/api/v1/measures/?{days}").status_code == 400


def test_files_and_api_say_what_the_page_says(house: SimpleNamespace):
    client = signed_in(house.sofia)
    api = client.get(f"/api/v1/measures/?{SPAN}").json()
    assert client.get(f"/trust/?{SPAN}&format=json").json() == api == trust_board(SINCE, END).as_json()
    rows = list(csv.DictReader(io.StringIO(client.get(f"/trust/?{SPAN}&format=csv").content.decode())))
    assert [(r["measure"], int(r["numerator"])) for r in rows] == [
        (m["measure"], m["now"]["numerator"]) for m in api["measures"]
    ]
    one = client.get(f"/api/v1/measures/held_up/?{SPAN}&limit=500").json()
    listed = client.get(f"/trust/held_up/?{SPAN}&show=all&format=json").json()["results"]
    assert one["results"] == listed and one["total"] == one["measure"]["now"]["observations"] == len(listed)
    assert client.get("/api/v1/measures/happiness/").status_code == 404
    assert client.get("/api/v1/measures/held_up/?limit=9999").status_code == 400


def test_a_lead_sees_the_teams_that_they_lead_and_a_rep_nothing(house: SimpleNamespace):
    lead, whole = signed_in(house.lena), trust_board(SINCE, END, team="refunds").as_json()
    for team in ("", "&team=refunds"):
        assert lead.get(f"/api/v1/measures/?{SPAN}{team}").json()["measures"] == whole["measures"]
    other = lead.get(f"/api/v1/measures/?{SPAN}&team=returns").json()["measures"]
    assert {m["now"]["observations"] for m in other} == {0}
    listed = lead.get(f"/api/v1/measures/volume/?{SPAN}&limit=500").json()["results"]
    assert {r["team"] for r in listed} == {"refunds"}
    rep = User.objects.create_user("rep")
    rep.groups.add(Group.objects.get_or_create(name="rep")[0])
    assert [signed_in(rep).get(path).status_code for path in ("/trust/", "/api/v1/measures/")] == [403, 403]


def test_no_observation_names_a_person():
    fields = {f.name for f in Observation._meta.get_fields()}
    about = {"measure", "case", "key", "at", "week", "team", "question", "source", "event"}
    assert fields == {"id", *about, "met", "of", "seconds"}


# -- the weekly letter ----------------------------------------------------------------------------------
MONDAY = datetime(2026, 11, 23, 7, tzinfo=UTC)


def test_the_weekly_letter_goes_once_to_whoever_asked_for_it(house: SimpleNamespace):
    client = signed_in(house.sofia)
    client.post("/trust/letter/", {"wanted": "1"})
    assert trust_letters_send(at=MONDAY.replace(hour=5)) == 0
    assert [trust_letters_send(at=MONDAY + timedelta(hours=n)) for n in range(3)] == [1, 0, 0]
    (sent,) = mail.outbox
    assert sent.to == ["sofia@throughline.example"] and sent.subject == "Trust, 16 Nov to 22 Nov 2026"
    volume = trust_board(date(2026, 11, 16), date(2026, 11, 23)).figure("volume").now.n
    assert f"Cases opened: {volume}" in sent.body or "Cases opened: nothing counted." in sent.body
    assert trust_letters_send(at=MONDAY + timedelta(days=7)) == 1
    client.post("/trust/letter/", {"wanted": "0"})
    assert trust_letters_send(at=MONDAY + timedelta(days=14)) == 0


def test_a_letter_that_could_not_leave_is_tried_again(db: None, sofia: User, monkeypatch: pytest.MonkeyPatch):
    trust_reader_set(person=sofia, wanted=True)

    def refused(self: Any, messages: Any) -> int:
        raise ConnectionRefusedError("no mail server")

    with monkeypatch.context() as away:
        away.setattr(EmailBackend, "send_messages", refused)
        assert trust_letters_send(at=MONDAY) == 0 and not TrustLetter.objects.exists()
    assert trust_letters_send(at=MONDAY) == 1 and len(mail.outbox) == 1
