"""Promises that a letter makes: read while it is written, confirmed, made with it, unmade with it."""

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client

from cases.models import Case, Commitment
from cases.selectors import case_view
from cases.services import Actor, case_close, message_send
from tests.api.conftest import caller
from tests.promises.conftest import Promise

pytestmark = pytest.mark.django_db
WORDS = "Hello,\n\nwe will call you tomorrow before noon.\n\nKind regards"
CLAUSE = "we will call you tomorrow before noon"


@pytest.fixture
def web(dana: User) -> Client:
    client = Client()
    client.force_login(dana)
    return client


def send(web: Client, case: Case, **more: object) -> None:
    digest = case_view(case=case).answer.digest
    answer = web.post(f"/cases/{case.reference}/reply/", {"text": WORDS, "digest": digest, "channel": "chat", **more})
    assert answer.status_code == 302


def test_a_promise_is_read_while_it_is_written(web: Client, case: Case):
    shown = web.post(f"/cases/{case.reference}/promises/read", {"text": WORDS}).content.decode()
    assert f'name="promised" value="{CLAUSE}"' in shown and "by 12:00 tomorrow" in re.sub(r"<[^>]+>", "", shown)
    vague = web.post(f"/cases/{case.reference}/promises/read", {"text": "We will call you soon."}).content.decode()
    assert 'name="promised"' not in vague and "Say by when" in vague


def test_a_letter_makes_the_promises_that_its_writer_confirmed(web: Client, case: Case):
    send(web, case, promised=CLAUSE)
    made = Commitment.objects.get()
    assert (made.what, made.phrase, made.owner_id) == ("Call the customer", "tomorrow before noon", case.owner_id)
    assert made.statement is not None and made.statement.words == WORDS


def test_a_letter_whose_promise_is_not_confirmed_makes_none(web: Client, case: Case):
    send(web, case)
    assert not Commitment.objects.exists()


def test_a_letter_can_put_a_new_promise_in_place_of_an_old_one(web: Client, case: Case, promise: Promise):
    old = promise("Call Maya")
    send(web, case, promised=CLAUSE, **{"promise-said": CLAUSE, "promise-instead": str(old.pk)})
    old.refresh_from_db()
    assert old.state == "renegotiated" and old.evidence["told"] == "letter" and old.followed_by.state == "open"


def test_a_letter_that_is_taken_back_promised_nothing_and_the_old_promise_is_owed_again(
    web: Client, case: Case, promise: Promise, dana: User
):
    from cases.services import message_withdraw

    old, view = promise("Call Maya"), case_view(case=case)
    from cases.selectors import promised

    given = promised(view, WORDS, {CLAUSE: old.pk})
    letter = message_send(
        case=case, text=WORDS, answer_digest=view.answer.digest, actor=Actor.person(dana), promises=given, undo_s=60
    )
    message_withdraw(statement=letter, actor=Actor.person(dana))
    (owed,) = Commitment.objects.filter(state="open")
    assert (owed.what, owed.due_at) == (old.what, old.due_at)


def test_a_promise_that_was_unticked_stays_so_where_the_reply_is_refused(web: Client, case: Case):
    form = {"text": WORDS, "digest": "another answer", "channel": "chat", "promise-seen": CLAUSE}
    refused = web.post(f"/cases/{case.reference}/reply/", form)
    assert refused.status_code == 409 and not ticked(refused.content.decode())
    read = web.post(f"/cases/{case.reference}/promises/read", form)
    assert not ticked(read.content.decode())
    assert ticked(web.post(f"/cases/{case.reference}/promises/read", {**form, "promised": CLAUSE}).content.decode())


def ticked(page: str) -> bool:
    (box,) = re.findall(r'<input type="checkbox" name="promised"[^>]*>', page)
    return box.endswith(" checked>")


def test_a_reply_that_promises_in_a_closed_case_is_refused_and_its_words_stay(web: Client, case: Case, dana: User):
    case_close(case=case, actor=Actor.person(dana))
    digest = case_view(case=case).answer.digest
    form = {"text": WORDS, "digest": digest, "channel": "chat", "promised": CLAUSE, "promise-seen": CLAUSE}
    refused = web.post(f"/cases/{case.reference}/reply/", form)
    shown = refused.content.decode()
    assert refused.status_code == 409 and "The case is closed. Reopen it, then promise." in shown
    assert "we will call you tomorrow before noon.\n" in shown and not Commitment.objects.exists()


def test_a_reply_over_the_api_confirms_the_promises_in_its_words(case: Case, dana: User):
    api, where = caller(dana), f"/api/v1/cases/{case.reference}/"
    checked = api.post(f"{where}draft-check/", {"text": WORDS}).body
    words = [f["data"]["words"] for f in checked["findings"] if f["kind"] == "promise"]
    reply = {"text": WORDS, "digest": case_view(case=case).answer.digest, "channel": "chat"}
    wrong = api.post(f"{where}messages/", {**reply, "promises": [{"words": "we will see"}]})
    assert wrong.status == 400 and wrong.body["errors"][0]["pointer"] == "#/promises"
    sent = api.post(f"{where}messages/", {**reply, "promises": [{"words": w} for w in words]})
    assert sent.status == 201 and Commitment.objects.get().what == "Call the customer"
