"""Measures over twelve stretches of weeks as SVG: no script, no inline style, coloured by the page's tokens alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from cases.views.measured_words import MONTHS, value_words
from cases.views.measuring import Figure, Measure, Point

SPARK_W, SPARK_H = 132, 40
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 720, 220, 76, 14, 14, 26


@dataclass(frozen=True)
class Scale:
    low: float
    high: float
    top: float
    bottom: float

    def y(self, value: float) -> float:
        return round(self.bottom - (self.bottom - self.top) * (value - self.low) / (self.high - self.low), 1)


def _scale(measure: Measure, values: Sequence[float], top: float, bottom: float, *, from_zero: bool = False) -> Scale:
    shown = [*values, *([measure.goal] if measure.goal is not None else [])]
    low, high = min(shown), max(shown)
    room = (high - low) * 0.15 or abs(high) * 0.1 or 1.0
    low, high = max(0.0, low - room), high + room
    if measure.unit == "share":
        high = min(1.0, high) if high > low else high
    if from_zero and measure.unit != "share":
        low = 0.0
    return Scale(low, high if high > low else low + 1.0, top, bottom)


def spark(figure: Figure) -> SafeString | str:
    """Twelve points and the goal's line, hidden from readers: the number stands beside it."""
    spots = [(n, p.tally.value) for n, p in enumerate(figure.points)]
    known = [(n, v) for n, v in spots if v is not None and figure.points[n].tally.n]
    if len(known) < 2:
        return ""
    scale = _scale(figure.measure, [v for _, v in known], 5, SPARK_H - 5)
    step = (SPARK_W - 10) / (len(spots) - 1)
    line = " ".join(f"{5 + n * step:.1f},{scale.y(v)}" for n, v in known)
    goal = ""
    if figure.measure.goal is not None:
        y = scale.y(figure.measure.goal)
        goal = format_html('<line class="tg" x1="5" x2="{0}" y1="{1}" y2="{1}"/>', SPARK_W - 5, y)
    last = known[-1]
    return format_html(
        '<svg class="spark" width="{0}" height="{1}" viewBox="0 0 {0} {1}" aria-hidden="true">{2}'
        '<polyline class="ln" points="{3}"/><circle class="pt" cx="{4}" cy="{5}" r="3"/></svg>',
        SPARK_W, SPARK_H, goal, line, round(5 + last[0] * step, 1), scale.y(last[1]),
    )  # fmt: skip


def chart(figure: Figure, sentence: str) -> SafeString | str:
    """The same at full size, with weeks, and with the interval of each share as a bar."""
    points, measure = figure.points, figure.measure
    known = [(n, p, p.tally.value) for n, p in enumerate(points) if p.tally.n and p.tally.value is not None]
    if not known:
        return ""
    lows = [low for _, p, _ in known for low in (p.tally.interval or ())]
    values = [v for _, _, v in known if v is not None]
    scale = _scale(measure, [*values, *lows], TOP, HEIGHT - BOTTOM, from_zero=True)
    step = (WIDTH - LEFT - RIGHT - 24) / max(1, len(points) - 1)
    x = [round(LEFT + 12 + n * step, 1) for n in range(len(points))]
    line = " ".join(f"{x[n]},{scale.y(v)}" for n, _, v in known if v is not None)
    dots = format_html_join(
        "", '<circle class="{}" cx="{}" cy="{}" r="3.5"/>',
        (("pt few" if p.tally.few else "pt", x[n], scale.y(v)) for n, p, v in known if v is not None),
    )  # fmt: skip
    return format_html(
        '<svg class="chart" viewBox="0 0 {} {}" width="100%" role="img" aria-label="{}">{}{}{}{}'
        '<polyline class="ln" points="{}"/>{}</svg>',
        WIDTH, HEIGHT, sentence, _grid(measure, scale), _weeks(points, x), _intervals(points, x, scale),
        _goal(measure, scale), line, dots,
    )  # fmt: skip


def _grid(measure: Measure, scale: Scale) -> SafeString:
    marks = [scale.low + (scale.high - scale.low) * n / 3 for n in range(4)]
    if measure.unit == "share":
        step = next((s for s in (1, 2, 5, 10, 25) if (scale.high - scale.low) * 100 / s <= 4), 50)
        marks = [n / 100 for n in range(0, 101, step) if scale.low <= n / 100 <= scale.high]
    return format_html_join(
        "", '<line class="ax" x1="{}" x2="{}" y1="{}" y2="{}"/><text x="{}" y="{}" text-anchor="end">{}</text>',
        ((LEFT, WIDTH - RIGHT, scale.y(m), scale.y(m), LEFT - 8, scale.y(m) + 4, _mark(measure, m)) for m in marks),
    )  # fmt: skip


def _mark(measure: Measure, value: float) -> str:
    if measure.unit == "share":
        return f"{100 * value:.0f}%"
    if measure.unit != "duration":
        return value_words(measure, round(value, 1) if measure.unit == "mean" else float(round(value)))
    size, name = next(((s, name) for s, name in ((86_400, "d"), (3600, "h"), (60, "min")) if value >= 2 * s), (1, "s"))
    return f"{value / size:.{0 if value >= 10 * size else 1}f}".removesuffix(".0") + f" {name}"


def _weeks(points: Sequence[Point], x: Sequence[float]) -> SafeString:
    return format_html_join(
        "", '<text class="hr" x="{}" y="{}" text-anchor="{}">{}</text>',
        ((*((WIDTH - 2, HEIGHT - 6, "end") if p is points[-1] else (x[n], HEIGHT - 6, "middle")), day(p))
         for n, p in enumerate(points) if n % 2 == (len(points) - 1) % 2),
    )  # fmt: skip


def day(point: Point) -> str:
    return f"{point.since.day} {MONTHS[point.since.month - 1]}"


def _intervals(points: Sequence[Point], x: Sequence[float], scale: Scale) -> SafeString:
    found = [(x[n], p.tally.interval) for n, p in enumerate(points) if p.tally.interval]
    return format_html_join(
        "", '<line class="ci" x1="{}" x2="{}" y1="{}" y2="{}"/>',
        ((at, at, scale.y(max(scale.low, low)), scale.y(min(scale.high, high))) for at, (low, high) in found),
    )  # fmt: skip


def _goal(measure: Measure, scale: Scale) -> SafeString | str:
    if measure.goal is None:
        return ""
    y = scale.y(measure.goal)
    return format_html(
        '<line class="tg" x1="{0}" x2="{1}" y1="{2}" y2="{2}"/>', LEFT, WIDTH - RIGHT, y,
    )  # fmt: skip


def bar(count: int, most: int) -> SafeString:
    """One bar of a list, its number beside it."""
    return format_html(
        '<svg class="bar" viewBox="0 0 120 8" width="120" height="8" aria-hidden="true"><rect width="{}" height="8" '
        'rx="3"/></svg>',
        round(max(4.0, 120 * count / max(most, 1)), 1),
    )  # fmt: skip
