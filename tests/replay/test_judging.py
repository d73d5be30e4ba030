"""What was said against what could be known when it was sent, claim by claim."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User

from cases.errors import CaseNotFound
from cases.models import Case
from cases.promises.shapes import Promised
from cases.selectors import case_view, draft_check, statement_judged
from cases.services import Actor, case_close, commitment_keep, message_send
from cases.views import Judgement, Since
from tests.cases.conftest import EUR, Say, opened
from tests.replay.conftest import LESS, pays, send


def held(judged: Judgement) -> list[tuple[str, str]]:
    return [(c.words, c.held) for c in judged.claims]


def test_a_sentence_of_the_answer_matches_what_it_cites(approved: Case, tom: User):
    view = case_view(case=approved)
    sent = message_send(case=approved, text=view.draft, answer_digest=view.answer.digest, actor=Actor.person(tom))
    judged = statement_judged(case=approved, statement=sent)
    assert judged.verdict == "matched" and judged.sentence.startswith("Tom’s reply matched what we knew on")
    assert {c.type for c in judged.claims} == {"sentence"} and {c.held for c in judged.claims} == {"matches"}
    assert all(b.fact or b.check for c in judged.claims for b in c.backing)


def test_free_words_are_held_against_facts_of_their_own_kind(approved: Case, tom: User):
    sent = send(approved, "Hello, your refund of €84.90 is approved.", tom)
    judged = statement_judged(case=approved, statement=sent)
    assert [(c.type, c.held) for c in judged.claims] == [("amount", "matches"), ("status", "matches")]
    (finance,) = judged.claims[0].backing
    assert finance.title == "Finance" and finance.within and judged.claims[0].text == "matches Finance"


def test_what_differs_says_what_was_known_and_why_it_was_sent(approved: Case, tom: User):
    words = "Your refund of €79.90 is approved."
    (one,) = draft_check(case=approved, text=words).unanswered
    sent = send(approved, words, tom, kept=[{"key": one.key, "why": "Finance told me by phone"}])
    judged = statement_judged(case=approved, statement=sent)
    wrong = judged.claims[0]
    assert judged.verdict == "differed" and (wrong.held, wrong.why) == ("differs", "Finance told me by phone")
    assert "€84.90" in wrong.text and "Finance" in wrong.text


def test_what_nothing_backs_is_said_to_be_so(approved: Case, tom: User):
    words = "Your invoice was sent."
    (one,) = draft_check(case=approved, text=words).unanswered
    sent = send(approved, words, tom, kept=[{"key": one.key, "why": "Sent by hand"}])
    judged = statement_judged(case=approved, statement=sent)
    assert judged.verdict == "unbacked" and judged.claims[0].why == "Sent by hand"


def test_kind_words_alone_claim_nothing(approved: Case, tom: User):
    judged = statement_judged(case=approved, statement=send(approved, "Thank you for your patience.", tom))
    assert judged.verdict == "nothing" and judged.claims == ()


def test_what_came_later_is_no_part_of_the_verdict(approved: Case, tom: User, maya: Say):
    sent = send(approved, "Your refund of €84.90 is approved.", tom)
    before = statement_judged(case=approved, statement=sent)
    pays(maya, LESS)
    after = statement_judged(case=approved, statement=sent, until=case_view(case=approved).as_of)
    assert statement_judged(case=approved, statement=sent) == before
    assert (after.verdict, held(after)) == (before.verdict, held(before))
    turned = [c.since for c in after.claims if c.since]
    assert [s.turn for s in turned] == ["false"] and "€79.90" in turned[0].text
    assert all(c.since is None for c in before.claims)


def test_an_expectation_that_came_true_says_how_much_later(approved: Case, tom: User, maya: Say):
    sent = send(approved, "Your refund will be sent by Finance.", tom)
    assert [c.held for c in statement_judged(case=approved, statement=sent).claims] == ["open"]
    pays(maya)
    (claim,) = statement_judged(case=approved, statement=sent, until=case_view(case=approved)).claims
    assert claim.since is not None and claim.since.turn == "true" and "later" in claim.since.text


def test_a_promise_is_ours_and_since_then_kept(approved: Case, tom: User):
    due = approved.opened_at + timedelta(days=2)
    sent = send(approved, "We will call you within two days.", tom,
                promises=[Promised("Call Maya", due, phrase="within two days", zone="UTC")])  # fmt: skip
    judged = statement_judged(case=approved, statement=sent)
    assert [c.held for c in judged.claims] == ["promise"] and "a promise, due" in judged.claims[0].text
    (open_,) = statement_judged(case=approved, statement=sent, until=case_view(case=approved)).claims
    assert open_.since is not None and open_.since.turn == "due"
    promise = case_view(case=approved).promises[0]
    commitment_keep(commitment=promise.id, why="I called her", actor=Actor.person(tom))
    (kept,) = statement_judged(case=approved, statement=sent, until=case_view(case=approved)).claims
    assert kept.since == Since("kept", "kept, a moment later: I called her", kept.since and kept.since.at)


def test_a_source_past_its_limit_is_named_in_the_verdict(approved: Case, tom: User):
    sent = send(approved, "Your refund of €84.90 is approved.", tom)
    sent.at += timedelta(hours=1, seconds=30)  # the same words, sent when nobody had asked finance for an hour
    judged = statement_judged(case=approved, statement=sent)
    assert judged.verdict == "aged" and "Finance had not been asked in time" in judged.sentence


def test_each_statement_is_of_its_own_case(approved: Case, tom: User):
    other, sent = opened(tom), send(approved, "Hello", tom)
    with pytest.raises(CaseNotFound, match="no statement"):
        statement_judged(case=other, statement=sent.pk)


def test_a_judgement_is_plain_json(approved: Case, tom: User):
    sent = send(approved, "Your refund of €84.90 is approved.", tom)
    case_close(case=approved, actor=Actor.person(tom))
    found = statement_judged(case=approved, statement=sent, until=case_view(case=approved)).as_json()
    assert found["verdict"] == "matched" and found["claims"][0]["backing"][0]["limit_s"] == 3600
    assert str(EUR["amount"]) in found["claims"][0]["words"]
