"""What the rules ask for, once, and the same however often they look."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.module_loading import import_string
from hypothesis import given
from hypothesis import strategies as st

from cases.errors import NeedsReason
from cases.models import Case, Event, Review, ReviewCursor, ReviewReason, Statement
from cases.reviewing.chances import drawn
from cases.selectors import case_view, chain_verify, reviews_list
from cases.services import (
    Actor,
    commitment_break,
    commitment_make,
    message_withdraw,
    owner_change,
    review_sign,
    reviews_sweep,
    statement_settle,
)
from tests.reviewing.conftest import PAID, Say, account, less_is_so, told, verified, who
from workspace.celery import app

PAST = timedelta(days=1)


def rules(review: Review) -> list[str]:
    return sorted(review.reasons.values_list("rule", flat=True))


def promised(case: Case, by: User) -> Any:
    return commitment_make(case=case, what="Call Maya back", due_at=timezone.now() + PAST, actor=who(by))


def test_a_reply_drawn_by_chance_waits_for_review(case: Case, dana: User, all_drawn: Callable[..., list[Review]]):
    said = told(case, dana)
    (review,) = all_drawn()
    assert (review.statement, review.event, review.person, rules(review)) == (said, said.event, dana, ["random"])
    assert review.wanted_at > said.at and not review.blind


def test_no_reply_is_reviewed_by_chance_where_the_share_is_nothing(case: Case, dana: User):
    told(case, dana)
    assert reviews_sweep() == 0


def test_a_second_look_asks_for_nothing_twice_not_even_from_the_beginning(
    case: Case, dana: User, all_drawn: Callable[..., list[Review]]
):
    told(case, dana)
    before = all_drawn(second=1.0)
    assert len(before) == 2 and before[1].first == before[0]
    assert reviews_sweep() == 0 and reviews_sweep(since=case.opened_at - PAST) == 0
    assert Review.objects.count() == 2 and ReviewReason.objects.count() == 1


def test_a_sweep_from_nothing_draws_the_same_replies(case: Case, dana: User, settings: Any):
    for n in range(8):
        told(case, dana, f"We look into it, note {'x' * n}.")
    settings.REVIEW_SHARE = 0.5
    reviews_sweep()
    first = set(Review.objects.values_list("event", flat=True))
    ReviewCursor.objects.all().delete()
    assert 0 < len(first) < 8 and reviews_sweep() == 0
    assert set(Review.objects.values_list("event", flat=True)) == first


@given(st.text(min_size=1), st.floats(0, 1), st.floats(0, 1))
def test_whoever_draws_a_larger_share_draws_the_same_and_more(name: str, one: float, other: float):
    low, high = sorted((one, other))
    assert drawn("key", "lot", name, low) <= drawn("key", "lot", name, high)
    assert drawn("key", "lot", name, 1.0) and not drawn("key", "lot", name, 0.0)


def test_a_share_is_about_that_share_and_another_key_draws_others():
    names = [str(n) for n in range(4000)]
    mine = {n for n in names if drawn("one", "lot", n, 0.05)}
    theirs = {n for n in names if drawn("two", "lot", n, 0.05)}
    assert 150 < len(mine) < 250 and len(mine & theirs) < 40


def test_every_broken_promise_is_reviewed_whoever_made_it(case: Case, dana: User):
    promise = promised(case, dana)
    commitment_break(commitment=promise, why="I forgot.", actor=who(dana))
    assert reviews_sweep() == 1
    review = Review.objects.get()
    assert (rules(review), review.person, review.event.kind) == (["promise_broken"], dana, "commitment.made")


def test_what_was_told_and_holds_no_longer_is_reviewed(broken: Statement):
    assert reviews_sweep() == 1
    assert rules(Review.objects.get(statement=broken)) == ["told_broken"]


def test_the_third_transfer_of_a_case_is_reviewed_and_no_later_one(case: Case, dana: User, tom: User, sam: User):
    for n, to in enumerate((tom, dana, tom, dana)):
        owner_change(case=case, owner=to, actor=who(sam), why=f"Turn {n}")
    assert reviews_sweep() == 1
    review = Review.objects.get()
    assert rules(review) == ["transfers"] and review.person == tom
    assert set(review.involved) == {tom.pk, sam.pk}


def test_a_warning_that_its_writer_kept_to_is_reviewed(case: Case, dana: User, paid: Say):
    text = "Hello Maya, your refund of €12.00 was paid."
    with pytest.raises(NeedsReason) as refused:
        told(verified(case, dana), dana, text)
    found = refused.value.check.findings
    kept = [{"key": f.key, "why": "Finance told me on the phone."} for f in found if f.needs_reason]
    said = told(case, dana, text, kept=kept)
    reviews_sweep()
    assert "overridden" in rules(Review.objects.get(statement=said))


def test_several_reasons_are_one_piece_of_work(case: Case, dana: User, all_drawn: Callable[..., list[Review]]):
    said = told(case, dana)
    promise = commitment_make(case=case, what="Call Maya back", due_at=timezone.now() + PAST, actor=who(dana))
    type(promise).objects.filter(pk=promise.pk).update(statement=said)
    commitment_break(commitment=promise, why="I forgot.", actor=who(dana))
    (review,) = all_drawn()
    assert rules(review) == ["promise_broken", "random"]


def test_what_comes_to_light_after_the_sign_off_is_a_new_piece_of_work(
    case: Case, dana: User, sam: User, all_drawn: Callable[..., list[Review]]
):
    said = told(case, dana)
    (first,) = all_drawn()
    review_sign(review=first, verdict="yes", actor=who(sam))
    promise = promised(case, dana)
    type(promise).objects.filter(pk=promise.pk).update(statement=said)
    commitment_break(commitment=promise, why="I forgot.", actor=who(dana))
    assert reviews_sweep() == 1
    again = Review.objects.exclude(pk=first.pk).get()
    assert again.event == first.event and rules(again) == ["promise_broken"]


def test_a_reply_taken_back_before_it_left_is_not_reviewed(
    case: Case, dana: User, sam: User, all_drawn: Callable[..., list[Review]]
):
    said = told(case, dana, recipient="maya@example.com", undo_s=60)
    message_withdraw(statement=said, actor=who(dana))
    all_drawn()
    assert reviews_list(reader=sam) == ()


def test_what_is_sampled_stands_in_the_chain_and_off_the_timeline(
    case: Case, dana: User, all_drawn: Callable[..., list[Review]]
):
    told(case, dana)
    (review,) = all_drawn()
    event = Event.objects.get(case=case, kind="review.sampled")
    assert event.payload.data["review"] == review.pk and event.payload.data["rule"] == "random"
    assert chain_verify(case).intact
    assert not any(e.kind == "review.sampled" and not e.quiet for e in case_view(case=case).events)


def test_settling_what_the_system_found_broken_is_an_override(case: Case, dana: User, broken: Statement):
    statement_settle(case=case, statement=broken.pk, why="She knows.", actor=who(dana))
    reviews_sweep()
    assert rules(Review.objects.get()) == ["overridden", "told_broken"]


def test_a_person_who_puts_right_what_a_program_told_overrides_it(case: Case, dana: User, paid: Say):
    bot = account("bot", "Bot", "program")
    said = told(verified(case, dana), Actor.program(bot), PAID)
    less_is_so(case, paid)
    told(case, dana, "Hello Maya, we are sorry.", settles=[said.pk])
    reviews_sweep()
    review = Review.objects.get(statement=said)
    assert rules(review) == ["overridden", "told_broken"] and review.person is None


def test_beat_rings_for_the_sampling(case: Case, dana: User, settings: Any):
    told(case, dana)
    settings.REVIEW_SHARE = 1.0
    task = import_string(app.conf.beat_schedule["reviews"]["task"])
    assert (task(), task()) == (1, 0)
