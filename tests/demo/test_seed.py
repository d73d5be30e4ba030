"""The seed: the same people and orders every day, dated from that day backwards."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from unittest.mock import patch

import pytest

from cases.selectors.catalogue import questions_known
from workspace.demo.seed.asked import ASKED, PEOPLE
from workspace.demo.seed.days import ZONE, Days
from workspace.demo.seed.people import CAST
from workspace.demo.seed.situations import SITUATIONS
from workspace.demo.seed.world import CASES, build
from workspace.demo.seed.write import finance_entries, seed_if_old, shop_order, warehouse_row

DAYS = [date(2026, 11, 18), date(2026, 11, 22), date(2027, 1, 4), date(2028, 2, 29), date(2027, 6, 28)]
EVERY = """which_one sources_disagree refunded_twice disputed refund_failed paid_window_over paid submitted
approved_overdue approved inspection_failed inspection_overdue inspection_due credit_note_only
cancelled_refund_overdue cancelled_refunded in_transit announced early_refund_due early_refund_not_allowed
outside_window nothing_found partial_refund gift_card day_only time_unknown"""


def test_every_situation_and_flag_that_facts_can_bring_has_a_case() -> None:
    assert set(SITUATIONS) == set(EVERY.split())


def test_every_named_case_has_a_customer() -> None:
    assert set(CAST) == {name for name, s in SITUATIONS.items() if s.tell}
    assert set(PEOPLE) == set(ASKED)


WITHOUT = {"double-charge", "exchange-status", "invoice-copy", "policy-question"}
"""Questions that the demo has no named case for; any of its orders can be asked about by them."""


def test_every_question_has_a_case_or_two() -> None:
    assert {case.question for case in CASES.values()} | WITHOUT == set(questions_known())


def test_one_more_case_changes_no_other() -> None:
    last = list(ASKED)[-1]
    fewer = {name: case for name, case in ASKED.items() if name != last}
    ours = build(DAYS[0]).named
    with patch.dict(ASKED, fewer, clear=True):
        before = build(DAYS[0]).named
    assert {n: (s.number, s.payment, s.total) for n, s in ours.items() if n != last} == {
        n: (s.number, s.payment, s.total) for n, s in before.items()
    }


def test_there_are_about_200_customers_and_600_orders() -> None:
    world = build(DAYS[0])
    assert (len(world.people), len(world.stories)) == (200 + len(ASKED), 600 + len(ASKED))
    assert len({p.email for p in world.people}) == len({p.id for p in world.people}) == len(world.people)
    assert len({s.number for s in world.stories}) == len(world.stories)


@pytest.mark.parametrize("today", DAYS)
def test_numbers_people_and_amounts_do_not_depend_on_the_day(today: date) -> None:
    ours, first = build(today), build(DAYS[0])
    what = [(s.number, s.payment, s.person, s.total, [r.number for r in s.returns]) for s in ours.stories]
    assert what == [(s.number, s.payment, s.person, s.total, [r.number for r in s.returns]) for s in first.stories]


@pytest.mark.parametrize("today", DAYS)
def test_everything_lies_in_the_past_ninety_days_or_so(today: date) -> None:
    moments = [at for s in build(today).stories for at in _moments(s)]
    assert max(moments) < datetime.combine(today, datetime.min.time(), ZONE)
    assert (today - min(moments).date()).days < 100


@pytest.mark.parametrize("today", DAYS)
def test_nothing_happens_at_night_or_on_a_closed_day(today: date) -> None:
    days = Days(today)
    open_days = {days.back(n) for n in range(1, 70)}
    for at in (at for s in build(today).stories for at in _moments(s)):
        assert 8 <= at.hour < 18 and at.date() in open_days


def test_each_story_tells_its_steps_in_order() -> None:
    for story in build(DAYS[0]).stories:
        steps = [at for _, at in (story.refunds[0].history if story.refunds else [])]
        logged = [e["at"] for r in story.returns[:1] for e in r.log if "at" in e]
        assert steps == sorted(steps) and logged == sorted(logged)
        assert not (steps and logged) or logged[-1] < steps[0]


def test_maya_is_who_everybody_expects() -> None:
    maya = build(DAYS[0]).named["paid"]
    assert (maya.number, maya.returns[0].number, str(maya.total)) == ("48-1193", "RMA-77120", "84.90")
    assert finance_entries(maya)[1]["card"] == {"brand": "Visa", "last4": "4417"}


def test_no_system_knows_the_ids_of_another() -> None:
    story = build(DAYS[0]).named["paid"]
    back, money, order = warehouse_row(story.returns[0]), finance_entries(story), shop_order(story)
    assert story.number not in str(back) and story.number not in str(money)
    assert story.returns[0].number not in str(money) and "rf_" not in str(order)


def test_a_seed_of_today_is_left_alone_and_an_older_one_is_written_anew(tmp_path: Path) -> None:
    assert seed_if_old(tmp_path, DAYS[0])
    assert not seed_if_old(tmp_path, DAYS[0])
    assert seed_if_old(tmp_path, DAYS[1])


def test_a_broken_file_is_written_anew(tmp_path: Path) -> None:
    (tmp_path / "shop.sqlite").write_text("not a database")
    assert seed_if_old(tmp_path, DAYS[0])


def _moments(story: object) -> list[datetime]:
    s = story
    found = [*s.shop_times, *(at for r in s.refunds for _, at in r.history), *s.credits, *s.disputes]  # type: ignore[attr-defined]
    return [*found, *(e["at"] for r in s.returns for e in r.log if "at" in e)]  # type: ignore[attr-defined]
