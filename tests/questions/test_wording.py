"""Sentences that a rep reads or sends agree with one another and claim nothing that nobody was asked about."""

from __future__ import annotations

from tests.questions.conftest import Cast
from tests.questions.test_situations import STORIES, cancelled, disputed, failed_inspection, lost, nothing


def plain(text: object) -> str:
    return str(text).replace("\N{NO-BREAK SPACE}", " ")


def test_that_a_parcel_is_not_on_its_way_is_said_only_once_the_warehouse_was_asked(cast: Cast) -> None:
    cast.back(0, 0).status = {"warehouse": "never"}
    answer = cast.ask()
    assert "not on its way" not in plain(answer.headline)
    assert "send the parcel" not in " ".join(map(str, answer.draft_unverified))
    assert "wait for your parcel" not in " ".join(str(c.text) for c in answer.draft)


def test_all_that_is_open_is_said_in_one_sentence(cast: Cast) -> None:
    cast.back(20, 0).status = {"finance": "down", "warehouse": "down"}
    headline = plain(cast.ask().headline)
    assert headline.count("We can’t confirm") == 1
    assert headline.endswith("whether money was sent or what has reached the warehouse.")


def test_no_step_is_expected_where_nothing_follows_by_itself(cast: Cast) -> None:
    assert disputed(cast).ask().steps == ()


def test_steps_end_at_an_inspection_that_failed(cast: Cast) -> None:
    assert [s.key for s in failed_inspection(cast).ask().steps] == ["received", "inspected"]


def test_a_refund_that_was_handed_to_the_bank_is_not_expected_to_be_sent(cast: Cast) -> None:
    steps = STORIES["submitted"][0](cast).ask().steps
    assert [(s.key, s.state) for s in steps[-2:]] == [("submitted", "now"), ("arrived", "todo")]


def test_a_gift_card_is_filled_and_no_bank_is_spoken_of(cast: Cast) -> None:
    answer = cast.back().refund("paid", 20, method="gift_card").ask()
    said = [answer.headline, answer.next and answer.next.what, answer.hint, *answer.draft_unverified,
            *(s.label for s in answer.steps), *(c.text for c in (*answer.claims, *answer.draft))]  # fmt: skip
    assert "bank" not in " ".join(map(plain, said)).lower()


def test_what_is_over_was_due(cast: Cast) -> None:
    told = STORIES["approved_overdue"][0](cast).ask().next
    assert told and plain(told.by) == "was due by Mon 16 Nov"


def test_the_time_for_returns_is_told_only_where_a_return_could_follow(cast: Cast) -> None:
    assert "policy.window_days" not in {c.key for c in lost(cast).ask().claims}


def test_a_lost_parcel_names_the_clause_that_refunds_it(cast: Cast) -> None:
    assert "policy.early_refund" in {c.key for c in lost(cast).ask().claims}


def test_where_nothing_is_known_no_terms_are_told_and_the_customer_is_asked(cast: Cast) -> None:
    answer = nothing(cast).ask()
    assert not [c for c in answer.claims if c.domain == "policy"]
    assert "Which order number is it" in str(answer.draft[0].text)
    assert "Which order number is it" in str(answer.draft_unverified[0])


def test_a_cancelled_orders_refund_that_should_have_been_seen_is_not_expected_any_more(cast: Cast) -> None:
    answer = cancelled(cast, 3).refund("paid", 4, bank_reference="7443").ask()
    said = " ".join(map(plain, (answer.headline, *(c.text for c in answer.draft), answer.next and answer.next.what)))
    assert answer.situation == "cancelled_refunded"
    assert "should have shown it by 18 Nov" in said
    assert "between" not in said


def test_a_case_that_nobody_has_opened_is_not_read_yet_and_nobody_is_blamed(cast: Cast) -> None:
    cast.facts = cast.facts[:3]
    cast.status = dict.fromkeys(("shop", "warehouse", "finance"), "never")
    assert str(cast.ask().headline).startswith("Not read yet")
