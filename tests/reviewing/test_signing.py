"""Who takes, signs, answers and decides; and that two are never one."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

from cases.errors import BadInput, NotYours, ReviewNotFound, WrongState
from cases.models import Case, Review, ReviewVerdict
from cases.selectors import (
    alerts_of,
    chain_verify,
    review_get,
    reviews_counts,
    reviews_list,
    reviews_mine,
)
from cases.services import (
    Actor,
    case_open,
    review_next,
    review_sign,
    review_take,
    reviews_sweep,
)
from tests.reviewing.conftest import account, told, who

All = Callable[..., list[Review]]


@pytest.fixture
def review(case: Case, dana: User, all_drawn: All) -> Review:
    """Of what Dana told Maya."""
    told(case, dana)
    return all_drawn()[0]


@pytest.fixture
def noted(review: Review, sam: User) -> Review:
    """Signed off by Sam, with a note for Dana."""
    review_sign(review=review, verdict="partly", note="Say by when, too.", coaching=["promise"], actor=who(sam))
    return review


# Taking


def test_the_oldest_comes_first_and_going_on_leaves_it_free(case: Case, dana: User, sam: User, all_drawn: All):
    for n in "ab":
        told(case, dana, f"We look into it, {n}.")
    one, two = all_drawn()
    assert review_next(actor=who(sam)) == one and review_next(actor=who(sam)) == one
    assert review_next(actor=who(sam), after=one.pk) == two
    one.refresh_from_db()
    assert one.claimed_by is None
    assert review_next(actor=who(sam), after=two.pk) == one


def test_what_another_reads_is_not_given_and_is_free_again_after_half_an_hour(review: Review, sam: User, ruth: User):
    assert review_next(actor=who(sam)) == review and review_next(actor=who(ruth)) is None
    with pytest.raises(WrongState, match="Sam is reading this just now"):
        review_take(review=review, actor=who(ruth))
    Review.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    assert review_next(actor=who(ruth)) == review


def test_nobody_reviews_their_own_work(case: Case, sam: User, ruth: User, all_drawn: All):
    told(case, sam)
    (review,) = all_drawn()
    assert review_next(actor=who(sam)) is None
    with pytest.raises(NotYours, match="had a part in this"):
        review_sign(review=review, verdict="yes", actor=who(sam))
    assert review_next(actor=who(ruth)) == review


def test_a_lead_reviews_the_own_team_and_reads_no_other(case: Case, dana: User, lena: User, all_drawn: All):
    told(case, dana)
    (review,) = all_drawn()
    other = account("otto", "Otto", "lead")
    assert review_next(actor=who(lena)) == review
    assert reviews_list(reader=other) == () and review_next(actor=who(other)) is None
    with pytest.raises(NotYours, match="Only a supervisor, or the lead"):
        review_sign(review=review, verdict="yes", actor=who(other))


def test_auditors_read_everything_and_sign_nothing(review: Review, alva: User):
    assert [r.id for r in reviews_list(reader=alva)] == [review.pk]
    assert review_next(actor=who(alva)) is None
    with pytest.raises(NotYours):
        review_sign(review=review, verdict="yes", actor=who(alva))


def test_programs_sign_nothing(review: Review, sam: User):
    with pytest.raises(NotYours, match="by people"):
        review_sign(review=review, verdict="yes", actor=Actor.program(sam))


def test_ten_reviewers_at_once_are_given_ten_different_reviews(committed_db: object, request: pytest.FixtureRequest):
    case, dana, draw = (request.getfixturevalue(n) for n in ("case", "dana", "all_drawn"))
    for n in range(10):
        told(case, dana, f"We look into it, {'x' * n}.")
    draw()
    people = [account(f"boss{n}", f"Boss{n}", "supervisor") for n in range(10)]
    given, start = [], threading.Barrier(10)

    def take(user: User) -> None:
        start.wait()
        try:
            found = review_next(actor=who(user))
            given.append(found.pk if found else None)
        finally:
            connection.close()

    threads = [threading.Thread(target=take, args=(u,)) for u in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(given) == 10 and None not in given and len(set(given)) == 10


def test_of_two_who_sign_at_once_one_is_told_that_it_is_done(committed_db: object, request: pytest.FixtureRequest):
    case, dana, sam, ruth, draw = (request.getfixturevalue(n) for n in ("case", "dana", "sam", "ruth", "all_drawn"))
    told(case, dana)
    (review,) = draw()
    ends, start = [], threading.Barrier(2)

    def sign(user: User) -> None:
        start.wait()
        try:
            review_sign(review=review, verdict="yes", actor=who(user))
            ends.append("signed")
        except WrongState as error:
            ends.append(str(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=sign, args=(u,)) for u in (sam, ruth)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(ends) == ["This review is signed off already.", "signed"]
    assert ReviewVerdict.objects.count() == 1 and chain_verify(case).intact


def test_sweeps_at_once_ask_for_everything_once(committed_db: object, request: pytest.FixtureRequest, settings: Any):
    case, dana = (request.getfixturevalue(n) for n in ("case", "dana"))
    for n in range(4):
        told(case, dana, f"We look into it, {'x' * n}.")
    settings.REVIEW_SHARE = settings.REVIEW_SECOND_SHARE = 1.0
    found, start = [], threading.Barrier(3)

    def sweep() -> None:
        start.wait()
        try:
            found.append(reviews_sweep())
        finally:
            connection.close()

    threads = [threading.Thread(target=sweep) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sum(found) == 4 and len(found) == 3
    assert Review.objects.count() == 8 and chain_verify(case).intact


# The verdict


def test_a_verdict_is_chosen_and_a_no_says_why(review: Review, sam: User):
    with pytest.raises(BadInput, match="yes, partly or no"):
        review_sign(review=review, verdict="", actor=who(sam))
    with pytest.raises(BadInput, match="Say why"):
        review_sign(review=review, verdict="no", actor=who(sam))
    with pytest.raises(BadInput, match="not in the list of coaching"):
        review_sign(review=review, verdict="yes", coaching=["smile"], actor=who(sam))
    assert not ReviewVerdict.objects.exists()


def test_a_signed_verdict_keeps_what_the_system_found_and_can_not_be_changed(noted: Review, sam: User):
    view = review_get(id=noted.pk, reader=sam)
    assert view.verdict is not None and view.verdict.system is not None
    assert (view.verdict.note, view.verdict.coaching) == ("Say by when, too.", ("promise",))
    assert view.verdict.system.sentence
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        ReviewVerdict.objects.update(verdict="yes")
    with pytest.raises(WrongState, match="signed off already"):
        review_sign(review=noted, verdict="yes", actor=who(sam))


def test_whoever_is_reviewed_hears_of_it_once_and_reads_it(noted: Review, dana: User, tom: User):
    (alert,) = alerts_of(person=dana)
    assert alert.kind == "review.note" and "Sam has read what you did" in alert.text
    assert [r.id for r in reviews_mine(person=dana)] == [noted.pk] and reviews_mine(person=tom) == ()
    with pytest.raises(ReviewNotFound):
        review_get(id=noted.pk, reader=tom)


def test_a_yes_without_words_bothers_nobody(review: Review, sam: User, dana: User):
    review_sign(review=review, verdict="yes", actor=who(sam))
    assert alerts_of(person=dana) == () and reviews_mine(person=dana) == ()


def test_case_without_team_is_for_supervisors(maya: object, dana: User, sam: User, all_drawn: All):
    case = case_open(question="refund-status", refs=("order:48-1193",), message="Where is it?", actor=who(dana))
    told(case, dana)
    all_drawn()
    assert reviews_counts(reader=sam).free == 1 and reviews_sweep() == 0
