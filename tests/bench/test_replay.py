"""`make bench`: the replay of a case with a hundred times the events, in as many queries, and its page in a browser."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from playwright.sync_api import Browser

from cases.models import Case, Statement
from cases.selectors import case_replay, case_view
from tests.bench.measure import interleaved, say
from tests.bench.replay_mass import lived
from tests.cases.conftest import teller
from tests.database import TestDatabase
from tests.pages.conftest import web
from tests.pages.scenes import signed_in
from tests.pages.test_new_looks import person
from tests.replay.scene import clock_of

__all__ = ["teller", "web"]
pytestmark = pytest.mark.bench
EVENTS = int(os.environ.get("BENCH_REPLAY", "5_000"))
AT_MOST, OVER_LIVE, PAGE, KILOBYTES = 60, 3.5, 150, 250
BARE = """
SELECT e.id, e.seq, e.kind, e.actor_kind, e.actor, e.at, p.data FROM cases_event e
JOIN cases_eventpayload p ON p.event_id = e.id WHERE e.case_id = %s ORDER BY e.seq
"""


@pytest.fixture
def cases(committed_db: TestDatabase, teller: None) -> dict[int, Case]:  # noqa: F811
    """By how many events: a case that has lived a hundred days."""
    tom, made = person("tom", "Tom", "Brandt", "rep"), {}
    for events in (50, EVENTS):
        with clock_of(committed_db.connect) as at, committed_db.connect(as_owner=True) as owner:
            owner.autocommit = True
            made[events] = lived(owner, tom, at, events)
    return made


def moment(case: Case) -> datetime:
    """Half way through what was said."""
    said = Statement.objects.filter(case=case).order_by("at")
    return said[said.count() // 2].at


def queries(work: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as found:
        work()
    return len(found)


def bare(case: Case) -> int:
    with connection.cursor() as cursor:
        cursor.execute(BARE, [case.pk])
        return len(cursor.fetchall())


def test_its_page_stays_small_and_steps_by_key(cases: dict[int, Case], browser: Browser, web: str):  # noqa: F811
    case = cases[EVENTS]
    client = signed_in(person("ruth", "Ruth", "Adeyemi", "supervisor"))
    path = f"/cases/{case.reference}/replay/?as_of={moment(case).isoformat().replace('+00:00', 'Z')}"
    html = client.get(path).content
    held = say("page of a replay of many events", len(html) / 1024, at_most=KILOBYTES, unit="kB")
    assert html.count(b'type="range"') == 1
    page = browser.new_page()
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": web}])
    page.set_default_timeout(120_000)
    took = interleaved({"bare": lambda: bare(case), "page": lambda: page.goto(f"{web}{path}")}, times=3)
    held &= say("its page in a browser over the bare SQL", took["page"] / took["bare"], at_most=PAGE)
    before = page.url
    page.keyboard.press(".")
    page.wait_for_function("was => location.href !== was", arg=before)
    assert held


def test_a_hundred_times_the_events_take_as_many_queries(cases: dict[int, Case]):
    few, many = cases[50], cases[EVENTS]
    size = {n: len(case_replay(case=c).stops) for n, c in cases.items()}
    asked = {c.pk: queries(lambda c=c: case_replay(case=c, as_of=moment(c))) for c in (few, many)}
    took = interleaved({
        "sql": lambda: bare(many), "live": lambda: case_view(case=many),
        "many": lambda: case_replay(case=many, as_of=moment(many)),
        "few": lambda: case_replay(case=few, as_of=moment(few)),
    }, times=5)  # fmt: skip
    held = say("queries of a replay, many events over few", asked[many.pk] / asked[few.pk], at_most=1)
    held &= say("replay of many events over the bare SQL for them", took["many"] / took["sql"], at_most=AT_MOST)
    held &= say("replay of many events over the live view", took["many"] / took["live"], at_most=OVER_LIVE)
    print(f"    {size} stops, {asked[many.pk]} queries;", ", ".join(f"{k} {1000 * v:.0f} ms" for k, v in took.items()))
    assert held and size[EVENTS] > 0.6 * EVENTS
