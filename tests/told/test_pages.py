"""The same on the case page, without any script."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client

from cases.models import Case, Statement
from cases.selectors import case_view
from cases.services import Actor, asker_verify, case_follow, message_send
from tests.api.conftest import busy_pool  # noqa: F401
from tests.cases.conftest import EUR, Say, dana, maya, opened, say, teller, tom  # noqa: F401

LESS = {"amount": "79.90", "currency": "EUR"}


@pytest.fixture
def case(maya: Say, dana: User) -> Case:  # noqa: F811
    maya("refund.approved", {"amount": EUR}, "refund:re_1", "payment:pi_1", ago=3)
    made = opened(dana)
    asker_verify(case=made, how="order_and_email", actor=Actor.person(dana))
    return made


@pytest.fixture
def page(dana: User) -> Client:  # noqa: F811
    client = Client()
    client.force_login(dana)
    return client


def reply(page: Client, case: Case, words: str, **more: object):
    digest = case_view(case=case).answer.digest
    return page.post(f"/cases/{case.reference}/reply/", {"text": words, "digest": digest, **more})


def test_a_reply_that_needs_a_reason_comes_back_with_its_words_and_is_sent_with_one(case: Case, page: Client):
    words = "Your refund of €94.90 is approved."
    refused = reply(page, case, words)
    shown = refused.content.decode()
    assert refused.status_code == 409 and words in shown and "the facts say €84.90" in shown
    key = case_check(case, words)
    assert reply(page, case, words, keep=key, why="Ten for the trouble").status_code == 302
    assert Statement.objects.get().kept[0]["why"] == "Ten for the trouble"


def case_check(case: Case, words: str) -> str:
    from cases.selectors import draft_check

    return draft_check(case=case, text=words).unanswered[0].key


def test_what_stands_under_the_draft_follows_the_words(case: Case, page: Client):
    found = page.post(f"/cases/{case.reference}/told/check", {"text": "Your refund of €84.90 is approved. So sorry!"})
    assert "€84.90" in found.content.decode() and 'class="objects"' not in found.content.decode()
    used = page.post(f"/cases/{case.reference}/told/use/", {"text": "Your refund of €94.90 is approved."})
    assert "Your refund of €84.90 is approved." in used.content.decode() and not Statement.objects.exists()


def test_words_that_come_back_with_todays_facts_still_hold_their_promise(case: Case, page: Client):
    words = "Your refund of €94.90 is approved. We will call you tomorrow before noon."
    used = page.post(f"/cases/{case.reference}/told/use/", {"text": words}).content.decode()
    assert "Your refund of €84.90 is approved." in used
    assert 'name="promised"' in used and "by 12:00 tomorrow" in used


def test_what_no_longer_holds_leads_the_talk_and_its_correction_puts_it_right(
    case: Case,
    page: Client,
    maya: Say,  # noqa: F811
    dana: User,  # noqa: F811
):
    digest = case_view(case=case).answer.digest
    message_send(case=case, text="Your refund of €84.90 is approved.", answer_digest=digest, actor=Actor.person(dana))
    maya("refund.paid", {"amount": LESS, "method": "card"}, "refund:re_1", "payment:pi_1", ago=0.01)
    case_follow(case)
    shown = page.get(f"/cases/{case.reference}/").content.decode()
    assert "What you told Maya no longer holds" in shown and 'data-key="t"' in shown
    offered = page.post(f"/cases/{case.reference}/told/correct/")
    assert 'name="settles"' in offered.content.decode() and "That has changed." in offered.content.decode()
    words = offered.context["typed"]
    sent = reply(page, case, words, settles=offered.context["settles"])
    assert sent.status_code == 302
    assert "no longer holds</h2>" not in page.get(f"/cases/{case.reference}/").content.decode()
