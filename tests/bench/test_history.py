"""The demo's twelve weeks, told whole; and what is too slow for the suite: told twice over, and killed meanwhile."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from cases.selectors import reviews_agreement, reviews_counts, trust_board
from cases.selectors.ledger import ledger_verify
from cases.services import measures_check
from tests.database import TestDatabase, url_with_name
from tests.demo.telling import WEDNESDAY, tell
from workspace.demo.seed.past import WEEKS
from workspace.env import BASE_DIR

pytestmark = pytest.mark.bench


@pytest.fixture
def demo(settings: Any, committed_db: TestDatabase) -> Iterator[TestDatabase]:
    settings.DEMO, settings.REVIEW_SHARE, settings.REVIEW_SECOND_SHARE = True, 0.15, 0.3
    yield committed_db


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_twelve_weeks_fill_every_board(demo: TestDatabase) -> None:
    from django.contrib.auth import get_user_model

    began = time.process_time()
    told = tell(len(WEEKS))
    assert told is not None and told.open <= 3
    used = time.process_time() - began
    print(f"{told.cases} cases of twelve weeks in {told.seconds:.0f} seconds, {used:.0f} of them Python's")
    board = trust_board(WEDNESDAY - timedelta(weeks=12), WEDNESDAY)
    empty = {f.measure.name for f in board.figures if f.now.value is None}
    never = {f.measure.name for f in board.figures if f.measure.unit == "share" and not f.now.met}
    assert empty == set() and never == {"promises_ownerless"}
    ruth = get_user_model().objects.get(username="ruth")
    assert reviews_counts(reader=ruth).free > 0 and reviews_agreement(reader=ruth).between.pairs > 0
    assert measures_check()
    assert ledger_verify().intact


def telling(database: TestDatabase) -> subprocess.Popen[str]:
    """The last two weeks are told by a process of its own."""
    urls = {"DATABASE_URL": database.app_url, "DATABASE_OWNER_URL": database.owner_url}
    environ = {**os.environ, **{name: url_with_name(url, database.name) for name, url in urls.items()}}
    command = [sys.executable, "-m", "tests.demo.telling", "2"]
    return subprocess.Popen(command, cwd=BASE_DIR, env=environ, stdout=subprocess.PIPE, text=True)


def told_in(database: TestDatabase) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(telling(database).communicate(timeout=900)[0].splitlines()[-1])
    return found


def cases_in(database: TestDatabase) -> int:
    with database.connect() as connection:
        row = connection.execute("SELECT count(*) FROM cases_case").fetchone()
    return int(row[0]) if row else -1


def test_the_past_is_the_same_in_two_databases_and_half_of_it_is_never_there(test_database: TestDatabase) -> None:
    """Numbers of rows are compared, too; salts, and what is sealed with them, are random."""
    first, second = (TestDatabase(test_database.app_url, test_database.owner_url) for _ in range(2))
    with first.made(), second.made():
        killed = telling(second)
        assert killed.stdout and killed.stdout.readline() == "telling\n"
        time.sleep(8)
        killed.kill()
        assert killed.wait() == -9 and cases_in(second) == 0
        one, other = told_in(first), told_in(second)
    assert one == other and one["cases"] >= sum(len(line.split()) for line in WEEKS[-2:])
