"""Promises on the pages: made, answered for, on the queue and on one's day."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client

from cases.models import Case, Commitment
from cases.services import promises_sweep
from tests.promises.conftest import Promise

pytestmark = pytest.mark.django_db


@pytest.fixture
def web(dana: User) -> Client:
    client = Client()
    client.force_login(dana)
    return client


def text(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", answer.content.decode()))


def test_a_promise_made_by_the_button_stands_on_the_case_the_queue_and_the_day(web: Client, case: Case):
    form = {"what": "Call Maya back", "phrase": "in 3 days", "keeps_kind": "", "key": "k1"}
    for _ in range(2):  # pressed twice, promised once
        web.post(f"/cases/{case.reference}/promises/", form)
    assert Commitment.objects.count() == 1
    assert "1 open promise" in text(web.get(f"/cases/{case.reference}/"))
    assert "Promise: by the end of" in text(web.get("/cases/"))
    assert "Call Maya back" in text(web.get("/day/"))


def test_what_names_no_time_comes_back_with_the_words_and_the_question(web: Client, case: Case):
    form = {"what": "Call Maya back", "phrase": "as soon as possible", "keeps_kind": "", "key": "k1"}
    answer = web.post(f"/cases/{case.reference}/promises/", form)
    assert answer.status_code == 422 and "Say by when: a day, or a time." in text(answer)
    assert 'value="as soon as possible"' in answer.content.decode()


@pytest.mark.parametrize(
    ("verb", "given", "state"),
    [("keep", {"why": "Called"}, "kept"), ("withdraw", {"why": "Made in error"}, "withdrawn"),
     ("break", {"why": "Nobody answered"}, "broken"),
     ("renegotiate", {"why": "Busy", "phrase": "in 4 days", "told": "phone"}, "renegotiated")],
)  # fmt: skip
def test_a_promise_is_answered_for(web: Client, case: Case, promise: Promise, verb: str, given: dict, state: str):
    made = promise()
    assert web.post(f"/cases/{case.reference}/promises/{made.pk}/{verb}/", given).status_code == 302
    made.refresh_from_db()
    assert made.state == state and made.evidence["why"] == given["why"]


def test_closing_says_which_promise_stands_in_the_way(web: Client, case: Case, promise: Promise):
    promise("Call Maya back")
    answer = web.post(f"/cases/{case.reference}/close/", follow=True)
    assert "can’t be closed while one promise is open: “Call Maya back” (Dana Okafor, by" in text(answer)


def test_an_alert_stands_on_every_page_until_it_was_seen(web: Client, case: Case, promise: Promise, sofia: User):
    promises_sweep(at=promise().due_at + timedelta(hours=2))
    for page in ("/cases/", f"/cases/{case.reference}/", "/day/bell"):
        assert "1 alert" in text(web.get(page))
    assert "Late, was due" in text(web.get("/day/"))
    web.post("/day/seen/")
    assert "No alerts" in text(web.get("/cases/"))


def test_a_day_with_nothing_promised_says_so(web: Client):
    assert "Nothing promised for today" in text(web.get("/day/"))
    assert "Nothing promised for today" in text(web.get("/cases/"))
