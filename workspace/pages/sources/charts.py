"""Charts as SVG, drawn here: no script, fit for paper, coloured by the page's tokens alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from connectors.host.selectors import SourceHealth, Stretch
from workspace.pages.present import words
from workspace.pages.sources.wording import span

WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 640, 132, 40, 10, 20
BARS = {"ok": ("g", 4, 12), "late": ("l", 1, 18), "failed": ("x", 1, 18), "quiet": ("z", 9, 2)}
"""Class, top and height of a bar: what was late or failed is taller, not only coloured."""
WINDOWS = {
    timedelta(hours=1): "last hour", timedelta(hours=6): "last six hours", timedelta(hours=24): "last 24 hours",
}  # fmt: skip


def strip(stretches: Sequence[Stretch]) -> SafeString:
    """The last day as a row of bars; its words stand beside it for those who do not see it."""
    width = 4 * len(stretches)
    bars = format_html_join(
        "", '<rect class="{}" x="{}" y="{}" width="3" height="{}"/>',
        ((name, 4 * n, y, h) for n, (name, y, h) in enumerate(BARS[s.state] for s in stretches)),
    )  # fmt: skip
    return format_html(
        '<svg class="strip" width="{0}" height="20" viewBox="0 0 {0} 20" aria-hidden="true">{1}</svg>', width, bars
    )


def strip_said(health: SourceHealth) -> str:
    """``Late for a while in 3 and failed in 1 of 48 half hours``."""
    stretches = health.strip
    late, failed, quiet = (sum(s.state == state for s in stretches) for state in ("late", "failed", "quiet"))
    if quiet == len(stretches):
        return "Never asked" if health.tells else "Not asked in the last 24 hours"
    partly = "late for a while" if health.poll_s is not None else "failed now and then"
    parts = [f"{partly} in {late}"] * bool(late) + [f"failed in {failed}"] * bool(failed)
    return f"{' and '.join(parts).capitalize()} of 48 half hours" if parts else "On time in the last 24 hours"


def gauge(health: SourceHealth) -> SafeString | str:
    """Age against its limit: the tick in the middle is the limit."""
    if health.age_s is None or health.poll_s is None:
        return ""
    value = min(140.0, 70 * health.age_s / health.limit_s)
    look = "bad" if health.age_s > 2 * health.limit_s else "late" if health.age_s > health.limit_s else ""
    return format_html(
        '<svg class="gauge {}" width="140" height="12" aria-hidden="true">'
        '<rect class="tr" y="3" width="140" height="6" rx="3"/><rect class="v" y="3" width="{}" height="6" rx="3"/>'
        '<rect class="lm" x="69.25" width="1.5" height="12"/></svg>',
        look, round(max(value, 3), 1),
    )  # fmt: skip


@dataclass(frozen=True)
class Chart:
    """``svg`` beside ``said``, one sentence, and the same numbers as rows of a table."""

    title: str
    said: str
    svg: SafeString
    head: tuple[str, ...]
    rows: list[tuple[Any, ...]]


def age_chart(series: Sequence[Stretch], health: SourceHealth) -> Chart | None:
    """How old the data was through the day, with the limit as a line; None where nothing is known."""
    known = [s for s in series if s.worst_s is not None]
    if not known:
        return None
    limit, now = health.limit_s, health.age_s or 0
    window = series[-1].at - series[0].at + (series[1].at - series[0].at)
    top = max(limit * 1.5, *(s.worst_s or 0 for s in known), now) * 1.08
    step = series[1].at - series[0].at
    spots = [(_x(s.at + step, health.at, window), _y(s.worst_s or 0, top)) for s in known]
    spots[-1] = (WIDTH - 8.0, _y(max(now, 0), top))
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in spots)
    area = f"{spots[0][0]:.1f},{HEIGHT - BOTTOM} {line} {spots[-1][0]:.1f},{HEIGHT - BOTTOM}"
    limit_y = _y(limit, top)
    worst = max(s.worst_s or 0 for s in known)
    over = now > limit
    body = format_html(
        '<defs><clipPath id="over"><rect x="{0}" y="0" width="{1}" height="{2}"/></clipPath></defs>'
        '{3}<polygon class="ar" points="{4}"/><polyline class="ln" points="{5}"/>'
        '<g clip-path="url(#over)"><polygon class="over" points="{4}"/><polyline class="over-ln" points="{5}"/></g>'
        '<line class="tg" x1="{0}" x2="{6}" y1="{2}" y2="{2}"/><text x="{7}" y="{8}">limit {9}</text>'
        '<circle class="pt {10}" cx="{11}" cy="{12}" r="4"/><text class="{13}" x="{11}" y="{14}" '
        'text-anchor="end">{15}</text>',
        LEFT, WIDTH - LEFT, round(limit_y, 1), _hours(health.at, window), area, line, WIDTH - 4, LEFT + 4,
        round(limit_y - 5, 1), span(limit), "wt" if over else "", round(spots[-1][0], 1), round(spots[-1][1], 1),
        "wt" if over else "now", round(max(12.0, spots[-1][1] - 9), 1), words.span(now),
    )  # fmt: skip
    said = f"At most {words.span(worst)} old, now {words.span(now)}; the limit is {span(limit)}."
    rows = [
        (words.clock(s.at), words.span(s.worst_s), "over" if s.worst_s > limit else "within", s.checks, s.errors)
        for s in reversed(health.strip)
        if s.worst_s is not None
    ]
    return Chart(f"Age of its data, {WINDOWS[window]}", said, _svg(body, said),
                 ("From", "Oldest", "Limit", "Polls", "Failed"), rows)  # fmt: skip


def asked_chart(strip: Sequence[Stretch], health: SourceHealth) -> Chart | None:
    """How often a source that is only asked was asked, and how often that failed."""
    most = max((s.checks for s in strip), default=0)
    if not most:
        return None
    room, each = HEIGHT - BOTTOM - TOP, (WIDTH - LEFT - 8) / len(strip)
    bars = []
    for n, s in enumerate(strip):
        x, high, bad = LEFT + n * each, room * s.checks / most, room * s.errors / most
        bars.append(("b", x, TOP + room - high, each - 2, high))
        bars.append(("e", x, TOP + room - bad, each - 2, bad))
    drawn = format_html_join(
        "", '<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>',
        ((name, *(round(v, 1) for v in box)) for name, *box in bars if box[3] > 0),
    )  # fmt: skip
    said = f"Asked {health.checks} times, {sum(health.errors.values())} failed."
    rows = [(words.clock(s.at), s.checks, s.errors) for s in reversed(strip) if s.checks]
    body = format_html('{}<text x="0" y="{}">{}</text>{}', _hours(health.at, timedelta(hours=24)), TOP + 8, most, drawn)
    return Chart("Askings in each half hour", said, _svg(body, said), ("From", "Asked", "Failed"), rows)


def _svg(body: SafeString, said: str) -> SafeString:
    return format_html(
        '<svg class="chart" viewBox="0 0 {} {}" width="100%" role="img" aria-label="{}">{}</svg>',
        WIDTH, HEIGHT, said, body,
    )  # fmt: skip


def window_of(strip: Sequence[Stretch]) -> timedelta:
    """A day, or less where the source has been known for less."""
    known = next((n for n, s in enumerate(strip) if s.checks), 0)
    return next((w for w in WINDOWS if len(strip) - known <= len(strip) * w / timedelta(hours=24)), timedelta(hours=24))


def _x(at: datetime, now: datetime, window: timedelta) -> float:
    return WIDTH - 8 - (WIDTH - LEFT - 8) * (now - at) / window


def _y(value: float, top: float) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * value / top


def _hours(now: datetime, window: timedelta) -> SafeString:
    """The axis, with six clock times."""
    each = int(window.total_seconds()) // 6
    here = words.local(now)
    first = here - timedelta(seconds=(here.hour * 3600 + here.minute * 60 + here.second) % each)
    ticks = [first - timedelta(seconds=n * each) for n in range(6)]
    labels = format_html_join(
        "", '<text class="hr" x="{}" y="{}" text-anchor="middle">{}</text>',
        ((round(_x(t, now, window), 1), HEIGHT - 4, words.clock(t))
         for t in ticks if LEFT + 16 < _x(t, now, window) < WIDTH - 24),
    )  # fmt: skip
    axis = '<line class="ax" x1="{0}" x2="{1}" y1="{2}" y2="{2}"/>'
    return format_html(axis + "{3}", LEFT, WIDTH - 4, HEIGHT - BOTTOM, labels)
