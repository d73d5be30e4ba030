"""How well amounts, days and promises are read from words that nobody tuned the reading to; read where they lie."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from cases.promises import promises_in
from cases.promises.shapes import PromiseFound
from tests.told.measure import FOLDER, amounts, contradictions, days

pytestmark = pytest.mark.needs_shared_data
THEN = datetime(2022, 3, 15, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def there() -> None:
    missing = [name for name in ("nlupp", "citod", "banking77") if not (FOLDER / name).is_dir()]
    if missing:
        pytest.skip(f"The public messages of {', '.join(missing)} are not here. Set SHARED_DATA to their folder.")


def promised(texts: Iterator[str]) -> tuple[int, list[PromiseFound]]:
    """How many texts there are, and every promise that is read in them."""
    read = [promises_in(text, THEN, "Europe/London", "") for text in texts]
    return len(read), [one for found in read for one in found]


def from_customers() -> Iterator[str]:
    """13,083 messages of customers to their bank: none of them is ours to keep."""
    for part in ("train", "test"):
        with (FOLDER / "banking77" / f"{part}.csv").open(encoding="utf-8") as rows:
            yield from (row["text"] for row in csv.DictReader(rows))


def replies() -> Iterator[str]:
    for part in ("calendar", "navigate"):
        for row in json.loads((FOLDER / "citod" / f"{part}_dev.json").read_text()):
            yield from (t["utterance"].replace("_", " ") for t in row["dialogue"] if t["turn"] == "assistant")


def test_amounts_are_read_with_their_value():
    score = amounts()
    print(f"  amounts: {score.right} of {score.said}, {score.extra} of {score.found} read where none is labelled")
    assert score.recall >= 0.9 and score.precision >= 0.85


def test_days_and_periods_are_read_with_their_dates():
    for name, score in days().items():
        print(f"  {name}: {score.right} of {score.said}, {score.extra} of {score.found} where none is labelled")
    assert days()["day"].recall >= 0.85 and days()["period"].recall >= 0.75


def test_a_reply_that_names_the_days_of_its_dialogue_is_not_flagged():
    counts = contradictions()
    print(f"  replies against the days of their dialogue: {dict(counts)}")
    assert counts["flagged, not labelled"] <= 1


def test_what_customers_write_is_hardly_ever_taken_for_a_promise_of_ours():
    many, found = promised(from_customers())
    print(f"  promises in customers' words: {len(found)} in {many}, {sum(bool(p.due) for p in found)} with a time")
    assert many > 13_000 and len(found) <= 20 and not any(p.due for p in found)


def test_what_an_assistant_says_that_it_will_do_is_a_promise():
    many, found = promised(replies())
    print(f"  promises in an assistant's replies: {len(found)} in {many}", [(p.text, p.due) for p in found])
    assert len(found) == 8 and all("will" in p.text for p in found)
