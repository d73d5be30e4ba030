import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User

from cases.errors import BadCursor, BadInput
from cases.models import Case
from cases.selectors import case_view, timeline, timeline_page
from cases.services import Actor, note_add
from cases.timeline import cursor_make, cursor_read
from tests.cases.conftest import EUR, Say, opened


def test_facts_and_events_stand_in_one_order_newest_first(paid: Say, dana: User):
    page = timeline(case_view(case=opened(dana)))
    assert [e.kind for e in page.entries] == [
        "customer.linked", "case.opened", "refund.paid", "return.inspected", "return.received",
        "payment.captured", "order.placed",
    ]  # fmt: skip
    assert [e.sort_at for e in page.entries] == sorted((e.sort_at for e in page.entries), reverse=True)


def test_it_is_filtered_by_domain_and_by_kind_and_counts_stay_whole(paid: Say, dana: User):
    view = case_view(case=opened(dana))
    page = timeline(view, domain="finance")
    assert {e.kind for e in page.entries} == {"refund.paid", "payment.captured"}
    assert page.counts == {"finance": 2, "warehouse": 2, "order": 1, "case": 2}
    assert [e.kind for e in timeline(view, kind="return.received").entries] == ["return.received"]


def test_a_day_without_a_time_stands_at_its_end_and_never_at_midnight(maya: Say, dana: User):
    maya("return.received", {}, "return:R-1", "order:48-1193", day="2026-11-01")
    entry = next(e for e in case_view(case=opened(dana)).timeline if e.kind == "return.received")
    assert entry.occurred_precision == "day" and str(entry.occurred) == "2026-11-01"
    assert entry.as_json()["occurred"] == "2026-11-01" and entry.sort_at.hour == 23


def test_a_source_that_changed_its_story_shows_both(maya: Say, dana: User):
    row = maya("refund.paid", {"amount": EUR}, "refund:re_1", "payment:pi_1")
    maya("refund.paid", {"amount": {**EUR, "amount": "80.00"}}, "refund:re_1", "payment:pi_1", row=row)
    entry = next(e for e in case_view(case=opened(dana)).timeline if e.kind == "refund.paid")
    assert entry.version == 2 and entry.changed_from and "said before" in entry.body and "84.90" in entry.body


def test_who_looked_shows_only_when_asked_for(case: Case, dana: User):
    from cases.services import case_viewed

    view = case_view(case=case)
    case_viewed(case=case, actor=Actor.person(dana), as_of=view.as_of, at=view.at)
    assert "case.viewed" not in {e.kind for e in timeline_page(case=case).entries}
    assert len(timeline_page(case=case, kind="case.viewed").entries) == 1


def test_a_note_shows_who_wrote_it_and_what(case: Case, dana: User):
    note_add(case=case, text="<b>Call</b> back", actor=Actor.person(dana))
    entry = timeline_page(case=case).entries[0]
    assert (entry.title, entry.body, entry.type) == ("Dana Okafor noted", "<b>Call</b> back", "event")


def test_a_cursor_comes_back_as_it_was_made():
    now = datetime(2026, 11, 22, 1, 2, 3, 456789, tzinfo=UTC)
    key = (now - timedelta(days=1), "fact", 7)
    assert cursor_read(cursor_make(now, key)) == (now, key)


def forged(content: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode()


@pytest.mark.parametrize(
    "cursor",
    ["x", "é", "%%%", "A" * 9999, forged([]), forged({"a": 1}), forged(["2026-01-01", "2026-01-01", "fact", 1]),
     forged(["2026-01-01T00:00+00:00", "2026-01-01T00:00+00:00", "fact", "9" * 5000]), forged([1, 2, 3, 4]), "[" * 100],
)  # fmt: skip
def test_a_cursor_that_is_not_ours_is_refused(case: Case, cursor: str):
    with pytest.raises(BadCursor, match="not one of ours"):
        timeline_page(case=case, cursor=cursor)


@pytest.mark.parametrize("limit", [0, -1, 201, "x", None])
def test_a_page_holds_a_sensible_number(case: Case, limit: object):
    with pytest.raises(BadInput, match="1 to 200"):
        timeline_page(case=case, limit=limit)  # type: ignore[arg-type]
