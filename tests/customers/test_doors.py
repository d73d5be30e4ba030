"""The same by page and by API: a rep decides who is who, with a reason."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.test import Client

from cases.models import Case
from cases.selectors import case_view
from tests.api.conftest import busy_pool, caller, no_calls_counted
from tests.customers.conftest import whose

__all__ = ["busy_pool", "no_calls_counted"]


def rep(dana: User) -> Client:
    client = Client()
    client.force_login(dana)
    return client


def test_the_page_asks_who_it_is_and_takes_that_they_are_one(asked: Case, hers: Case, dana: User):
    page, where = rep(dana), f"/cases/{asked.reference}/"
    shown = page.get(where).content.decode()
    assert "Who is this?" in shown and "customer 2" in shown
    page.post(f"{where}customer/", {"customer": whose(hers).pk, "why": "Same voice", "do": "same"})
    shown = page.get(where).content.decode()
    assert "Who is this?" not in shown and "One person with M. Lindqvist" in shown and "Same voice" in shown


def test_the_page_takes_that_they_are_two_after_all(asked: Case, hers: Case, dana: User):
    page, where = rep(dana), f"/cases/{asked.reference}/"
    page.post(f"{where}customer/", {"customer": whose(hers).pk, "why": "Same voice", "do": "same"})
    (merge,) = case_view(case=asked).person.merges
    page.post(f"{where}customer/", {"merge": merge.id, "why": "Her sister", "do": "two"})
    assert "Who is this?" in page.get(where).content.decode()


def test_the_page_takes_whose_case_it_is(asked: Case, his: Case, dana: User):
    page, where = rep(dana), f"/cases/{asked.reference}/"
    page.post(f"{where}customer/", {"customer": whose(his).pk, "why": "His number", "do": "apart"})
    assert whose(asked) == whose(his) and "Who is this?" not in page.get(where).content.decode()


def test_the_page_takes_the_number_of_another_persons_case(hers: Case, his: Case, dana: User):
    page, where = rep(dana), f"/cases/{hers.reference}/"
    told = page.post(f"{where}customer/", {"case": "99999999", "why": "Same", "do": "with"}, follow=True)
    assert "There is no case" in told.content.decode()
    page.post(f"{where}customer/", {"case": his.reference, "why": "Same", "do": "with"})
    assert [o.reference for o in case_view(case=hers).others] == [his.reference]


def test_programs_read_candidates_and_people_decide_over_the_api(asked: Case, hers: Case, his: Case, dana: User):
    api, where = caller(dana), f"/api/v1/cases/{asked.reference}/"
    person = api.get(where).body["person"]
    assert {c["name"] for c in person["candidates"]} == {"Maya Lindqvist", "M. Lindqvist"}
    both = {"keep": whose(hers).pk, "other": whose(his).pk}
    made = api.post("/api/v1/customers/merge/", {**both, "why": "Same", "case": asked.reference})
    assert made.status == 201 and api.get(where).body["person"]["merges"][0]["by"] == "Dana Okafor"
    ended = api.post("/api/v1/customers/unmerge/", {"merge": made.body["merge"], "why": "No"})
    assert ended.status == 200 and len(api.get(where).body["person"]["candidates"]) == 2
    chosen = api.post(f"{where}customer/", {"customer": whose(hers).pk, "why": "Hers"})
    assert chosen.status == 200 and chosen.body["person"]["candidates"] == []
