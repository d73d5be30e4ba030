"""What is counted, from histories written by hand; the arithmetic; and the page that says it all."""

from __future__ import annotations

import statistics
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.measuring import BY_NAME, MEASURES, Happened, History, Replied, observe, week_of
from cases.measuring.numbers import bucket, bucket_width, median, wilson
from cases.views.measured_words import duration, goal_words, percent, said, wrong_words
from cases.views.measuring import Figure, Part, Tally
from tests.measuring.definitions import PAGE, written
from workspace.pages.trust.present import GROUPS

START = datetime(2026, 11, 2, 9, tzinfo=UTC)


def history(*events: tuple[float, str, dict[str, object]], elsewhere: tuple[Replied, ...] = ()) -> History:
    """Events as ``(minutes, kind, payload)``; by person 7 where the kind is a person's."""
    return History(tuple(
        Happened(n, n, kind, "customer" if kind in ("case.opened", "message.in") else "person", "7",
                 START + timedelta(minutes=minutes), data, statement=n if kind == "message.out" else None)
        for n, (minutes, kind, data) in enumerate(events, start=1)
    ), elsewhere)  # fmt: skip


OPENED = (0.0, "case.opened", {"message": "Where is it?", "owner": 7})
FULL: dict[str, object] = {"content": {"state": "answered", "gaps": []}}
GAP: dict[str, object] = {"content": {"state": "partial", "gaps": [["finance", "It is down.", True]]}}


def found(measure: str, of: History) -> list[tuple[int, int, int | None]]:
    return [(s.met, s.of, s.seconds) for s in observe(of) if s.measure == measure]


def test_the_picture_is_full_when_it_is_first_shown_without_a_gap():
    seen = history(OPENED, (2, "answer.shown", GAP), (3, "answer.shown", FULL), (9, "answer.shown", GAP))
    assert found("full_picture", seen) == [(1, 1, 180)] and found("full_picture", history(OPENED)) == []


def test_working_time_counts_ten_minutes_for_a_look_and_ends_with_the_reply():
    seen = history(OPENED, (2, "answer.shown", GAP), (5, "answer.shown", FULL), (60, "case.viewed", {}),
                   (62, "message.out", {}), (90, "case.viewed", {"live": False}))  # fmt: skip
    assert found("picture_complete", seen) == [(600 + 120, 180 + 600 + 120, None)]


def test_a_gap_that_can_change_nothing_is_none():
    harmless = {"content": {"state": "answered", "gaps": [["shop", "It is down.", False]]}}
    assert found("full_picture", history(OPENED, (1, "answer.shown", harmless))) == [(1, 1, 60)]


@pytest.mark.parametrize(
    ("end", "kept", "late", "broken"),
    [
        ([(60, "commitment.kept")], [1], [0], [0]),
        ([(60 * 30, "commitment.kept")], [0], [1], [0]),
        ([(60 * 25, "commitment.late"), (60 * 30, "commitment.kept")], [0], [1], [0]),
        ([(60 * 25, "commitment.late")], [0], [1], [0]),
        ([(60, "commitment.broken")], [0], [0], [1]),
        ([(60 * 25, "commitment.late"), (60 * 30, "commitment.broken")], [0], [0], [1]),
        ([(60, "commitment.withdrawn")], [], [], []),
        ([(60, "commitment.renegotiated")], [], [], []),
        ([], [], [], []),
    ],
)
def test_a_promise_is_kept_late_or_broken_and_nothing_else(end, kept, late, broken):
    due = (START + timedelta(days=1)).isoformat()
    made = (1, "commitment.made", {"commitment": 5, "due_at": due, "promise_owner": 7})
    one = history(OPENED, made, *((at, kind, {"commitment": 5}) for at, kind in end))
    names = ("promises_kept", "promises_late", "promises_broken")
    assert [[met for met, *_ in found(name, one)] for name in names] == [kept, late, broken]


def test_what_breaks_after_thirty_days_held_up():
    for days, held in ((29, 0), (31, 1)):
        broken = (days * 24 * 60, "told.broken", {"statement": 2, "keys": ["k"], "sources": ["finance"]})
        one = history(OPENED, (1, "message.out", {"claims": ["refund.paid"]}), broken)
        assert found("held_up", one) == [(held, 1, None)]


