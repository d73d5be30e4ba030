"""Reading of amounts and days, measured on public dialogues that nobody here wrote.

``python -m tests.told.measure [folder]``. The data is read where it lies and nothing of it is kept; the numbers, with
what is read wrongly, stand in docs/told.md.
"""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from cases.told.amounts import amounts_in, same
from cases.told.dayparts import Day
from cases.told.days import days_in

FOLDER = Path(os.environ.get("SHARED_DATA") or Path(__file__).parents[3] / "shared" / "data")
TODAY = date(2022, 3, 15)
"""The day on which NLU++'s own values were reckoned."""


@dataclass
class Score:
    """``right`` of ``said`` in the data were read with their value; ``extra`` were read where none is labelled."""

    said: int = 0
    right: int = 0
    found: int = 0
    extra: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float:
        return self.right / self.said if self.said else 0.0

    @property
    def precision(self) -> float:
        return (self.found - self.extra) / self.found if self.found else 0.0


def utterances(folder: Path = FOLDER) -> Iterator[dict[str, Any]]:
    for path in sorted((folder / "nlupp").glob("*.json")):
        yield from json.loads(path.read_text())


def overlap(one: tuple[int, int], other: list[int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def amounts(folder: Path = FOLDER) -> Score:
    """A labelled amount counts as right with the same value, and the same currency where the label has one."""
    score = Score()
    for row in utterances(folder):
        slot = (row.get("slots") or {}).get("amount_of_money")
        read = amounts_in(row["text"])
        score.found += len(read)
        score.extra += sum(not slot or not overlap(a.span, slot["span"]) for a in read)
        if slot and isinstance(slot.get("value"), dict):
            score.said += 1
            want, unit = str(Decimal(str(slot["value"]["amount"]))), slot["value"]["currency"]
            good = [a for a in read if same(a.value, want) and unit in ("ambiguous", a.unit)]
            score.right += bool(good)
            if not good:
                score.wrong.append(f"{slot['text']} -> {[(a.value, a.unit) for a in read]}")
    return score


def _day(value: Any) -> date | None:
    try:
        return date(value["year"], value["month"], value["day"])
    except (KeyError, TypeError, ValueError):
        return None


def _ends(day: Day) -> set[date]:
    """The days that it names: "before the 15th" ends on the 14th and names the 15th."""
    named = {d for d in (day.first, day.last) if d}
    return named | {day.last + timedelta(days=1)} if day.last and not day.first else named


def days(folder: Path = FOLDER, lean: Any = "future") -> dict[str, Score]:
    """Labelled single days, and labelled periods with both ends."""
    found = {"day": Score(), "period": Score()}
    for row in utterances(folder):
        read = days_in(row["text"], TODAY, lambda at: lean)
        slots = row.get("slots") or {}
        labelled = [slots[k]["span"] for k in ("date", "date_from", "date_to", "date_period") if k in slots]
        found["day"].found += len(read)
        found["day"].extra += sum(not any(overlap(d.span, s) for s in labelled) for d in read)
        for name in ("date", "date_from", "date_to"):
            want = _day(slots.get(name, {}).get("value"))
            if want:
                near = [d for d in read if overlap(d.span, slots[name]["span"])]
                _count(found["day"], any(want in _ends(d) for d in near), slots[name]["text"], want, near)
        period = slots.get("date_period", {}).get("values", {})
        if period.get("type") == "absolute":
            want_both = (_day(period.get("from")), _day(period.get("to")))
            near = [d for d in read if overlap(d.span, slots["date_period"]["span"])]
            _count(found["period"], any((d.first, d.last) == want_both for d in near), slots["date_period"]["text"],
                   want_both, near)  # fmt: skip
    return found


def _count(score: Score, good: bool, text: str, want: Any, near: list[Day]) -> None:
    score.said += 1
    score.right += good
    if not good:
        score.wrong.append(f"{text} -> {[(str(d.first), str(d.last)) for d in near]}, wanted {want}")


def contradictions(folder: Path = FOLDER) -> Counter[str]:
    """CI-ToD's calendar: does the last reply name a day that the dialogue, or the record's row, does not?

    Compared are only days of the last reply with the days said before it; a dialogue counts as contradicting where its
    label says that the reply goes against the request or the history.
    """
    counts: Counter[str] = Counter()
    for row in json.loads((folder / "citod" / "calendar_dev.json").read_text()):
        words = [t["utterance"].replace("_", " ") for t in row["dialogue"]]
        last = {d for day in days_in(words[-1], TODAY) for d in _ends(day)}
        before = {d for text in words[:-1] for day in days_in(text, TODAY) for d in _ends(day)}
        label = row["scenario"]["qi"] == "1" or row["scenario"]["hi"] == "1"
        if not last or not before:
            counts["nothing to compare, labelled" if label else "nothing to compare"] += 1
        else:
            counts[f"{'flagged' if not last & before else 'quiet'}, {'labelled' if label else 'not labelled'}"] += 1
    return counts


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    for name, score in (("amounts", amounts(folder)), *days(folder).items()):
        print(f"{name}: {score.right} of {score.said} ({score.recall:.3f}); read {score.found}, "
              f"{score.extra} where none is labelled (precision {score.precision:.3f})")  # fmt: skip
        for line in score.wrong[:40]:
            print("   ", line)
    print(dict(contradictions(folder)))


if __name__ == "__main__":
    main()
