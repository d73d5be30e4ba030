"""What phrases mean: the table in the documentation, and what is never guessed at."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cases.promises import Due, Unread, due_in, due_read, promises_in

PAGE = (Path(__file__).parents[2] / "docs" / "promises.md").read_text()
HELSINKI = ZoneInfo("Europe/Helsinki")
AT = datetime(2026, 11, 23, 10, 0, tzinfo=HELSINKI)
READ = re.findall(r"^\| “(.+?)” \| (\w{3} \d+ \w+ \d{4}, \d\d:\d\d) \|", PAGE, re.MULTILINE)
ASKED = re.findall(r"^\| “(.+?)” \| asked[^|]*\|", PAGE, re.MULTILINE)


@pytest.mark.parametrize(("phrase", "meaning"), READ, ids=[p for p, _ in READ])
def test_a_phrase_means_what_the_documentation_says(phrase: str, meaning: str):
    found = due_read(phrase, AT, "Europe/Helsinki", "FI")
    assert isinstance(found, Due) and f"{found.at.astimezone(HELSINKI):%a %-d %b %Y, %H:%M}" == meaning


@pytest.mark.parametrize("phrase", ASKED)
def test_what_could_mean_several_times_or_none_is_asked_about(phrase: str):
    found = due_read(phrase, AT, "Europe/Helsinki", "FI")
    assert isinstance(found, Unread) and found.ask


def test_the_documentation_shows_enough_to_be_a_table():
    assert len(READ) > 40 and len(ASKED) > 15


WORDS = st.sampled_from(
    "by before on at in within until after from about to and or the this next coming tomorrow today tonight Friday "
    "Mon week month day days hours hour minutes business working 3 5 7 14:00 3pm 25 25th November Nov 3/12 25/12 "
    "2026-11-30 3.12. noon midnight morning afternoon end of close o'clock a two half an weekend CET UTC+2 Helsinki "
    "time soon asap as possible once we you latest ago , . - – € 84.90 48-1193 EOD December 2027 between no later "
    "than".split()
)
TEXTS = st.one_of(st.lists(WORDS, max_size=12).map(" ".join), st.text(max_size=60))
MOMENTS = st.integers(1_577_836_800, 2_051_222_400).map(lambda second: datetime.fromtimestamp(second, UTC))
ZONES = st.sampled_from(["Europe/Helsinki", "UTC", "America/New_York", "Asia/Kolkata", "Pacific/Apia", "nowhere"])


@settings(max_examples=200, deadline=None)
@given(TEXTS, MOMENTS, ZONES)
@example("before today", datetime(2026, 3, 29, 1, 0, tzinfo=UTC), "Europe/Helsinki")
@example("at 03:30", datetime(2026, 3, 29, 0, 30, tzinfo=UTC), "Europe/Helsinki")
def test_a_due_time_is_never_before_its_reading_and_is_a_function_of_text_time_and_zone(text, at, zone):
    found = due_in(text, at, zone, "FI")
    assert found is None or (found.at >= at and found.phrase in text)
    elsewhere = at.astimezone(ZoneInfo("Asia/Tokyo"))
    assert due_read(text, elsewhere, zone, "FI") == due_read(text, at, zone, "FI")


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 12), st.integers(1, 12), MOMENTS)
def test_a_date_in_figures_that_could_be_two_is_never_read(day: int, month: int, at: datetime):
    found = due_read(f"by {day}/{month}", at, "UTC")
    assert day == month or isinstance(found, Unread)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 30), st.integers(1, 30), MOMENTS)
def test_of_a_range_the_last_one_counts(low: int, more: int, at: datetime):
    ranged = due_in(f"within {low} to {low + more} business days", at, "UTC", "FI")
    assert ranged and ranged.at == due_in(f"within {low + more} business days", at, "UTC", "FI").at


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 500), MOMENTS, ZONES)
def test_hours_are_counted_to_the_instant_whatever_the_clocks_do(hours: int, at: datetime, zone: str):
    assert due_in(f"in {hours} hours", at, zone).at == at + timedelta(hours=hours)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200), st.lists(WORDS, max_size=25).map(" ".join), MOMENTS)
def test_any_letter_can_be_searched_for_promises_and_spans_lie_inside(before: str, words: str, at: datetime):
    text = f"{before} We will call you {words}. {before}"
    for found in promises_in(text, at, "Europe/Helsinki", "FI"):
        assert 0 <= found.start <= found.end <= len(text) and bool(found.due) != bool(found.ask)
        assert found.due is None or text[found.due.start : found.due.end] == found.due.phrase
