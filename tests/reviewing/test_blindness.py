"""While a review is read blind, what the system found is nowhere: no page says it, and no program."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from cases.models import Case, Review, ReviewVerdict
from cases.selectors import case_view, review_get, reviews_agreement, reviews_list
from cases.selectors.judging import statement_judged
from cases.services import review_answer, review_sign
from tests.api.conftest import caller
from tests.reviewing.conftest import PAID, Say, account, browser_of, less_is_so, told, verified, who
from workspace.pages.review.panel import moment_url

All = Callable[..., list[Review]]


@pytest.fixture
def review(case: Case, dana: User, paid: Say, all_drawn: All) -> Review:
    """Of what Dana told Maya, to be read blind."""
    told(verified(case, dana), dana, PAID)
    return all_drawn(blind=1.0)[0]


def system_words(review: Review) -> list[str]:
    """What would give away what the system found, or why it was chosen."""
    found = statement_judged(case=review.case_id, statement=review.statement)
    return [found.sentence, "matches ", "Chosen at random", *(c.text for c in found.claims)]


def pages_about(review: Review, user: User) -> dict[str, str]:
    browser, view = browser_of(user), review_get(id=review.pk, reader=user)
    replay = moment_url(view)
    paper = reverse("replay_print", args=[view.reference]) + "?" + replay.partition("?")[2]
    bare = replay.partition("&review")[0]
    addresses = {"print": paper, "replay": replay, "replay without it": bare, "queue": "/review/"}
    found = {name: browser.get(address, follow=True).content.decode() for name, address in addresses.items()}
    return {name: re.sub(r"<select.*?</select>", "", html, flags=re.S) for name, html in found.items()}


def test_from_the_sampling_on_no_page_says_what_the_system_found(review: Review, sam: User, alva: User):
    for name, html in pages_about(review, sam).items():
        assert [w for w in system_words(review) if w in html] == [], name
    assert "Read blind" in pages_about(review, sam)["replay"]
    assert system_words(review)[0] in pages_about(review, alva)["replay"]  # who signs nothing is not to be led


def test_before_the_verdict_the_api_does_not_say_it_either(review: Review, sam: User):
    api = caller(sam)
    replies = [api.get("reviews/"), api.post("reviews/next/"), api.get(f"reviews/{review.pk}/")]
    for body in (json.dumps(reply.body) for reply in replies):
        assert f'"id": {review.pk}' in body and '"blind": true' in body
        assert [w for w in system_words(review) if w in body] == [] and '"rule"' not in body


def test_a_list_by_reason_does_not_give_it_away(review: Review, sam: User):
    assert reviews_list(reader=sam, rule="random") == () and len(reviews_list(reader=sam)) == 1


def test_after_the_verdict_everything_is_shown(review: Review, sam: User):
    pages_about(review, sam)  # looking at what keeps it back opens nothing
    review_sign(review=review, verdict="yes", actor=who(sam))
    view = review_get(id=review.pk, reader=sam)
    assert view.verdict and view.verdict.blind and view.verdict.system
    assert [r.rule for r in view.reasons] == ["random"]
    assert view.verdict.system.sentence in pages_about(review, sam)["replay"]
    assert len(reviews_list(reader=sam, state="signed", rule="random")) == 1
    assert reviews_agreement(reader=sam).system_blind.pairs == 1


def test_whoever_was_shown_the_verdict_before_the_sampling_signs_as_not_blind(
    case: Case, dana: User, paid: Say, sam: User, ruth: User, all_drawn: All
):
    said = told(verified(case, dana), dana, PAID)
    assert statement_judged(case=case, statement=said).sentence in (
        browser_of(sam).get(reverse("replay", args=[case.reference])).content.decode())  # fmt: skip
    (review,) = all_drawn(blind=1.0)
    seen, fresh = (review_get(id=review.pk, reader=who_) for who_ in (sam, ruth))
    assert (seen.opened, seen.hidden, fresh.opened, fresh.hidden) == (True, False, False, True)
    assert "counts as not blind" in pages_about(review, sam)["replay"]
    review_sign(review=review, verdict="yes", actor=who(sam))
    found = reviews_agreement(reader=ruth)
    assert (found.system_blind.pairs, found.system_seen.pairs) == (0, 1)


def test_a_look_at_an_earlier_moment_has_shown_no_verdict_of_what_came_later(
    case: Case, dana: User, paid: Say, sam: User, all_drawn: All
):
    before = case_view(case=case).as_of
    told(verified(case, dana), dana, PAID)
    address = reverse("replay", args=[case.reference]) + "?" + urlencode({"as_of": before.isoformat()})
    assert browser_of(sam).get(address).status_code == 200
    assert review_get(id=all_drawn(blind=1.0)[0].pk, reader=sam).hidden


def test_what_the_system_has_said_aloud_is_kept_back_from_nobody(review: Review, case: Case, paid: Say, sam: User):
    less_is_so(case, paid)
    view = review_get(id=review.pk, reader=sam)
    assert view.opened and not view.hidden and caller(sam).get(f"reviews/{review.pk}/")["blind"] is False
    assert system_words(review)[0] in pages_about(review, sam)["replay"]
    review_sign(review=review, verdict="yes", actor=who(sam))
    assert ReviewVerdict.objects.get().blind is False


def test_no_timeline_says_that_a_review_was_asked_for_or_signed(review: Review, sam: User, dana: User):
    review_sign(review=review, verdict="no", note="A secret note.", actor=who(sam))
    review_answer(review=review, how="appeal", text="A secret reason.", actor=who(dana))
    bot = account("bot", "Bot", "program")
    for reader in (dana, sam, bot):
        for kind in ("review.sampled", "review.signed", "review.answered"):
            page = caller(reader).get(f"cases/{review.case_id}/timeline/?kind={kind}&earlier=yes")
            assert (page.status, page["results"]) == (200, [])


def test_where_it_is_not_blind_the_reason_is_said_from_the_start(case: Case, dana: User, sam: User, all_drawn: All):
    told(case, dana)
    (review,) = all_drawn()
    assert [r.rule for r in review_get(id=review.pk, reader=sam).reasons] == ["random"]


def test_a_copy_of_the_case_tells_no_second_reader_that_there_was_a_first(
    case: Case, dana: User, sam: User, ruth: User, lena: User, all_drawn: All
):
    told(case, dana)
    first, second = all_drawn(second=1.0)
    words = "Say when it arrives."
    review_sign(review=first, verdict="no", note=words, actor=who(ruth))
    review_answer(review=first, how="appeal", text="Nobody knew.", actor=who(dana))
    copy = f"cases/{case.pk}/bundle/"
    page = reverse("case_export", args=[case.reference]) + "?take=1"
    for reader in (sam, lena):
        for body in (json.dumps(caller(reader).get(copy).body), browser_of(reader).get(page).content.decode()):
            assert "review.sampled" in body and "review.signed" not in body and words not in body
    assert review_get(id=first.pk, reader=sam).state == "signed"  # that it was appealed against says what it was
    review_sign(review=second, verdict="yes", actor=who(sam))
    assert words in json.dumps(caller(sam).get(copy).body) and words not in json.dumps(caller(lena).get(copy).body)
