"""How old what a source says is, against its own limit, as an icon and words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from connectors.host.views import FactView, SourceView
from workspace.pages.present import words

ICONS = {
    "live": "circle-check", "on_time": "circle-check", "late": "triangle-alert", "stale": "triangle-alert",
    "down": "cloud-off", "waiting": "circle-dashed", "never": "circle-dashed", "fixed": "file-text",
}  # fmt: skip
LOOKS = {"late": "late", "stale": "stale", "down": "down", "waiting": "fixed", "never": "fixed", "fixed": "fixed"}
WORST_FIRST = ("down", "stale", "late", "waiting", "never", "on_time", "live", "fixed")


@dataclass(frozen=True)
class Fresh:
    """``when`` is the machine-readable moment or day behind the words, where there is one."""

    status: str
    text: str
    when: datetime | date | None = None

    @property
    def icon(self) -> str:
        return ICONS[self.status]

    @property
    def look(self) -> str:
        return LOOKS.get(self.status, "")


def of_source(source: SourceView, at: datetime) -> Fresh:
    age = words.span(source.age_s or 0)
    limit = words.span(source.limit.total_seconds())
    if source.status == "down":
        since = f" since {words.stamp(source.since, at, seconds=False).removeprefix('today ')}" if source.since else ""
        return Fresh("down", f"{'Paused' if source.paused else 'Not reachable'}{since}", source.since)
    if source.status == "waiting":
        words_now = "Still reading" if source.checked_at is None else f"Reading again, {age} old"
        return Fresh("waiting", words_now, source.since)
    if source.status == "never" or source.checked_at is None:
        return Fresh("never", "Not read yet" if source.asked else "Nothing to ask about yet")
    text = {
        "live": f"Live, {age} ago",
        "on_time": f"{age} old",
        "late": f"{age} old, limit {limit}",
        "stale": f"{age} old, limit {limit}",
        "fixed": f"Read {age} ago",
    }[source.status]
    return Fresh(source.status, text, source.checked_at)


def of_document(fact: FactView, at: datetime, clause: str = "") -> Fresh:
    """A policy does not age: its clause, and since when it is in force."""
    name = " ".join(filter(None, (str(fact.data.get("document", "")), clause)))
    since = _day(fact.data.get("in_force_from"))
    tail = f", in force since {words.short_day(since, at)}" if since else ""
    return Fresh("fixed", f"{name}{tail}", since)


def worst(sources: Sequence[SourceView], at: datetime) -> Fresh | None:
    found = [of_source(s, at) for s in sources]
    return min(found, key=lambda f: WORST_FIRST.index(f.status), default=None)


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None
