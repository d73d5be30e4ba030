"""The ledger's pages, the API, and what of people's looking is on record."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.utils import timezone

from cases.models import Access, Case, Event, Review
from cases.services import Actor, access_record, case_viewed, measures_follow
from cases.services.ledger import ledger_runs_go
from tests.ledger.conftest import opened
from workspace.disclosing import SHOWN
from workspace.rights import TABLE


def browser_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def sam(db: None) -> User:
    return _account("sam", "Sam Field", "supervisor")


@pytest.fixture
def alva(db: None) -> User:
    return _account("alva", "Alva Berg", "auditor")


def _account(name: str, full: str, role: str) -> User:
    first, _, last = full.partition(" ")
    user = User.objects.create_user(name, first_name=first, last_name=last)
    user.groups.add(Group.objects.get_or_create(name=role)[0])
    return user


def test_a_supervisor_asks_for_a_verification_and_reads_what_it_found(three_days: Case, sam: User):
    page = browser_of(sam)
    assert "Nobody has verified history here yet" in page.get("/ledger/").content.decode()
    assert page.post("/ledger/verify/").status_code == 302
    assert "Being verified again" in page.get("/ledger/").content.decode()
    assert ledger_runs_go() == 1
    html = page.get("/ledger/").content.decode()
    assert (
        "Nobody changed history" in html
        and "all as they were written." in html
        and "3 signed daily anchors" in html
        and "3 signed days" in html
    )
    assert "Verified" in page.get("/ledger/live").content.decode()


def test_auditors_read_verify_and_take_the_anchors_along_and_reps_do_not(three_days: Case, alva: User, dana: User):
    given = browser_of(alva).get("/ledger/anchors.json")
    assert len(json.loads(given.content)["anchors"]) == 3 and "attachment" in given["Content-Disposition"]
    assert browser_of(dana).get("/ledger/").status_code == 403
    assert browser_of(dana).post("/ledger/verify/").status_code == 403
    assert browser_of(alva).post("/ledger/verify/").status_code == 302 and ledger_runs_go() == 1


@pytest.mark.parametrize("path", ["trust/volume/", "api/v1/measures/volume/", "review/", "api/v1/reviews/"])
def test_cases_behind_a_measure_and_those_to_review_are_lists_too(case: Case, dana: User, sam: User, path: str):
    assert measures_follow() > 0
    Review.objects.create(case=case, event=case.events.earliest("pk"), person=dana, wanted_at=case.opened_at)
    assert browser_of(sam).get(f"/{path}").status_code == 200
    seen = Access.objects.get(what="list")
    assert (seen.cases, seen.actor) == ([case.pk], str(sam.pk))


def test_a_search_a_list_and_a_print_are_on_record(case: Case, dana: User, sam: User):
    rep = browser_of(dana)
    for _ in range(2):
        assert rep.get("/cases/matches?q=maya").status_code == 200
    assert rep.get("/cases/matches?q=nobody-of-that-name").status_code == 200
    search = Access.objects.get(what="search")
    assert search.cases == [case.pk] and search.actor == str(dana.pk) and search.route == "cases_matches"
    assert rep.get("/api/v1/cases/").status_code == 200 and Access.objects.get(what="list").cases == [case.pk]
    assert rep.get(f"/api/v1/cases/{case.pk}/").status_code == 200 and Access.objects.filter(what="case").count() == 1
    assert browser_of(sam).get(f"/cases/{case.pk}/replay/print/").status_code == 200
    assert Access.objects.get(what="print").cases == [case.pk]
    assert not Event.objects.filter(payload__data__icontains="matches?q").exists()


def test_every_route_whose_looks_are_recorded_is_one(db: None):
    assert set(SHOWN) <= set(TABLE)


def test_looks_are_found_by_person_case_customer_and_time(case: Case, dana: User, tom: User, sam: User):
    other = opened(tom, "order:77-1", message="Another matter")
    now = timezone.now()
    case_viewed(case=case, actor=Actor.person(dana), as_of=now, at=now)
    browser_of(tom).get("/cases/matches?q=maya")
    page, customer = browser_of(sam), Case.objects.get(pk=case.pk).customer_id

    def found(**asked: Any) -> int:
        return page.get("/ledger/access/", asked).content.decode().count('<p class="who">')

    assert found() == 2 and found(person="dana") == 1 and found(case=case.pk) == 2 and found(case=other.pk) == 0
    assert found(customer=customer) == 2 and found(since=(now + timedelta(days=1)).date()) == 0
    assert "There is nobody with the user name" in page.get("/ledger/access/?person=zoe").content.decode()
    html = page.get("/ledger/access/").content.decode()
    assert "Tom Brandt" in html and "saw what a search found" in html and "saw the case" in html


def test_older_looks_are_reached_page_by_page(case: Case, dana: User, sam: User):
    from cases.selectors.ledger import access_search

    for number in range(7):
        access_record(actor=Actor.person(dana), what="letter", why=f"Letter {number}")
    seen, before = [], ""
    for _ in range(4):
        rows, before = access_search(before=before, limit=2)
        seen += [row.why for row in rows]
    assert seen == [f"Letter {number}" for number in reversed(range(7))] and before == ""


def test_a_case_is_taken_along_by_page_and_api(three_days: Case, sam: User, dana: User):
    page = browser_of(sam)
    assert f'href="/cases/{three_days.pk}/export/"' in page.get(f"/cases/{three_days.pk}/replay/").content.decode()
    assert "Take case" in page.get(f"/cases/{three_days.pk}/export/").content.decode()
    taken = page.get(f"/cases/{three_days.pk}/export/", {"take": "1", "notes": "0"})
    assert json.loads(taken.content)["case"] == str(three_days.pk) and "attachment" in taken["Content-Disposition"]
    given = page.get(f"/api/v1/cases/{three_days.pk}/bundle/")
    assert json.loads(given.content)["signature"] and browser_of(dana).get(
        f"/api/v1/cases/{three_days.pk}/bundle/").status_code == 403  # fmt: skip
    assert Access.objects.filter(what="export", cases=[three_days.pk]).count() == 2


def test_the_api_tells_the_state_and_who_looked(three_days: Case, sam: User, alva: User):
    page = browser_of(sam)
    assert page.post("/api/v1/ledger/verify/", content_type="application/json").status_code == 202
    ledger_runs_go()
    state = page.get("/api/v1/ledger/").json()
    assert state["last"]["state"] == "intact" and state["anchored"] == 3 and state["now"] is None
    looks = browser_of(alva).get("/api/v1/ledger/access/?person=dana").json()["results"]
    assert looks[0]["what"] == "what a search found" and looks[0]["cases"] == [str(three_days.pk)]
    assert len(page.get("/api/v1/ledger/anchors/").json()["anchors"]) == 3


def test_a_place_that_no_page_gave_is_refused_or_read_as_a_time(case: Case, dana: User, alva: User):
    access_record(actor=Actor.person(dana), what="letter", why="Letter 1")
    page = browser_of(alva)
    assert page.get("/ledger/access/", {"before": "2100-01-01T00:00 v1"}).status_code == 200
    assert "does not go on from there" in page.get("/ledger/access/", {"before": "never"}).content.decode()


def test_an_auditor_takes_a_case_along_masked_and_it_is_read_once(three_days: Case, alva: User, monkeypatch: Any):
    from cases import selectors

    read, view = [], selectors.case_view
    monkeypatch.setattr(selectors, "case_view", lambda **asked: read.append(1) or view(**asked))
    taken = browser_of(alva).get(f"/cases/{three_days.pk}/export/", {"take": "1"}).content.decode()
    assert json.loads(taken)["events"] and "maya@example.com" not in taken and len(read) == 1
