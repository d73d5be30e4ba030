"""Promises that a letter makes: read while it is written, confirmed, made with it, unmade with it."""

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client

from cases.models import Case, Commitment
from cases.selectors import case_view
from cases.services import Actor, message_send
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
