"""The demo's past: true to its systems, told whole or not at all. ``make bench`` tells all twelve weeks."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model

from cases.models import Case, Event
from cases.selectors import case_view
from cases.selectors.ledger import ledger_verify
from cases.services import Actor, case_open, case_refresh
from connectors.host.models import Fact, Source
from tests.demo.conftest import TOKEN, running
from tests.demo.telling import WEDNESDAY, tell
from workspace.demo.anew import demo_begins_anew
from workspace.demo.history.desk import Desk
from workspace.demo.history.telling import HOW
from workspace.demo.prepare import PEOPLE, source_of, sources_save
from workspace.demo.seed.days import ZONE, Days
from workspace.demo.seed.past import WEEKS, past
from workspace.demo.seed.tales import TALES
from workspace.demo.seed.world import SEED, build
from workspace.demo.seed.write import finance_entries, shop_order, warehouse_row


@pytest.fixture(autouse=True)
def demo(settings: Any, nothing_recorded: None) -> Iterator[None]:
    settings.DEMO, settings.REVIEW_SHARE, settings.REVIEW_SECOND_SHARE = True, 0.15, 0.3
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    yield


def test_every_tale_is_told_and_every_telling_has_its_tale() -> None:
    assert {name for line in WEEKS for name in line.split()} == set(TALES)
    assert set(HOW) <= set(TALES)


@pytest.mark.parametrize("today", [WEDNESDAY, date(2026, 11, 22), date(2027, 1, 4), date(2028, 2, 29)])
def test_the_past_does_not_depend_on_the_day(today: date) -> None:
    ours, first = past(Days(today), SEED), past(Days(WEDNESDAY), SEED)
    what = [(t.name, t.story.number, t.story.payment, t.story.total, t.message, t.ago) for t in ours]
    assert what == [(t.name, t.story.number, t.story.payment, t.story.total, t.message, t.ago) for t in first]
    moments = [at for t in ours for at in t.story.shop_times]
    assert max(moments) < datetime.combine(today, datetime.min.time(), ZONE)
    assert (today - min(moments).date()).days < 150


def test_a_system_knows_no_more_than_it_did_then_and_all_of_it_at_the_end() -> None:
    now = datetime.combine(WEDNESDAY, datetime.min.time(), ZONE)
    for told in past(Days(WEDNESDAY), SEED):
        story = told.story
        assert shop_order(story.then(now)) == shop_order(story)
        assert finance_entries(story.then(now)) == finance_entries(story)
        assert [warehouse_row(r) for r in story.then(now).returns] == [warehouse_row(r) for r in story.returns]
        then = story.then(story.placed_at + timedelta(minutes=1))
        assert (then.status, then.parcels, then.returns, then.refunds) == ("placed", [], [], [])


def test_customers_of_the_past_are_nobody_of_today() -> None:
    world = build(WEDNESDAY)
    assert not {t.story.person.email for t in world.past} & {p.email for p in world.people}
    assert len({s.number for s in world.orders}) == len(world.orders)
    returns = [r.number for s in world.orders for r in s.returns]
    assert len(set(returns)) == len(returns)


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_the_past_is_told_whole_and_once_as_the_systems_say_it_still_and_another_day_begins_anew(
    committed_db: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    today = datetime.now(ZONE).date()
    with running(tmp_path, today) as systems:
        with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
            patched.setattr(Desk, "close", _interrupted)
            tell(1, systems.urls, today, TOKEN)
        assert not Case.objects.exists() and not Source.objects.exists()
        told = tell(1, systems.urls, today, TOKEN)
        assert told is not None and told.cases == len(WEEKS[-1].split()) and told.open == 0
        assert tell(1, systems.urls, today, TOKEN) is None
        assert ledger_verify().intact
        case, facts = Case.objects.order_by("pk").first(), Fact.objects.count()
        before = case_view(case=case).answer.situation
        gathering = case_refresh(case=case)
        assert gathering.wait(30) and not gathering.rejected
        assert (Fact.objects.count(), case_view(case=case).answer.situation) == (facts, before)
    assert [r.getMessage() for r in caplog.records if r.levelno >= logging.ERROR] == []
    _begins_anew_where_all_is_the_demos_own()


def _interrupted(desk: Desk, why: str = "") -> None:
    raise KeyboardInterrupt


def _begins_anew_where_all_is_the_demos_own() -> None:
    assert demo_begins_anew()
    assert not Event.objects.exists() and not Fact.objects.exists()
    dana = get_user_model().objects.get(username=PEOPLE["rep"][0])
    sources_save({"shop": source_of("shop", "http://127.0.0.1:9", "env:TELLING_KEY")})
    case_open(question="refund-status", refs=["order:48-1193"], message="Where is it?", actor=Actor.person(dana))
    Source.objects.update(demo=False)
    assert not demo_begins_anew() and Event.objects.exists()
