"""Reviews by the API: the same verbs, refusals that say what to do."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache

from cases.models import Case, Review
from tests.api.client import Caller
from tests.api.conftest import caller
from tests.reviewing.conftest import told

All = Callable[..., list[Review]]


@pytest.fixture(autouse=True)
def no_calls_counted(db: None) -> None:
    cache.clear()


@pytest.fixture
def boss(sam: User) -> Caller:
    return caller(sam)


@pytest.fixture
def review(case: Case, dana: User, all_drawn: All) -> Review:
    told(case, dana)
    return all_drawn()[0]


def test_next_verdict_appeal_and_decision_by_the_api(review: Review, boss: Caller, dana: User, ruth: User):
    assert boss.post("reviews/next/", {})["review"]["id"] == review.pk
    bare = boss.post(f"reviews/{review.pk}/verdict/", {"verdict": "no"})
    assert bare.status == 400 and bare["errors"][0]["pointer"] == "#/note"
    signed = boss.post(f"reviews/{review.pk}/verdict/", {"verdict": "no", "note": "By when?", "coaching": ["cite"]})
    assert (signed.status, signed["state"], signed["verdict"]["system"]["sentence"] != "") == (200, "signed", True)
    rep = caller(dana)
    assert rep.get("me/reviews/")["results"][0]["verdict"]["note"] == "By when?"
    assert rep.post(f"reviews/{review.pk}/answer/", {"how": "appeal", "text": "Nobody knew."})["state"] == "appealed"
    assert boss.post(f"reviews/{review.pk}/decide/", {"outcome": "stands", "why": "It is so."}).status == 403
    done = caller(ruth).post(f"reviews/{review.pk}/decide/", {"outcome": "changed", "verdict": "partly", "why": "So."})
    assert (done["state"], done["answer"]["verdict"]) == ("decided", "partly")
    assert boss.post(f"reviews/{review.pk}/verdict/", {"verdict": "yes"}).status == 409


def test_the_same_key_signs_once(review: Review, boss: Caller):
    first, again = (
        boss.post(f"reviews/{review.pk}/verdict/", {"verdict": "yes"}, key="k1") for _ in "ab"
    )
    assert (first.status, again.status, first.body) == (200, 200, again.body)


def test_reps_see_no_queue_and_programs_no_review(review: Review, dana: User, boss: Caller):
    rep = caller(dana)
    assert rep.get("reviews/").status == 403 and rep.post("reviews/next/", {}).status == 403
    assert rep.get(f"reviews/{review.pk}/").status == 404  # nothing to read for her yet
    assert boss.get("reviews/999999/").status == 404


def test_lists_are_walked_in_pages_by_state_rule_and_team(
    case: Case, dana: User, boss: Caller, all_drawn: All, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("workspace.api.views.reviews.LIMIT", 2)
    for n in range(5):
        told(case, dana, f"We look into it, {'x' * n}.")
    wanted, seen, cursor = [r.pk for r in all_drawn()], [], ""
    while cursor is not None:
        page = boss.get(f"reviews/?rule=random&cursor={cursor}" if cursor else "reviews/?rule=random")
        seen += [r["id"] for r in page["results"]]
        cursor = page["next_cursor"]
    assert seen == wanted
    assert boss.get("reviews/?team=nobody")["results"] == []
    assert boss.get("reviews/?state=none").status == 400


def test_agreement_has_counts_and_no_names(review: Review, boss: Caller):
    found = boss.get("reviews/agreement/")
    assert found["between_reviewers"] == {"pairs": 0, "same": 0, "low": 0.0, "high": 1.0, "kappa": None}
