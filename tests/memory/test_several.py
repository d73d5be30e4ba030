"""Several questions in one case: each is answered, the main one in full, and any of them can become the main one."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.models import Case
from cases.selectors import case_view
from cases.services import Actor, question_add, question_change
from tests.api.conftest import busy_pool, caller, no_calls_counted
from tests.cases.conftest import Say

__all__ = ["busy_pool", "no_calls_counted"]
TERMS = {"title": "Terms", "version": "1", "in_force_from": "2026-01-01", "zone": "Europe/Helsinki"}


@pytest.fixture
def several(case: Case, dana: User, paid: Say) -> Case:
    """Maya asks for her refund, and for her parcel and an invoice as well."""
    refunds = {**TERMS, "document": "RF-12", "refund_days": 3, "bank_days": {"card": [5, 10]}}
    paid("policy.refunds", refunds, "policy:refunds")
    paid("policy.delivery", {**TERMS, "document": "DL-2", "days": [2, 4]}, "policy:delivery")
    paid("shipment.delivered", {"carrier": "Posti"}, "shipment:s1", "order:48-1193", ago=12)
    for question in ("order-status", "invoice-copy"):
        question_add(case=case, question=question, actor=Actor.person(dana))
    return case


def test_each_question_is_answered_and_the_main_one_as_if_it_stood_alone(several: Case, dana: User):
    view = case_view(case=several)
    assert [a.question for a in view.also] == ["order-status", "invoice-copy"]
    assert view.also[0].situation != "unknown" and view.also[0].claims
    Case.objects.get(pk=several.pk).questions.filter(main=False).delete()
    alone = case_view(case=several, at=view.at)
    assert (alone.answer, alone.draft) == (view.answer, view.draft)
    assert [f.id for f in alone.evidence.facts] == [f.id for f in view.evidence.facts]


def test_more_questions_cost_no_more_queries(several: Case):
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            case_view(case=several)
        return len(found)

    many = queries()
    several.questions.filter(main=False).delete()
    assert queries() == many


def test_one_that_is_asked_as_well_becomes_the_main_one_and_the_main_one_stays(several: Case, dana: User):
    before = case_view(case=several)
    question_change(case=several, question="order-status", actor=Actor.person(dana))
    now = case_view(case=several)
    assert now.questions == ("order-status", "invoice-copy", "refund-status")
    assert now.answer.headline == before.also[0].headline
    assert case_view(case=several, as_of=before.as_of).questions == before.questions


def test_the_page_shows_the_others_small_with_a_way_to_turn_to_them(several: Case, dana: User):
    page = Client()
    page.force_login(dana)
    shown = page.get(f"/cases/{several.reference}/").content.decode()
    assert "They ask this too: “Where is my parcel?”" in shown and shown.count("Make this the main question") == 2
    page.post(f"/cases/{several.reference}/question/", {"question": "invoice-copy", "do": "change"})
    assert case_view(case=several).question == "invoice-copy"


def test_the_api_gives_any_of_them_in_full(several: Case, dana: User):
    api, where = caller(dana), f"/api/v1/cases/{several.reference}/"
    assert [a["question"] for a in api.get(where)["also"]] == ["order-status", "invoice-copy"]
    one = api.get(f"{where}answer/", question="order-status")
    assert one["question"] == "order-status" and one["claims"] and one["draft"] == ""
    wrong = api.get(f"{where}answer/", question="cancellation")
    assert wrong.status == 400 and "not asked in the case" in wrong["detail"]
