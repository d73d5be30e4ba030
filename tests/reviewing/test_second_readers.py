"""Two who read the same without knowing of each other, and how far reviewers agree."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User

from cases.errors import NotYours, WrongState
from cases.models import Case, Review
from cases.selectors import (
    review_get,
    reviews_agreement,
    reviews_counts,
    reviews_list,
)
from cases.services import (
    review_answer,
    review_decide,
    review_next,
    review_sign,
)
from tests.reviewing.conftest import told, who

All = Callable[..., list[Review]]


def test_two_independent_reviews_go_to_two_people_and_neither_reads_the_other_first(
    case: Case, dana: User, sam: User, ruth: User, all_drawn: All
):
    told(case, dana)
    one, two = all_drawn(second=1.0)
    assert [r.id for r in reviews_list(reader=ruth)] == [one.pk] and reviews_counts(reader=ruth).waiting == 1
    assert review_next(actor=who(sam)) == one and review_next(actor=who(ruth)) is None
    review_sign(review=one, verdict="no", note="Where is the day?", actor=who(sam))
    assert review_next(actor=who(sam)) is None
    with pytest.raises(NotYours):
        review_sign(review=two, verdict="no", note="Again.", actor=who(sam))
    assert review_next(actor=who(ruth)) == two
    assert reviews_list(reader=ruth, state="signed") == () and len(reviews_list(reader=sam, state="signed")) == 1
    seen = review_get(id=one.pk, reader=ruth)
    assert seen.sealed and seen.verdict is None and seen.reasons == ()
    assert "Where is the day?" not in str(seen.as_json()) and review_get(id=one.pk, reader=sam).verdict
    review_sign(review=two, verdict="yes", actor=who(ruth))
    assert review_get(id=one.pk, reader=ruth).verdict and review_get(id=two.pk, reader=sam).verdict


def test_an_appeal_against_the_first_of_two_waits_for_the_second(
    case: Case, dana: User, sam: User, ruth: User, all_drawn: All
):
    told(case, dana)
    one, two = all_drawn(second=1.0)
    review_sign(review=one, verdict="no", note="Where is the day?", actor=who(sam))
    review_answer(review=one, how="appeal", text="Nobody knew.", actor=who(dana))
    assert reviews_counts(reader=ruth).appeals == 0 and not review_get(id=one.pk, reader=ruth).may_decide
    with pytest.raises(WrongState, match="still reads the same"):
        review_decide(review=one, outcome="stands", why="So.", actor=who(ruth))
    review_sign(review=two, verdict="yes", actor=who(ruth))
    assert reviews_counts(reader=ruth).appeals == 1
    review_decide(review=one, outcome="changed", verdict="yes", why="Nobody did.", actor=who(ruth))


def test_agreement_counts_pairs_and_names_nobody(case: Case, dana: User, sam: User, ruth: User, all_drawn: All):
    for n in range(3):
        told(case, dana, f"We look into it, {'x' * n}.")
    pairs = all_drawn(second=1.0)
    for n, review in enumerate(pairs):
        by, verdict = (sam, "yes") if review.first is None else (ruth, "yes" if n < 4 else "partly")
        review_sign(review=review, verdict=verdict, note="So.", actor=who(by))
    found = reviews_agreement(reader=sam)
    assert (found.between.pairs, found.between.same, found.between.kappa) == (3, 2, None)
    assert found.between.low < 2 / 3 < found.between.high
    assert "Sam" not in repr(found) and "Ruth" not in repr(found)
