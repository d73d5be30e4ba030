"""Everything the sources templates need, from what the selectors know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.safestring import SafeString

from cases.selectors.uses import open_cases_using
from connectors.host.selectors import (
    LogEntry,
    SourceHealth,
    age_series,
    malformed_list,
    moment,
    source_log,
    sources_health,
)
from connectors.host.selectors.connectors import connector_classes
from connectors.host.selectors.deliveries import DeliveryView, deliveries_counts, deliveries_list
from connectors.host.selectors.reading import backfills_list, drift_list, imports_list
from connectors.host.services import source_get
from connectors.host.services.gathering.lanes import lane_states
from connectors.sdk import Connector
from workspace.pages.present import words
from workspace.pages.sources import charts, wording
from workspace.pages.sources.console import suggestion

POINTS = 96


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    health: SourceHealth
    look: wording.Look
    mark: tuple[str, str]
    ways: str
    age: str
    limit: str
    gauge: SafeString | str
    strip: SafeString
    strip_said: str
    p95: str
    errors: int
    on: bool


def row(health: SourceHealth, selected: str) -> Row:
    limit = wording.span(health.limit_s)
    if health.poll_s is None:
        limit = "never asked" if health.tells else "asked when needed"
    return Row(
        health, wording.look(health), wording.mark(health.domain), wording.ways(health),
        words.span(health.age_s) if health.age_s is not None else "—", limit, charts.gauge(health),
        charts.strip(health.strip), charts.strip_said(health), milliseconds(health.p95_ms),
        sum(health.errors.values()), health.name == selected,
    )  # fmt: skip


def _place(h: SourceHealth) -> tuple[bool, int]:
    """Those that need somebody first, the worst on top; the others keep their places, whatever they do."""
    return (not h.needs_you, 0 if h.needs_you else h.id)


def milliseconds(value: int | None) -> str:
    """``240 ms``, ``2.9 s``, or a dash."""
    if value is None:
        return "—"
    return f"{value} ms" if value < 1000 else f"{value / 1000:.1f} s"


def table(selected: str = "") -> dict[str, Any]:
    """The headline and the table, with the source that stands open below it."""
    found = sources_health()
    _, at = moment()
    first = next((h for h in found if h.needs_you), None)
    return {
        "on": "sources", "at": at, "zone": timezone.get_current_timezone_name(), "healths": found,
        "headline": wording.headline(found),
        "rows": [row(h, selected) for h in sorted(found, key=_place)],
        "uses": wording.uses(open_cases_using(first.name), first.title) if first else "",
        "aloud": "; ".join(f"{h.title}: {wording.look(h).word}" for h in found if h.needs_you),
        "first": first, "demo": settings.DEMO,
    }  # fmt: skip


def detail(health: SourceHealth, *, everything: bool = False) -> dict[str, Any]:
    """One source: what is wrong, since when, what is kept; its chart, its log and what it sent by itself."""
    cls = connector_classes().get(health.connector)
    window = charts.window_of(health.strip)
    series = age_series(health.name, window=window, step=window / POINTS) if health.poll_s is not None else ()
    chart = charts.age_chart(series, health) if series else charts.asked_chart(health.strip, health)
    can = {question: bool(cls and cls.can(question)) for question in ("lookup", "changes", "receive", "cursor_at")}
    return {
        "h": health, "rests": rests(health), "look": wording.look(health), "mark": wording.mark(health.domain),
        "chart": chart, "ways": wording.ways(health), "everything": everything, "can": can, "numbers": numbers(health),
        "title": title(health), "calm": calm(health),
        "log": [(wording.LEVELS.get(e.level, wording.LEVELS["info"]), e) for e in _log(health, everything)],
        "malformed": malformed_list(source=health.name, limit=5),
        **(_deliveries(health.name) if can["receive"] else {}), **_reading(health.name),
        **console(cls, health),
    }  # fmt: skip


def title(h: SourceHealth) -> str:
    """The heading of one source: what is so, without its times."""
    return f"{h.title} is on time" if h.level == "ok" and h.state != "never" else h.cause.rstrip(".")


def calm(h: SourceHealth) -> str:
    """Where nothing is wrong: how fresh it is."""
    if wording.only_tells(h):
        return "It is never asked: what it tells shows at once."
    if h.level == "ok" and h.state == "never":
        return "It is asked as soon as a case needs it."
    if h.level != "ok" or h.age_s is None:
        return ""
    if h.poll_s is None:
        return f"It last answered {words.span(h.age_s)} ago, and is asked when a case needs it."
    return f"Its data is {words.span(h.age_s)} old; the limit is {wording.span(h.limit_s)}."


def rests(h: SourceHealth) -> str:
    """Why it is not asked at present, where it is not. Told by the process that shows the page: the one that asks when
    a case is opened."""
    lane = lane_states().get(h.id)
    if lane is None or h.paused or h.tells:
        return ""
    return wording.rests(lane, polled=h.poll_s is not None)


def numbers(h: SourceHealth) -> list[tuple[str, str]]:
    """What else there is to know, as terms and values."""
    by = ", ".join(f"{n} {wording.ERRORS.get(kind, kind)}" for kind, n in sorted(h.errors.items()))
    found = [] if h.tells and not h.checks else [
        ("Askings, last 24 hours", f"{h.checks}" + (f", of which failed: {by}" if by else ", none failed")),
        ("Answers in", " / ".join(map(milliseconds, (h.p50_ms, h.p95_ms, h.p99_ms))) + " (p50 / p95 / p99)"),
    ]
    if h.poll_s is not None:
        lag = f", confirmed {words.span(h.cursor_lag_s)} ago" if h.cursor_lag_s is not None else ""
        found.append(("Cursor", f"{_short(h.cursor)}{lag}" if h.cursor is not None else "none yet"))
    if h.malformed_today:
        found.append(("Not readable today", f"{h.malformed_today} rows or facts"))
    return found


def console(cls: type[Connector] | None, health: SourceHealth) -> dict[str, Any]:
    """What the test console starts with: the kinds of references it takes, and one to try."""
    schemes = list(cls.accepts) if cls else []
    scheme, _, value = suggestion(health.name).partition(":")
    return {"schemes": schemes, "scheme": scheme if scheme in schemes else "", "value": value}


def _log(health: SourceHealth, everything: bool) -> Sequence[LogEntry]:
    return source_log(health.name, everything=everything, limit=40 if everything else 12)


def _deliveries(name: str) -> dict[str, Any]:
    counts = deliveries_counts(source=name)
    found = deliveries_list(source=name, limit=8)
    return {
        "counts": [(wording.DELIVERIES[state], n) for state, n in counts.items() if n],
        "deliveries": [delivery_row(d) for d in found], "stuck": counts.get("failed", 0) + counts.get("dead", 0),
    }  # fmt: skip


def _reading(name: str) -> dict[str, Any]:
    """Readings of its past, files, and what changed in its rows."""
    source = source_get(name)
    said = {"new": "is new", "shape": "has another shape", "lost": "is not there any more"}
    return {
        "backfills": [(wording.RUNS[b.state], b) for b in backfills_list(source, 3)],
        "imports": [(wording.RUNS[i.state], i) for i in imports_list(source, 3)],
        "drifts": [(d, said[d.what]) for d in drift_list(source)[:12]],
    }  # fmt: skip


def delivery_row(found: DeliveryView) -> tuple[wording.Look, DeliveryView]:
    return wording.DELIVERIES[found.state], found


def _short(text: str, n: int = 48) -> str:
    return text if len(text) <= n else f"{text[: n - 1]}…"
