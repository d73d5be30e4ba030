"""While a review is read blind, what the system found is nowhere: no page says it, and no program."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from cases.models import Case, Review, Statement
from cases.selectors import review_get, reviews_list
from cases.selectors.judging import statement_judged
from cases.services import review_answer, review_sign, review_take, reviews_sweep
from tests.api.conftest import caller
from tests.reviewing.conftest import browser_of, told, who
from workspace.pages.review.panel import moment_url

All = Callable[..., list[Review]]


@pytest.fixture
def review(case: Case, dana: User, broken: Statement, settings: Any) -> Review:
    """Of what Dana told Maya and that holds no longer, to be read blind."""
    settings.REVIEW_BLIND_SHARE = 1.0
    reviews_sweep()
    return Review.objects.get()


def system_words(review: Review) -> list[str]:
    """What would give away what the system found, or that it found something."""
    found = statement_judged(case=review.case_id, statement=review.statement)
    return [found.sentence, "matches ", "What was told holds no longer", *(c.text for c in found.claims)]


def pages_about(review: Review, user: User) -> dict[str, str]:
    browser, view = browser_of(user), review_get(id=review.pk, reader=user)
    replay = moment_url(view)
    paper = reverse("replay_print", args=[view.reference]) + "?" + replay.partition("?")[2]
    bare = replay.partition("&review")[0]
    addresses = {"print": paper, "replay": replay, "replay without it": bare, "queue": "/review/"}
    found = {name: browser.get(address, follow=True).content.decode() for name, address in addresses.items()}
    return {name: re.sub(r"<select.*?</select>", "", html, flags=re.S) for name, html in found.items()}


def test_before_the_verdict_no_page_says_what_the_system_found(review: Review, sam: User):
    review_take(review=review, actor=who(sam))
    for name, html in pages_about(review, sam).items():
        assert [w for w in system_words(review) if w in html] == [], name
    assert "Read blind" in pages_about(review, sam)["replay"]


def test_before_the_verdict_the_api_does_not_say_it_either(review: Review, sam: User):
    api = caller(sam)
    replies = [api.get("reviews/"), api.post("reviews/next/"), api.get(f"reviews/{review.pk}/")]
    for body in (json.dumps(reply.body) for reply in replies):
        assert f'"id": {review.pk}' in body
        assert [w for w in system_words(review) if w in body] == [] and "told_broken" not in body


def test_a_list_by_reason_does_not_give_it_away(review: Review, sam: User):
    assert reviews_list(reader=sam, rule="told_broken") == () and len(reviews_list(reader=sam)) == 1


def test_after_the_verdict_everything_is_shown(review: Review, sam: User):
    review_sign(review=review, verdict="yes", actor=who(sam))
    view = review_get(id=review.pk, reader=sam)
    assert view.verdict and view.verdict.blind and view.verdict.system
    assert [r.rule for r in view.reasons] == ["told_broken"]
    assert view.verdict.system.sentence in pages_about(review, sam)["replay"]
    assert len(reviews_list(reader=sam, state="signed", rule="told_broken")) == 1


def test_the_timeline_of_programs_tells_no_verdict(review: Review, sam: User, dana: User):
    review_sign(review=review, verdict="no", note="A secret note.", actor=who(sam))
    review_answer(review=review, how="appeal", text="A secret reason.", actor=who(dana))
    for kind in ("review.sampled", "review.signed", "review.answered"):
        body = json.dumps(caller(sam).get(f"cases/{review.case_id}/timeline/?kind={kind}").body)
        assert "secret" not in body and "told_broken" not in body and '"verdict"' not in body


def test_where_it_is_not_blind_the_reason_is_said_from_the_start(case: Case, dana: User, sam: User, all_drawn: All):
    told(case, dana)
    (review,) = all_drawn()
    assert [r.rule for r in review_get(id=review.pk, reader=sam).reasons] == ["random"]


def test_a_copy_of_the_case_tells_no_second_reader_what_the_first_found(
    case: Case, dana: User, sam: User, ruth: User, lena: User, all_drawn: All
):
    told(case, dana)
    first, second = all_drawn(second=1.0)
    words = "Say when it arrives."
    review_sign(review=first, verdict="no", note=words, actor=who(ruth))
    copy = f"cases/{case.pk}/bundle/"
    assert words not in json.dumps(caller(sam).get(copy).body) + json.dumps(caller(lena).get(copy).body)
    review_sign(review=second, verdict="yes", actor=who(sam))
    assert words in json.dumps(caller(sam).get(copy).body) and words not in json.dumps(caller(lena).get(copy).body)
