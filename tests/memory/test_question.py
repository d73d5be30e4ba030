"""The question of a case: read from the first message, shown as a proposal, changed by one key."""

from __future__ import annotations

import json

import pytest
from django.contrib.auth.models import User
from django.test import Client

from cases.errors import UnknownQuestion
from cases.models import Case
from cases.selectors import case_view, chain_verify, queue
from cases.services import Actor, case_open, question_add, question_change
from tests.cases.conftest import Say, opened
from tests.memory.conftest import wrote

CANCEL = "Please cancel my order 48-1193. I ordered it by mistake."


@pytest.fixture
def web(dana: User) -> Client:
    client = Client()
    client.force_login(dana)
    return client


def came(text: str, **more: object) -> Case:
    return case_open(refs=["email:maya@example.com"], message=text, actor=Actor.customer("Maya"), **more)  # type: ignore[arg-type]


def test_where_nobody_says_the_first_message_does_and_its_numbers_are_the_case_s(maya: Say, dana: User):
    view = case_view(case=came(CANCEL, owner=dana))
    assert (view.question, view.chosen) == ("cancellation", "words")
    assert view.evidence_words == ("cancel my order", "ordered it by mistake") and view.proposal is None
    assert [str(r) for r in view.refs] == ["email:maya@example.com", "order:48-1193"]


def test_words_that_say_nothing_leave_the_default_and_say_so(maya: Say, dana: User, web: Client):
    case = came("Hello?", owner=dana)
    assert (case_view(case=case).question, case_view(case=case).chosen) == ("refund-status", "default")
    assert "Their words name no question" in web.get(f"/cases/{case.reference}/").content.decode()


def test_the_subject_of_a_letter_is_read_too(maya: Say, dana: User):
    assert case_view(case=came("See above. Thanks", subject="Cancel my order", owner=dana)).question == "cancellation"


def test_a_person_s_choice_stands_and_the_words_only_propose(maya: Say, dana: User, web: Client):
    case = opened(dana, message=CANCEL)
    view = case_view(case=case)
    assert (view.question, view.chosen) == ("refund-status", "given")
    assert view.proposal and view.proposal.question == "cancellation"
    page = web.get(f"/cases/{case.reference}/").content.decode()
    assert "“cancel my order”" in page and page.count('data-key="q"') == 1
    web.post(f"/cases/{case.reference}/question/", {"question": view.proposal.question})
    now = case_view(case=case)
    assert now.question == "cancellation" and now.proposal is None and now.answer.question == "cancellation"
    assert queue(owner=dana)[0].question == "cancellation"


def test_what_a_person_changed_is_not_put_in_doubt_again(maya: Say, dana: User):
    case = opened(dana, message=CANCEL)
    question_change(case=case, question="order-status", actor=Actor.person(dana))
    wrote(case, CANCEL)
    assert case_view(case=case).proposal is None


def test_the_past_shows_the_question_of_then(case: Case, dana: User):
    before = case_view(case=case)
    question_add(case=case, question="order-status", actor=Actor.person(dana))
    between = case_view(case=case).as_of
    question_change(case=case, question="cancellation", actor=Actor.person(dana), why="She says so")
    assert case_view(case=case).questions == ("cancellation", "order-status")
    assert case_view(case=case, as_of=between).questions == ("refund-status", "order-status")
    then = case_view(case=case, as_of=before.as_of)
    assert then.questions == ("refund-status",) and then.answer.digest == before.answer.digest
    assert chain_verify(case).intact


def test_the_same_again_writes_nothing(case: Case, dana: User):
    for _ in range(2):
        question_add(case=case, question="order-status", actor=Actor.person(dana))
        question_change(case=case, question="order-status", actor=Actor.person(dana))
    assert case_view(case=case).questions == ("order-status", "refund-status")
    assert case.events.filter(kind="question.changed").count() == 2
    with pytest.raises(UnknownQuestion, match="Use one of"):
        question_change(case=case, question="weather", actor=Actor.person(dana))


def test_the_api_opens_without_a_question_tells_what_it_read_and_changes_it(maya: Say, dana: User, web: Client):
    def post(path: str, body: dict[str, object]) -> dict[str, object]:
        sent = web.post(f"/api/v1/{path}", json.dumps(body), content_type="application/json")
        assert sent.status_code in (200, 201), sent.content
        return sent.json()

    made = post("cases/", {"refs": ["email:maya@example.com"], "message": CANCEL + " Please don't call me."})
    assert (made["question"], made["chosen"], made["chosen_by"][0]) == ("cancellation", "words", "cancel my order")
    assert ("call", "Please don't call me.") in [(p["key"], p["words"]) for p in made["pinned"]]
    changed = post(f"cases/{made['reference']}/question/", {"question": "order-status", "added": True})
    assert changed["questions"] == ["cancellation", "order-status"]


def test_what_was_told_stands_on_the_page_with_its_words(case: Case, web: Client):
    wrote(case, "Please don't call me. It is about RMA-77120 too.")
    page = web.get(f"/cases/{case.reference}/").content.decode()
    assert "Told already" in page and "Asked not to be called" in page and "Add it to the case" in page
    web.post(f"/cases/{case.reference}/refs/", {"ref": "return:RMA-77120"})
    assert "Add it to the case" not in web.get(f"/cases/{case.reference}/").content.decode()
    check = web.post(f"/cases/{case.reference}/told/check", {"text": "We will call you. What is your order number?"})
    assert "Asked not to be called: “Please don&#x27;t call me.”" in check.content.decode()
