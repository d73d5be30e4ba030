"""Figures as a page shows them: words and drawings, nothing decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.safestring import SafeString

from cases.views.measured_words import (
    FEW,
    NOTHING,
    change_words,
    counts_words,
    duration,
    goal_words,
    interval_words,
    percent,
    value_words,
    wrong_words,
)
from cases.views.measuring import Counted, Figure, Measure, MeasureDetail, Part, Point, Tally, TrustBoard
from workspace.pages.trust import charts

GROUPS = (
    ("What we said", ("held_up", "caught_before", "found_after", "facts_fresh", "not_helped", "repeat_contacts")),
    ("What we promised", ("promises_kept", "promises_late", "promises_broken", "promises_ownerless",
                          "promises_undated")),
    ("What we could see", ("full_picture", "picture_complete", "disagreements", "source_wrong")),
    ("Who answered for it", ("human", "transfers", "transferred_twice")),
    ("Speed, beside them", ("first_response", "resolution", "volume")),
)  # fmt: skip


@dataclass(frozen=True)
class Card:
    """One measure on the board or in the rail."""

    measure: Measure
    value: str
    unit: str
    counts: str
    goal: str
    note: str
    """What has changed; for a small number, how sure it is."""
    look: str
    """ok, warn, or empty where nothing is to be said."""
    standing: str
    few: bool
    spark: SafeString | str


def card(figure: Figure) -> Card:
    tally, measure = figure.now, figure.measure
    value, unit = number(tally)
    few = tally.few or not tally.n
    standing, look = _standing(tally)
    note = change_words(figure) if not few else (interval_words(tally) or FEW) if tally.n else ""
    return Card(
        measure, value, unit, counts(tally), goal_words(measure), note, look, standing, few, charts.spark(figure),
    )  # fmt: skip


def number(tally: Tally) -> tuple[str, str]:
    """The number and its unit apart, since they are set in two sizes. Where there are too few, how many there were."""
    if not tally.n and tally.measure.unit != "count":
        return "–", ""
    words = value_words(tally.measure, tally.value)
    if tally.few:
        return (counts_words(tally), "") if tally.measure.unit == "share" else (words, "")
    if words.endswith("%"):
        return words[:-1], "%"
    value, _, unit = words.partition(" ")
    return value, unit and f" {unit}"


def counts(tally: Tally) -> str:
    """``196 of 199 messages that told facts``."""
    if not tally.n:
        return NOTHING
    measure = tally.measure
    if measure.unit == "count":
        return ""
    if measure.unit == "share" and tally.of != tally.n:
        return counts_words(tally)
    if measure.unit == "share" and tally.few:  # the counts are the number itself
        return measure.denominator
    return f"{counts_words(tally)} {measure.denominator}"


def _standing(tally: Tally) -> tuple[str, str]:
    if not tally.n:
        return "", ""
    if tally.few and tally.good is None:
        return ("" if tally.measure.goal is None else FEW), ""
    return {True: ("goal reached", "ok"), False: ("goal missed", "warn"), None: ("", "")}[tally.good]


def headline(board: TrustBoard) -> str:
    """``11 of 14 goals reached``: how it stands, in a sentence."""
    judged = [f.now.good for f in board.figures if f.applies and f.now.n and f.now.good is not None]
    if not judged:
        return "Too little has happened to say how far you can be trusted"
    if all(judged):
        return f"All {len(judged)} goals were reached" if len(judged) > 1 else "The goal was reached"
    return f"{sum(judged)} of {len(judged)} goals were reached"


def one_card(found: MeasureDetail) -> Card:
    """The card of one measure on its own page."""
    shown = card(found.figure)
    return _which(shown, found.sources) if found.figure.measure.name == "source_wrong" else shown


def groups(board: TrustBoard, wrong: Sequence[Part]) -> list[tuple[str, list[Card]]]:
    """The board's cards under their headings; measures that the asked source has no part in are left out. ``wrong``
    says which sources gave way."""
    shown = {f.measure.name: card(f) for f in board.figures if f.applies}
    shown["source_wrong"] = _which(shown["source_wrong"], wrong)
    found = [(title, [shown[name] for name in names if name in shown]) for title, names in GROUPS]
    return [(title, cards) for title, cards in found if cards]


def _which(one: Card, parts: Sequence[Part]) -> Card:
    """Of disagreements the number over all sources says nothing: the source that gave way most often leads."""
    first = max(parts, key=lambda p: p.tally.met, default=None)
    if first is None or not first.tally.met:
        return one
    return replace(one, value=first.title, unit="", counts=wrong_words(parts), note="", few=True, spark="")


def point_row(point: Point, query: str) -> dict[str, Any]:
    tally = point.tally
    return {
        "query": query,
        "since": point.since, "value": value_words(tally.measure, tally.value) if tally.n else "–",
        "counts": counts_words(tally) if tally.n else "–", "interval": _interval(tally), "few": tally.few and tally.n,
    }  # fmt: skip


def _interval(tally: Tally) -> str:
    if tally.interval is None:
        return "–"
    return f"{percent(tally.interval[0])} to {percent(tally.interval[1])}"


def part_row(part: Part, most: int, query: str) -> dict[str, Any]:
    tally = part.tally
    return {
        "query": query if part.name else "",
        "name": part.name, "title": part.title, "n": f"{tally.n:,}", "value": value_words(tally.measure, tally.value),
        "counts": counts_words(tally), "few": tally.few, "interval": _interval(tally),
        "look": _standing(tally)[1], "standing": _standing(tally)[0], "bar": charts.bar(tally.n, most),
    }  # fmt: skip


def counted_row(row: Counted, measure: Measure, titles: dict[str, dict[str, str]]) -> dict[str, Any]:
    if row.seconds is not None:
        said = duration(row.seconds)
    elif measure.unit == "share" and row.of > 1:
        said = f"{duration(row.met)} of {duration(row.of)}"
    elif measure.unit == "mean":
        said = str(row.met)
    else:
        said = "Yes" if row.met else "No"
    return {
        "row": row, "said": said, "team": titles["team"].get(row.team, row.team),
        "question": titles["question"].get(row.question, row.question),
        "source": titles["source"].get(row.source, row.source),
    }  # fmt: skip
