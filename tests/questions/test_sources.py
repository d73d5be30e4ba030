"""Each of the four sources down, alone and together, with and without stored facts, and answering late."""

from __future__ import annotations

from itertools import combinations

import pytest

from tests.questions.conftest import DOMAINS, Cast

SETS = [set(names) for n in (1, 2, 3, 4) for names in combinations(DOMAINS, n)]


@pytest.mark.parametrize("down", SETS, ids=lambda s: "+".join(sorted(s)))
def test_with_stored_facts_the_answer_stands_and_names_what_is_down(cast: Cast, down: set[str]) -> None:
    cast.back().refund("paid", 17)
    cast.status = dict.fromkeys(down, "down")
    answer = cast.ask()
    assert answer.situation == "paid"
    assert {g.source for g in answer.gaps} == down
    assert answer.state == ("partial" if down & {"finance", "policy"} else "answered")
    assert all(g.last_known or g.domain == "policy" for g in answer.gaps)


@pytest.mark.parametrize("down", SETS, ids=lambda s: "+".join(sorted(s)))
def test_without_stored_facts_no_absence_is_claimed(cast: Cast, down: set[str]) -> None:
    cast.back().refund("paid", 17)
    cast.facts = [f for f in cast.facts if f.source not in down]
    cast.status = dict.fromkeys(down, "down")
    answer = cast.ask()
    assert answer.state in ("partial", "unknown") or not down & {"finance", "policy"}
    absent = [c for c in answer.claims if c.key in ("refund.none", "return.not_received", "nothing")]
    assert not [c for c in absent if c.domain in {DOMAINS[d] for d in down}]


@pytest.mark.parametrize("status", ["waiting", "stale", "never"])
@pytest.mark.parametrize("name", DOMAINS)
def test_a_source_that_answers_late_is_named_and_what_it_said_stands(cast: Cast, name: str, status: str) -> None:
    cast.back(20, 0).status = {name: status}
    answer = cast.ask()
    assert (answer.situation, answer.state) == ("inspection_due", "partial")
    assert [g.source for g in answer.gaps if g.can_change] == [name]


def test_a_late_warehouse_cannot_change_money_that_has_left(cast: Cast) -> None:
    cast.back().refund("paid", 17)
    cast.status = {"warehouse": "down"}
    assert cast.ask().gaps[0].note == "It can’t change this answer: inspection is finished and the money has left."


def test_with_finance_down_nobody_says_that_no_money_moved(cast: Cast) -> None:
    cast.back()
    cast.facts = [f for f in cast.facts if f.source != "finance"]
    cast.status = {"finance": "down"}
    answer = cast.ask()
    assert answer.state == "partial"
    assert "We can’t confirm whether money was sent." in str(answer.headline)


def test_money_that_finance_said_it_sent_is_not_doubted_when_finance_is_down(cast: Cast) -> None:
    cast.back().refund("paid", 17)
    cast.status = {"finance": "down"}
    answer = cast.ask()
    assert (answer.situation, answer.state) == ("paid", "partial")
    assert str(answer.headline).endswith("We can’t confirm what finance has done since.")


def test_with_everything_down_and_nothing_stored_nothing_can_be_said(cast: Cast) -> None:
    cast.facts = []
    cast.status = dict.fromkeys(DOMAINS, "down")
    answer = cast.ask()
    assert answer.state == "unknown"
    assert not answer.draft


def test_a_shop_that_is_down_does_not_prove_that_there_is_no_return(cast: Cast) -> None:
    cast.bought().delivered().status = {"shop": "down"}
    assert cast.ask().state == "unknown"
