"""The page on reviews names what there is, and all of it."""

from __future__ import annotations

import re
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from cases.kinds import EVENT_KINDS
from cases.models import Case
from cases.views.reviewing import COACHING, RULES
from tests.reviewing.conftest import told
from workspace.rights import API

PAGE = (Path(__file__).parents[2] / "docs/reviews.md").read_text()


def test_every_rule_and_every_coaching_item_is_listed_and_no_other() -> None:
    rules, coaching = PAGE.split("| coaching | |")
    assert re.findall(r"^\| `(\w+)` \|", rules, re.M) == list(RULES)
    assert dict(re.findall(r"^\| `([a-z-]+)` \| (.*) \|$", coaching, re.M)) == dict(COACHING)


def test_every_event_of_reviews_is_named_and_is_quiet() -> None:
    kinds = [kind for kind in EVENT_KINDS.values() if kind.name.startswith("review.")]
    assert len(kinds) == 4 and all(kind.quiet and f"`{kind.name}`" in PAGE for kind in kinds)


def test_no_route_offers_to_sign_off_many() -> None:
    verbs = {name for name in API if "review" in name}
    assert {name for name in verbs if "verdict" in name} == {"api_review_verdict"}


def test_the_command_looks_again_from_a_day_and_asks_for_nothing_twice(case: Case, dana: User, all_drawn: object):
    told(case, dana)
    all_drawn()  # type: ignore[operator]
    out = StringIO()
    call_command("reviews_sample", since="2026-01-01", stdout=out)
    assert out.getvalue() == "0 new reasons for review.\n"
    with pytest.raises(CommandError, match="is no day"):
        call_command("reviews_sample", since="soon")
