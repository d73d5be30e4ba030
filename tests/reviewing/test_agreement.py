"""Agreement, against values worked out elsewhere."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.reviewing.agreement import ENOUGH, agreement, wilson

VERDICT = st.sampled_from(["yes", "partly", "no"])


def test_kappa_is_that_of_cohens_own_example():
    table = {("yes", "yes"): 20, ("yes", "no"): 5, ("no", "yes"): 10, ("no", "no"): 15}
    found = agreement(pair for pair, count in table.items() for _ in range(count))
    assert (found.pairs, found.same, found.share) == (50, 35, 0.7)
    assert found.kappa == pytest.approx(0.4)


def test_two_who_always_agree_have_kappa_one_and_two_who_only_ever_say_yes_have_none():
    assert agreement([("yes", "yes"), ("no", "no")] * ENOUGH).kappa == pytest.approx(1)
    assert agreement([("yes", "yes")] * ENOUGH).kappa is None


def test_too_few_pairs_have_no_kappa_and_none_have_no_share():
    assert agreement([("yes", "yes"), ("no", "yes")] * 9).kappa is None
    assert agreement([]).share is None and (agreement([]).low, agreement([]).high) == (0, 1)


def test_the_interval_is_wilsons():
    assert wilson(9, 10) == pytest.approx((0.5958, 0.9821), abs=1e-4)
    assert wilson(0, 10) == pytest.approx((0, 0.2775), abs=1e-4)


@given(st.lists(st.tuples(VERDICT, VERDICT), max_size=80))
def test_agreement_is_the_same_whoever_is_named_first(pairs: list[tuple[str, str]]):
    one, other = agreement(pairs), agreement((b, a) for a, b in pairs)
    assert (one.same, one.low, one.high) == (other.same, other.low, other.high)
    assert one.kappa == pytest.approx(other.kappa) if one.kappa is not None else other.kappa is None
    assert one.low <= (one.share if one.share is not None else 0.5) <= one.high
