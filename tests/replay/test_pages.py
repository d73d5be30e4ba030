"""The replay's page: links that need no script, the two cards, the cut timeline, blind reviews, and the print."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client

from cases.models import Case, Event, Statement
from cases.services import Actor, case_close, note_add
from tests.cases.conftest import Say
from tests.replay.conftest import LESS, pays, send
from tests.replay.test_replay import look


@pytest.fixture
def client(ruth: User) -> Client:
    made = Client()
    made.force_login(ruth)
    return made


@pytest.fixture
def told(approved: Case, tom: User) -> Statement:
    look(approved, tom)
    return send(approved, "Hello Maya,\n\nyour refund of €84.90 is approved.\n\nKind regards,\nTom", tom)


def at(statement: Statement) -> str:
    return statement.at.isoformat().replace("+00:00", "Z")


def page(client: Client, case: Case, **query: str) -> str:
    found = client.get(f"/cases/{case.reference}/replay/", query)
    assert found.status_code == 200
    return " ".join(found.content.decode().split())


def test_could_see_stands_beside_said(client: Client, approved: Case, told: Statement):
    html = page(client, approved, as_of=at(told))
    assert "Tom’s reply matched what we knew on" in html and "Replay, read-only" in html
    assert "What Tom could see" in html and "Tom had this answer open" in html
    assert "“Your refund of €84.90 is approved.”" in html and "“€84.90” matches Finance" in html


def test_who_looked_is_known_by_account_and_not_by_name(client: Client, approved: Case, tom: User):
    other = User.objects.create_user("tom.b", first_name=tom.first_name, last_name=tom.last_name)
    look(approved, other)
    sent = send(approved, "Your refund of €84.90 is approved.", tom)
    html = page(client, approved, as_of=at(sent))
    assert "Nothing says that Tom had the case open by then." in html and "Who else had looked" in html


def test_what_came_later_is_folded_and_set_apart(client: Client, approved: Case, told: Statement, maya: Say):
    pays(maya, LESS)
    html = page(client, approved, as_of=at(told))
    before, after = html.split('class="cut"')
    assert "Show 1 later event, not known yet" in before and "Refund of €79.90 sent" in before
    assert "Refund of €79.90 sent" not in after
    assert "Since then" in html and "could not be known at the time" in html and "no longer so" in html


def test_every_step_is_a_link_and_the_slider_a_form(client: Client, approved: Case, told: Statement, maya: Say):
    pays(maya)
    html = page(client, approved, as_of=at(told))
    steps = dict(re.findall(r'href="([^"]+)"[^>]*data-key="([.,])"', html))
    for href in steps:
        assert client.get(href.replace("&amp;", "&")).status_code == 200
    assert set(steps.values()) == {",", "."}
    first = client.get(f"/cases/{approved.reference}/replay/", {"stop": "0", "clock": "known"})
    assert first.status_code == 302 and f"as_of={approved.opened_at.isoformat()[:19]}" in first["Location"]
    last = client.get(f"/cases/{approved.reference}/replay/", {"stop": "9999"})
    assert "as_of" not in last["Location"]


def test_the_slider_says_where_it_is(client: Client, approved: Case, told: Statement):
    html = page(client, approved, as_of=at(told))
    says = re.search(r'aria-valuetext="([^"]+)"', html)
    assert says and re.search(r"Tom Brandt replied\. (\d+) of \1 events known\.", says[1])


def test_two_clocks_order_the_same_events(client: Client, approved: Case, told: Statement, maya: Say):
    maya("return.received", {}, "return:RMA-1", "order:48-1193", ago=9)
    known = page(client, approved, as_of=at(told), clock="known").split('class="cut"')
    happened = page(client, approved, as_of=at(told), clock="happened").split('class="cut"')
    assert "Parcel received" in known[0] and "Parcel received" not in known[1]
    assert 'data-group="ghost"' in happened[1] and "Parcel received" in happened[1]
    assert "happened " in known[1]


def test_a_moment_that_can_t_be_read_is_not_guessed(client: Client, approved: Case):
    assert client.get(f"/cases/{approved.reference}/replay/", {"as_of": "yesterday"}).status_code == 404
    assert client.get("/cases/999999999/replay/").status_code == 404


def test_whoever_replays_a_case_is_on_record_and_reps_may_not(client: Client, approved: Case, tom: User, ruth: User):
    page(client, approved)
    seen = Event.objects.get(case=approved, kind="case.viewed")
    assert seen.actor == str(ruth.pk) and seen.payload.data["live"] is False
    rep = Client()
    rep.force_login(tom)
    assert rep.get(f"/cases/{approved.reference}/replay/").status_code == 403


def test_the_print_names_moment_reader_and_digest(client: Client, approved: Case, told: Statement, tom: User):
    note_add(case=approved, text="She sounded cross", actor=Actor.person(tom))
    head = Event.objects.filter(case=approved, kind="note").get().digest
    path = f"/cases/{approved.reference}/replay/print/"
    whole = " ".join(client.get(path).content.decode().split())
    assert f"{head[:4]} {head[4:8]} {head[8:12]}" in whole and "by Ruth Adeyemi" in whole
    assert "She sounded cross" in whole and "Sign-off" in whole
    bare = client.get(path, {"notes": "0"}).content.decode()
    assert "She sounded cross" not in bare and "without internal notes" in bare


def test_a_closed_case_says_since_when_nothing_was_asked(client: Client, approved: Case, told: Statement, tom: User):
    assert "sources have not been asked" not in page(client, approved)
    case_close(case=approved, actor=Actor.person(tom))
    assert "sources have not been asked about it since" in page(client, approved)
    assert "sources have not been asked" not in page(client, approved, as_of=at(told))
