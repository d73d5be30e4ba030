"""A replay as its page shows it: the track of stops, the two cards, and the timeline cut at the moment."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import groupby
from urllib.parse import urlencode

from django.urls import reverse

from cases.answers import cited
from cases.views import CaseView, Clock, Replay, Stop, TimelineEntry
from workspace.pages.present import timeline as lines
from workspace.pages.present import words
from workspace.pages.present.timeline import LAG, Day, Row

WINDOW = 24
"""How many stops the track shows; the range covers all."""
NEAR = 4
"""Stops further away than this are left out on a phone."""
CLOCKS: tuple[tuple[Clock, str], ...] = (("known", "When we knew"), ("happened", "When it happened"))
GHOST = "ghost"


@dataclass(frozen=True)
class Mark:
    """One stop on the track. ``day`` is its label, empty where the one before it has the same."""

    href: str
    icon: str
    look: str
    says: str
    full: str
    clock: str
    day: str
    state: str
    """``past``, ``at``, ``later``, or ``unknown``: it had happened and was not known."""
    far: bool


@dataclass(frozen=True)
class Track:
    marks: tuple[Mark, ...]
    total: int
    at: int
    whole: bool
    """Whether every stop is on it."""
    before: int
    after: int
    last: int
    number: int
    first: str
    previous: str
    next: str
    says: str
    """For people who hear the slider: "Tue 17 Nov, 09:12. Refund paid. 10 of 12 events known."."""


@dataclass(frozen=True)
class Past:
    """The timeline as it stood, and what came later."""

    days: tuple[Day, ...]
    later: tuple[Day, ...]
    known: int
    total: int
    later_count: int
    hidden: int
    """How many older rows are not shown."""


def stamp(moment: datetime) -> str:
    """An instant as a URL holds it."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def url(replay: Replay, moment: datetime | None, *, route: str = "replay", **more: str) -> str:
    """The address of this case at a moment, by the same clock; None is now."""
    return address(route, replay.view.reference, moment, clock=replay.clock, **more)


def address(route: str, reference: str, moment: datetime | None, **more: str) -> str:
    asked = {"as_of": stamp(moment) if moment else "", **more}
    return f"{reverse(route, args=[reference])}?{urlencode({k: v for k, v in asked.items() if v}, safe=':')}"


def label(moment: datetime, at: datetime) -> str:
    """``Mon 16 Nov, 10:05``."""
    return f"{words.day(moment, at)}, {words.clock(moment)}"


def dated(moment: datetime) -> str:
    """``Mon 16 Nov 2026, 10:05``: on paper the year is always said."""
    there = words.local(moment)
    return f"{there:%a} {there.day} {there:%b %Y}, {there:%H:%M}"


