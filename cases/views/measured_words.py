"""Numbers in words, the same on the page, on paper and in the weekly letter."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from cases.views.measuring import Figure, Measure, Part, Tally

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
NOTHING = "nothing counted"
FEW = "too few to say"


def duration(seconds: float) -> str:
    """``41 s``, ``3 min 20 s``, ``2 h 5 min``, ``3 days 4 h``: two parts at most."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if rest and minutes < 10 else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    days, hours = divmod(hours, 24)
    named = f"{days} day{'s' if days > 1 else ''}"
    return f"{named} {hours} h" if hours else named


def percent(share: float) -> str:
    """``98.5%``: one decimal, and never 100 or 0 for what is not all or nothing."""
    value = round(100 * share, 1)
    if value >= 100 and share < 1:
        value = 99.9
    if value <= 0 < share:
        value = 0.1
    return f"{value:g}%"


def value_words(measure: Measure, value: float | None) -> str:
    if value is None:
        return "–"
    if measure.unit == "duration":
        return duration(value)
    if measure.unit == "share":
        return percent(value)
    return f"{value:.2f}".rstrip("0").rstrip(".") if measure.unit == "mean" else f"{value:,.0f}"


def goal_words(measure: Measure) -> str:
    """``at least 98%``, ``none``, ``within 30 min``; empty where there is no goal."""
    if measure.goal is None:
        return ""
    if measure.goal == 0:
        return "none"
    said = value_words(measure, measure.goal)
    if measure.unit == "duration":
        return f"within {said}"
    return f"at least {said}" if measure.direction == "up" else f"at most {said}"


def counts_words(tally: Tally) -> str:
    """``196 of 199``; for durations and counts how many there were."""
    if tally.measure.unit in ("duration", "count"):
        return f"{tally.n:,}"
    if tally.of != tally.n and tally.measure.unit == "share":
        return f"{duration(tally.met)} of {duration(tally.of)}"
    return f"{tally.met:,} of {tally.of:,}"


def interval_words(tally: Tally) -> str:
    """``95% sure between 96.2% and 99.4%``; empty where there is no interval, or everything lies in it."""
    if tally.interval is None:
        return ""
    low, high = tally.interval
    return f"95% sure: {percent(low)} to {percent(high)}"


def change_words(figure: Figure) -> str:
    """``up 0.4 points``, ``2 min shorter``, ``steady``; how many there were before where that was too few."""
    if figure.before is None or not figure.before.n:
        return ""
    if figure.change is None:
        return f"{figure.before.n:,} before, {FEW}"
    change, unit = figure.change, figure.measure.unit
    if unit == "duration":
        if abs(change) < 0.03 * max(figure.before.value or 0, 1):
            return "steady"
        return f"{duration(abs(change))} {'longer' if change > 0 else 'shorter'}"
    size = abs(100 * change) if unit == "share" else abs(change)
    words = f"{size:.1f}" if unit == "share" else f"{size:.2f}" if unit == "mean" else f"{size:,.0f}"
    if not float(words.replace(",", "")):
        return "steady"
    return f"{'up' if change > 0 else 'down'} {words}" + (" points" if unit == "share" else "")


def span_words(since: date, until: date) -> str:
    """``26 Oct to 22 Nov 2026``, where ``until`` is the day after the last."""
    last = until - timedelta(days=1)
    first = f"{since.day} {MONTHS[since.month - 1]}"
    year = f" {since.year}" if since.year != last.year else ""
    return f"{first}{year} to {last.day} {MONTHS[last.month - 1]} {last.year}"


def wrong_words(parts: Sequence[Part]) -> str:
    """``Warehouse gave way in 7 of 9, Finance in 2 of 9``: of disagreements a number over all sources says nothing."""
    found = sorted(parts, key=lambda p: (-p.tally.met, p.title))
    return ", ".join(f"{p.title} {'in' if n else 'gave way in'} {counts_words(p.tally)}" for n, p in enumerate(found))


def said(figure: Figure, wrong: Sequence[Part] = ()) -> str:
    """One figure as a sentence: value, counts, goal, change. ``wrong``: the sources that took part in disagreements."""
    tally, measure = figure.now, figure.measure
    if not tally.n:
        return f"{measure.title}: {NOTHING}."
    if measure.name == "source_wrong" and wrong:
        return f"{measure.title}: {wrong_words(wrong)}."
    value = f"{counts_words(tally)}, {FEW}" if tally.few else f"{value_words(measure, tally.value)}"
    counts = "" if tally.few or measure.unit == "count" else f" ({counts_words(tally)})"
    goal = f"; goal {goal_words(measure)}" if measure.goal is not None else ""
    change = change_words(figure)
    return f"{measure.title}: {value}{counts}{goal}{f'; {change}' if change else ''}."
