"""Every named case of the demo, asked live: its answer is in the situation that it is named after."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model

from cases.actors import Actor
from cases.selectors import case_view
from cases.services import case_gather, case_open
from tests.demo.conftest import TOKEN, Systems, running
from workspace.demo.prepare import SOURCES, people_save, source_of, sources_save
from workspace.demo.seed.asked import ASKED, situation_of
from workspace.demo.seed.days import ZONE
from workspace.demo.seed.world import CASES

FLAGS = {"partial_refund": "paid", "gift_card": "paid", "day_only": "approved", "time_unknown": "approved"}
"""Cases that are named after a flag, and the situation they are in."""
MEANT = {name: situation_of(name) if name in ASKED else FLAGS.get(name, name) for name in CASES}
"""The situation that each case is in."""


@pytest.fixture(scope="module")
def todays(tmp_path_factory: pytest.TempPathFactory) -> Any:
    today = datetime.now(ZONE).date()
    with running(tmp_path_factory.mktemp("today"), today) as found:
        yield found


def answer_of(systems: Systems, name: str) -> Any:
    """Open the case and look at it until every source has answered, as a page does."""
    user = get_user_model().objects.get(username="dana")
    case = case_open(
        question=CASES[name].question, refs=systems.world.refs(name), message=CASES[name].message,
        actor=Actor.person(user),
    )  # fmt: skip
    for _ in range(3):
        gathering = case_gather(case)
        assert gathering.wait(20) and not gathering.rejected
    return case_view(case=case).answer


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_each_named_case_is_in_its_situation(committed_db: object, todays: Systems, tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_text(TOKEN)
    people_save()
    # Nothing grows old while many cases are opened one after the other.
    patient = {"freshness_s": 3600}
    sources_save({name: source_of(name, todays.urls[name], f"file:{key}") | patient for name in SOURCES})
    answers = {name: answer_of(todays, name) for name in CASES}
    assert {name: a.situation for name, a in answers.items()} == MEANT
    assert {name for name in FLAGS if name not in answers[name].flags} == set()
    states = {name: a.state for name, a in answers.items() if a.state != "answered"}
    assert states == {"which_one": "choose", "sources_disagree": "conflict"}
