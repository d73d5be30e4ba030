"""How well times are read from what customers really wrote: NLU++ (CC BY 4.0), read where it lies, never copied."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pytest

from cases.promises import Due, due_read

pytestmark = pytest.mark.needs_shared_data
FOLDER = Path(os.environ.get("SHARED_DATA") or Path(__file__).parents[3] / "shared" / "data") / "nlupp"
THEN = datetime(2022, 3, 15, 9, 0, tzinfo=UTC)
"""The day on which its values were worked out; a Tuesday."""


def slots(*names: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each slot's words and its value."""
    if not FOLDER.is_dir():
        pytest.skip("The NLU++ messages are not here. Set SHARED_DATA to the folder that holds nlupp/.")
    for file in sorted(FOLDER.glob("*.json")):
        for row in json.loads(file.read_text()):
            for name, slot in (row.get("slots") or {}).items():
                if name in names and isinstance(slot.get("value"), dict):
                    yield slot["text"], slot["value"]


def counted(results: Iterator[str], what: str) -> Counter[str]:
    found = Counter(results)
    print(f"  {what}: {dict(found)}")
    return found


def test_days_to_come_are_read_and_what_is_over_is_not() -> None:
    def results() -> Iterator[str]:
        for words, value in slots("date", "date_to"):
            if {"day", "month", "year"} <= value.keys():
                day, read = date(value["year"], value["month"], value["day"]), due_read(words, THEN, "UTC")
                over, held = day < THEN.date(), isinstance(read, Due)
                right = isinstance(read, Due) and read.at.date() == day
                yield "wrong" if held and not right else "over, not read" if over else "right" if held else "not read"

    found = counted(results(), "days")
    assert found["wrong"] == 0 and found["right"] > 140 and found["not read"] < 35


def test_times_of_day_are_read_or_asked_about() -> None:
    midnight = datetime.combine(THEN.date(), time(), UTC)

    def results() -> Iterator[str]:
        for words, value in slots("time", "time_to"):
            if "hour" in value:
                by = ("", THEN) if words.startswith("in ") else ("by ", midnight)
                read = due_read(by[0] + words, by[1], "UTC")
                clock = (value["hour"], value.get("minute", 0))
                yield "not read" if not isinstance(read, Due) else "right" if clock == (
                    read.at.hour, read.at.minute
                ) else "wrong"  # fmt: skip

    found = counted(results(), "times")
    assert found["wrong"] <= 1 and found["right"] > 60
