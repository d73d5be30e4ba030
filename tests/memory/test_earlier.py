"""Earlier cases of a customer scroll on in the same timeline."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client

from cases.errors import BadCursor
from cases.models import Case
from cases.selectors import case_view, timeline_page
from cases.services import Actor, case_close, note_add
from cases.timeline import cursor_make
from cases.views import TimelineEntry
from tests.cases.conftest import Say, opened
from tests.memory.conftest import wrote


def walk(case: Case, limit: int, **more: object) -> list[TimelineEntry]:
    found: list[TimelineEntry] = []
    cursor = ""
    while True:
        page = timeline_page(case=case, limit=limit, cursor=cursor, earlier=True, **more)  # type: ignore[arg-type]
        found += page.entries
        assert len(page.entries) == limit or page.next_cursor is None
        if page.next_cursor is None:
            return found
        cursor = page.next_cursor


@pytest.fixture
def three(case: Case, dana: User) -> list[Case]:
    """Three contacts of Maya's, the oldest first."""
    wrote(case, "I already sent the photos.")
    second = opened(dana, message="Any news?")
    return [case, second, opened(dana, message="Hello again")]


def test_earlier_conversations_follow_after_separators_in_one_scroll(three: list[Case]):
    """chatwoot#14010: earlier conversations of a contact could not be scrolled to from the present one."""
    entries = walk(three[2], 200)
    separators = [e for e in entries if e.type == "case"]
    assert [s.case for s in separators] == [three[1].reference, three[0].reference]
    assert "Where is my refund?" in separators[0].title
    at = entries.index(separators[1])
    assert {e.case for e in entries[at:]} == {three[0].reference} and entries[0].case == ""
    assert "I already sent the photos." in [e.body for e in entries[at:]]
    assert len({e.id for e in entries}) == len(entries)


@pytest.mark.parametrize("limit", [1, 2, 3, 5])
def test_small_pages_make_the_same_scroll_as_one_large_page(three: list[Case], limit: int):
    assert walk(three[2], limit) == walk(three[2], 200)


def test_a_walk_shows_one_moment_whatever_happens_meanwhile(three: list[Case], dana: User):
    whole = walk(three[2], 200)
    page = timeline_page(case=three[2], limit=2, earlier=True)
    for case in three:
        note_add(case=case, text="Meanwhile", actor=Actor.person(dana))
    found = list(page.entries)
    while page.next_cursor:
        page = timeline_page(case=three[2], limit=2, cursor=page.next_cursor, earlier=True)
        found += page.entries
    assert found == whole and "Meanwhile" in [e.body for e in walk(three[2], 200)]


def test_without_asking_the_timeline_is_the_case_s_own_and_a_filter_holds_for_all(three: list[Case]):
    assert not [e for e in timeline_page(case=three[2], limit=200).entries if e.type == "case" or e.case]
    messages = walk(three[2], 200, domain="messages")
    assert [(e.type, e.kind) for e in messages] == [("case", "case.earlier"), ("event", "message.in")]
    assert timeline_page(case=three[2], limit=200, earlier=True).counts == timeline_page(case=three[2]).counts


def test_a_later_case_and_somebody_else_s_are_not_in_it(three: list[Case], say: Say, dana: User):
    other = opened(dana, "order:77-1", message="Not Maya")
    assert not [e for e in walk(three[0], 200) if e.type == "case"]
    forged = cursor_make(case_view(case=three[2]).as_of, (other.opened_at, "case", other.pk), other.pk)
    with pytest.raises(BadCursor):
        timeline_page(case=three[2], cursor=forged, earlier=True)


@pytest.fixture
def web(dana: User) -> Client:
    client = Client()
    client.force_login(dana)
    return client


def test_the_page_loads_the_case_before_and_offers_the_one_before_that(web: Client, three: list[Case], dana: User):
    case_close(case=three[1], actor=Actor.person(dana))
    page = web.get(f"/cases/{three[2].reference}/").content.decode()
    where = f"/cases/{three[2].reference}/earlier"
    assert f'hx-get="{where}?before={three[2].reference}&amp;as_of=' in page
    as_of = case_view(case=three[2]).as_of.isoformat()
    first = web.get(where, {"before": three[2].reference, "as_of": as_of}).content.decode()
    assert f'id="c{three[1].reference}"' in first and "Any news?" in first and ", closed" in first
    assert f"before={three[1].reference}" in first
    last = web.get(where, {"before": three[1].reference, "as_of": as_of}).content.decode()
    assert "I already sent the photos." in last and "before=" not in last
    assert web.get(where, {"before": "1", "as_of": as_of}).status_code == 404
    assert web.get(where, {"as_of": "yesterday"}).status_code == 404
    assert "before=" not in web.get(f"/cases/{three[0].reference}/").content.decode()


def test_who_may_not_see_cases_sees_no_earlier_one(three: list[Case]):
    as_of = case_view(case=three[2]).as_of.isoformat()
    refused = Client().get(f"/cases/{three[2].reference}/earlier", {"as_of": as_of})
    assert refused.status_code == 302 and "/sign-in/" in refused.headers["Location"]