# -- the track ------------------------------------------------------------------------------------------
def track(replay: Replay, review: str) -> Track:
    stops, at = replay.stops, replay.at_stop
    start = max(0, min(at - WINDOW // 2, len(stops) - WINDOW))
    shown = stops[start : start + WINDOW]
    rows = {r.entry.id: r for r in _rows(replay.now, [s.entry for s in shown])}
    marks = _marks(replay, shown, start, rows, review)
    previous = max((s.moment for s in stops if s.moment < _here(replay)), default=None)
    following = min((s.moment for s in stops if s.moment > _here(replay)), default=None)
    row = rows.get(stops[at].entry.id) if stops else None
    says = f"{label(replay.view.as_of, replay.now.at)}. {row.title if row else 'Nothing yet'}. " \
           f"{replay.known} of {len(stops)} events known."  # fmt: skip
    return Track(
        tuple(marks), len(stops), at, len(stops) <= WINDOW, start, max(0, len(stops) - start - WINDOW),
        max(0, len(stops) - 1), at + 1,
        url(replay, stops[0].moment, review=review) if previous and stops else "",
        url(replay, previous, review=review) if previous else "",
        url(replay, following, review=review) if following else "", says,
    )  # fmt: skip


def _here(replay: Replay) -> datetime:
    """The stop's own instant, so that a moment between two stops steps to its neighbours."""
    return replay.stops[replay.at_stop].moment if replay.stops and not replay.is_now else replay.view.as_of


def _marks(
    replay: Replay, shown: Sequence[Stop], start: int, rows: dict[str, Row], review: str
) -> Iterable[Mark]:
    apart, last_day, last_label = (1 if len(shown) <= 12 else 2), "", -9
    for i, stop in enumerate(shown):
        row, when = rows.get(stop.entry.id), _when(stop, replay.clock)
        day = words.day(when, replay.now.at)
        new = day != last_day and i - last_label >= apart
        if new:
            last_day, last_label = day, i
        number = start + i
        yield Mark(
            url(replay, stop.moment, review=review), row.icon if row else "history", row.look if row else "delivery",
            row.title if row else stop.entry.title, label(when, replay.now.at), words.clock(when), day if new else "",
            _state(replay, stop, number),
            abs(number - replay.at_stop) > NEAR,
        )  # fmt: skip


def _when(stop: Stop, clock: Clock) -> datetime:
    return stop.entry.learned_at if clock == "known" else stop.entry.sort_at


def _state(replay: Replay, stop: Stop, number: int) -> str:
    if number == replay.at_stop:
        return "at"
    if not stop.reached:
        return "later"
    return "past" if stop.known else "unknown"


# -- the timeline ---------------------------------------------------------------------------------------
def past(replay: Replay, limit: int, without: Iterable[str] = ()) -> Past:
    """What was known at the moment, as the page showed it, and what came later folded. ``without`` are kinds, or their
    beginnings, that are left out."""
    out = tuple(without)
    view, clock = replay.view, replay.clock
    used = {f"f{i}" for i in cited(view.answer)}
    quiet = {f"e{e.id}" for e in view.events if e.quiet}
    own = [e for e in view.timeline if e.id not in quiet and not (out and e.kind.startswith(out))
           and (e.id in used or not e.kind.startswith("policy."))]  # fmt: skip
    known = {e.id for e in own}
    rest = [s for s in replay.stops if not s.known and not (out and s.entry.kind.startswith(out))]
    ghosts = [s.entry for s in rest if s.reached and s.entry.id not in known]
    later = [s.entry for s in rest if not s.reached]
    rows = _rows(view, own) + [replace(r, group=GHOST) for r in _rows(replay.now, ghosts)]
    rows.sort(key=lambda r: _order(r.entry, clock), reverse=True)
    ahead = sorted(_rows(replay.now, later[:limit]), key=lambda r: _order(r.entry, clock), reverse=True)
    return Past(
        _days(rows[:limit], replay), _days([replace(r, group=GHOST) for r in ahead], replay),
        len(own), len(own) + len(ghosts) + len(later), len(later), max(0, len(rows) - limit),
    )  # fmt: skip


def _rows(view: CaseView, entries: Sequence[TimelineEntry]) -> list[Row]:
    """Rows by the same hand as the case page's own."""
    plain = tuple(f for f in view.evidence.facts if not f.kind.startswith("policy."))
    lone = replace(view, timeline=tuple(entries), evidence=replace(view.evidence, facts=plain))
    shown = lines.timeline(lone, everything=True)
    return [row for day in shown.days for row in day.rows]


def _order(entry: TimelineEntry, clock: Clock) -> tuple[datetime, str, int]:
    when = entry.learned_at if clock == "known" else entry.sort_at
    return when, "z" if entry.kind == "message.out" else entry.type, entry.number


def _days(rows: Sequence[Row], replay: Replay) -> tuple[Day, ...]:
    by_learning = [_learned(r, replay.now.at) if replay.clock == "known" else r for r in rows]
    grouped = groupby(by_learning, key=lambda r: words.local(_order(r.entry, replay.clock)[0]).date())
    return tuple(Day(words.day(day, replay.now.at), day, tuple(found)) for day, found in grouped)


def _learned(row: Row, at: datetime) -> Row:
    """The same row by the other clock: when we knew, and beside it when it happened."""
    entry = row.entry
    lag = ""
    if entry.type == "fact" and entry.occurred is None:
        lag = "time unknown"
    elif entry.type == "fact" and (entry.lag is None or abs(entry.lag) > LAG):
        lag = _happened(entry, at)
    return replace(row, clock=words.clock(entry.learned_at), when=entry.learned_at, lag=lag)


def _happened(entry: TimelineEntry, at: datetime) -> str:
    """``happened 16:02``, with the day where it was another one."""
    when = entry.occurred
    if isinstance(when, datetime):
        same = words.local(when).date() == words.local(entry.learned_at).date()
        return f"happened {words.clock(when) if same else label(when, at)}"
    return f"happened {words.day(when, at)}" if when else ""