def test_the_customer_comes_back_within_seven_days_here_or_elsewhere():
    for days, again in ((6, 1), (8, 0)):
        back = (days * 24 * 60, "message.in", {})
        assert found("repeat_contacts", history(OPENED, (0, "message.out", {}), back))[1][0] == again
        before = Replied(START - timedelta(days=days), "fact", START - timedelta(days=30))
        assert found("repeat_contacts", history(OPENED, elsewhere=(before,)))[0][0] == again
    late = Replied(START - timedelta(days=1), "fact", START + timedelta(days=1))
    assert found("repeat_contacts", history(OPENED, elsewhere=(late,)))[0][0] == 0


def test_a_promise_without_an_owner_or_a_date_is_seen():
    loose = history(OPENED, (1, "commitment.made", {"commitment": 5}), (2, "message.out", {"undated": 2}))
    assert found("promises_ownerless", loose) == [(1, 1, None)] and len(found("promises_undated", loose)) == 3


def test_the_first_person_is_waited_for_only_where_none_began_the_case():
    begun = history(OPENED, (9, "note", {}), (12, "message.out", {}))
    assert found("human", begun) == [(1, 1, 540)] and found("first_response", begun) == [(1, 1, 720)]
    opened, *rest = begun.events
    noted = History((opened._replace(actor_kind="person"), *rest))
    assert found("human", noted) == found("first_response", noted) == [] and found("volume", noted) == [(1, 1, None)]


def test_reviewing_a_case_later_is_no_work_in_it():
    assert found("human", history(OPENED, (5, "review.signed", {}), (9, "note", {}))) == [(1, 1, 540)]


# -- arithmetic -----------------------------------------------------------------------------------------
def test_wilsons_interval_is_the_textbooks():
    assert wilson(8, 10) == pytest.approx((0.4902, 0.9433), abs=1e-4)
    assert wilson(0, 0) == (0.0, 1.0) and wilson(0, 20)[0] == 0.0 and wilson(20, 20)[1] == 1.0


@given(st.integers(0, 10**8))
def test_every_duration_lies_in_its_class(seconds: int):
    start = bucket(seconds)
    assert start <= seconds < start + bucket_width(start) and bucket_width(start) <= max(1, start / 16 + 1)


@given(st.lists(st.integers(0, 10**7), min_size=1, max_size=60))
def test_a_median_from_classes_is_close_to_the_real_one(seconds: list[int]):
    real = statistics.median_low(seconds)
    assert abs((median((bucket(one), 1) for one in seconds) or 0) - real) <= max(1, real * 0.035)


def test_weeks_begin_on_monday_in_utc():
    assert week_of(datetime(2026, 11, 22, 23, 59, tzinfo=UTC)) == date(2026, 11, 16) == week_of(date(2026, 11, 16))


def test_numbers_are_said_as_people_say_them():
    assert [duration(s) for s in (41, 200, 3600, 7500, 100_000)] == ["41 s", "3 min 20 s", "1 h", "2 h 5 min",
                                                                      "1 day 3 h"]  # fmt: skip
    assert (percent(0.9996), percent(0.0001), percent(1), percent(0)) == ("99.9%", "0.1%", "100%", "0%")
    assert goal_words(BY_NAME["promises_ownerless"]) == "none"


def test_of_disagreements_each_source_is_named_with_how_often_it_gave_way():
    wrong = BY_NAME["source_wrong"]
    parts = [Part(name, name.capitalize(), Tally(wrong, 9, met, 9)) for name, met in (("finance", 2), ("warehouse", 7))]
    assert wrong_words(parts) == "Warehouse gave way in 7 of 9, Finance in 2 of 9"
    assert said(Figure(wrong, Tally(wrong, 18, 9, 18), None, ()), parts) == f"{wrong.title}: {wrong_words(parts)}."


# -- declared once --------------------------------------------------------------------------------------
def test_every_measure_stands_on_the_board_once_and_speed_is_never_alone():
    shown = [name for _, names in GROUPS for name in names]
    assert sorted(shown) == sorted(m.name for m in MEASURES)
    speed = {m.name for m in MEASURES if m.efficiency}
    assert all(set(names) <= speed or not set(names) & speed for _, names in GROUPS)


def test_the_page_says_what_the_code_counts():
    text = PAGE.read_text(encoding="utf-8")
    assert written(text) == text, "Run `python -m tests.measuring.definitions`."
