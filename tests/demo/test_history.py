"""The demo's past: the same each time, true to its systems, and enough of it for every board."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import transaction

from cases.models import Case, Event, MeasureWeek, Statement
from cases.selectors import case_view, reviews_agreement, reviews_counts, trust_board
from cases.selectors.ledger import ledger_verify
from cases.services import case_open, measures_check
from connectors.host.models import Fact
from tests.demo.conftest import TOKEN, running
from workspace.demo.anew import demo_begins_anew
from workspace.demo.history.telling import HOW, History, history_tell
from workspace.demo.prepare import PEOPLE, SOURCES, people_save, source_of, sources_save
from workspace.demo.seed.days import ZONE, Days
from workspace.demo.seed.past import WEEKS, past
from workspace.demo.seed.tales import TALES
from workspace.demo.seed.world import SEED, build
from workspace.demo.seed.write import finance_entries, shop_order, warehouse_row

WEDNESDAY = date(2026, 11, 18)


@pytest.fixture(autouse=True)
def demo(settings: Any, nothing_recorded: None) -> Iterator[None]:
    settings.DEMO, settings.REVIEW_SHARE, settings.REVIEW_SECOND_SHARE = True, 0.15, 0.3
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    yield


def tell(folder: Path, weeks: int, urls: dict[str, str] | None = None, today: date = WEDNESDAY) -> History | None:
    key = folder / "key"
    key.write_text(TOKEN)

    def before() -> None:
        url = urls or dict.fromkeys(SOURCES, "http://127.0.0.1:9")
        sources_save({name: source_of(name, url[name], f"file:{key}") for name in SOURCES})
        people_save()

    return history_tell(today=today, before=before, weeks=weeks)


def digest() -> str:
    """Of what happened, when and in which words, and of the board's numbers; ids, salts and digests aside."""
    said = hashlib.sha256()
    first = Case.objects.order_by("pk").values_list("pk", flat=True)[0]
    for case, kind, who, at in Event.objects.order_by("case", "seq").values_list("case", "kind", "actor_kind", "at"):
        if not kind.startswith("review."):  # drawn by the case's number
            said.update(f"{case - first} {kind} {who} {at}\n".encode())
    for words, at in Statement.objects.order_by("at").values_list("words", "at"):
        said.update(f"{words} {at}\n".encode())
    names = ("measure", "week", "team", "question", "source", "bucket", "n", "met", "of", "seconds")
    for row in MeasureWeek.objects.order_by(*names).values_list(*names):
        said.update(repr(row).encode())
    return said.hexdigest()


@pytest.mark.django_db(databases=["default", "owner"])
def test_the_same_past_is_told_each_time_and_never_twice(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    found = set()
    for _ in range(2):
        with transaction.atomic():
            told = tell(tmp_path, 1)
            assert told is not None and told.cases == len(WEEKS[-1].split()) == Case.objects.count()
            assert not Case.objects.exclude(state="closed").exists()
            assert tell(tmp_path, 1) is None and Case.objects.count() == told.cases
            found.add(digest())
            verdict = ledger_verify()
            assert verdict.intact, verdict.fault
            transaction.set_rollback(True)
    assert len(found) == 1
    assert [r.getMessage() for r in caplog.records if r.levelno >= logging.ERROR] == []


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
def test_what_was_told_is_what_the_systems_say_still_and_another_day_begins_anew(
    committed_db: object, tmp_path: Path
) -> None:
    from cases.services import Actor, case_refresh

    today = datetime.now(ZONE).date()
    with running(tmp_path, today) as systems:
        assert tell(tmp_path, 1, systems.urls, today)
        case, facts = Case.objects.order_by("pk").first(), Fact.objects.count()
        before = case_view(case=case).answer.situation
        gathering = case_refresh(case=case)
        assert gathering.wait(30) and not gathering.rejected
        assert (Fact.objects.count(), case_view(case=case).answer.situation) == (facts, before)
    assert demo_begins_anew()
    assert not Event.objects.exists() and not Fact.objects.exists()
    dana = get_user_model().objects.get(username=PEOPLE["rep"][0])
    sources_save({"shop": {**source_of("shop", "http://127.0.0.1:9", f"file:{tmp_path / 'key'}")}})
    case_open(question="refund-status", refs=["order:48-1193"], message="Where is it?", actor=Actor.person(dana))
    from connectors.host.models import Source

    Source.objects.update(demo=False)
    assert not demo_begins_anew() and Event.objects.exists()


@pytest.mark.bench
@pytest.mark.django_db(databases=["default", "owner"])
def test_twelve_weeks_fill_every_board(tmp_path: Path) -> None:
    told = tell(tmp_path, 12)
    assert told is not None and told.open <= 3
    print(f"{told.cases} cases of twelve weeks in {told.seconds:.0f} seconds")
    board = trust_board(WEDNESDAY - timedelta(weeks=12), WEDNESDAY)
    empty = {f.measure.name for f in board.figures if f.now.value is None}
    never = {f.measure.name for f in board.figures if f.measure.unit == "share" and not f.now.met}
    assert empty == set() and never == {"promises_ownerless"}
    ruth = get_user_model().objects.get(username="ruth")
    assert reviews_counts(reader=ruth).free > 0 and reviews_agreement(reader=ruth).between.pairs > 0
    assert measures_check()
    assert ledger_verify().intact
