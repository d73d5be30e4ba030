"""How sources fare, as data: one shape for the page, the API and the metrics, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from connectors.host.errors import UnknownSource
from connectors.host.registry import connector_classes
from connectors.host.selectors.askings import SourceRow, source_rows
from connectors.host.selectors.health_rows import (
    DAY,
    Counts,
    Tally,
    counts_of,
    deliveries_of,
    drift_of,
    errors_of,
    read_before,
    tallies_of,
)
from connectors.host.selectors.health_words import (
    LEVELS,
    Level,
    State,
    cause_of,
    error_class,
    not_lost_of,
    since_of,
    state_of,
    todo_of,
)
from connectors.host.selectors.moments import moment
from connectors.host.selectors.zones import house_zone
from connectors.sdk import Connector

STRETCHES = 48
STEP = DAY / STRETCHES


@dataclass(frozen=True)
class Stretch:
    """Half an hour (or another step) of a source. ``state``: ok, late (older than its limit for a while, or some
    askings failed), failed (all failed) or quiet (nothing was asked). ``worst_s``: how old its data became, where it
    is polled."""

    at: datetime
    state: str
    checks: int
    errors: int
    worst_s: int | None


@dataclass(frozen=True)
class SourceHealth:
    """One source at one moment. Counts without another word are of the 24 hours before it."""

    id: int
    name: str
    title: str
    domain: str
    connector: str
    connector_title: str
    ways: tuple[str, ...]
    """How facts come from it: polled, asked, pushed."""
    zone: str
    at: datetime
    state: State
    cause: str
    said: str
    """What the source, or the way to it, said of the latest failure; empty where the latest check was fine."""
    todo: str
    not_lost: str
    since: datetime | None
    error: str
    """The class of the latest failure, empty where the latest check was fine."""
    checked_at: datetime | None
    """Polled: its last good poll, else its last good answer."""
    age_s: int | None
    limit_s: float
    poll_s: float | None
    next_try_at: datetime | None
    failures: int
    paused: bool
    strip: tuple[Stretch, ...]
    events_today: int
    malformed_today: int
    last_event_at: datetime | None
    checks: int
    errors: Mapping[str, int]
    latency_checks: int
    p50_ms: int | None
    p95_ms: int | None
    p99_ms: int | None
    cursor: str | None
    cursor_at: datetime | None
    cursor_lag_s: int | None
    delivered_at: datetime | None
    deliveries: Mapping[str, int] = field(default_factory=dict)
    """Not yet done: waiting, failed (tried again), dead (only by hand)."""
    deliveries_since: datetime | None = None
    drift: int = 0

    @property
    def tells(self) -> bool:
        """True where it is never asked: its facts come by themselves."""
        return only_tells(self.ways)

    @property
    def level(self) -> Level:
        """A source that is only asked when needed is fine before anybody needed it."""
        return "ok" if self.state == "never" and self.poll_s is None else LEVELS[self.state]

    @property
    def needs_you(self) -> bool:
        """True where somebody should look at it."""
        return self.level in ("warn", "bad") or bool(self.deliveries.get("dead"))


def sources_health(at: datetime | None = None, *, names: frozenset[str] | None = None) -> tuple[SourceHealth, ...]:
    """Every source in use (or those named) as it stood at ``at``, those that need somebody first. Deliveries, cursor
    and changes of shape are as they are now. Raises BadMoment."""
    as_of, now = moment(at)
    rows = [r for r in source_rows(as_of) if r.enabled and (names is None or r.name in names)]
    if not rows:
        return ()
    ids, polled = [r.id for r in rows], [r.id for r in rows if r.poll_s is not None]
    since = _aligned(now, DAY, STEP)
    midnight = now.astimezone(house_zone()).replace(hour=0, minute=0, second=0, microsecond=0)
    counts, errors = counts_of(ids, now, midnight), errors_of(ids, now)
    tallies, before = tallies_of(ids, polled, since, now, STEP), read_before(polled, since)
    deliveries, drift = deliveries_of(ids), drift_of(ids)
    found = [
        _health(
            row, counts[row.id], errors.get(row.id, {}), deliveries.get(row.id, {}), drift.get(row.id, 0),
            stretches(row, tallies.get(row.id, {}), before.get(row.id), since, now, STEP), now,
        )
        for row in rows
    ]  # fmt: skip
    worst = ("bad", "warn", "calm", "ok")
    return tuple(sorted(found, key=lambda h: (worst.index(h.level), not h.needs_you)))


def source_health(name: str, at: datetime | None = None) -> SourceHealth:
    """One source. Raises UnknownSource and BadMoment."""
    found = sources_health(at, names=frozenset({name}))
    if not found:
        raise UnknownSource(f"There is no source {name!r} in use.")
    return found[0]


def age_series(
    name: str, at: datetime | None = None, *, window: timedelta = DAY, step: timedelta = timedelta(minutes=10)
) -> tuple[Stretch, ...]:
    """How old one polled source's data became in each ``step`` of the ``window`` before ``at``; empty where it is not
    polled."""
    as_of, now = moment(at)
    row = next((r for r in source_rows(as_of) if r.name == name and r.poll_s is not None), None)
    if row is None:
        return ()
    since = _aligned(now, window, step)
    tallies = tallies_of([row.id], [row.id], since, now, step)
    return stretches(row, tallies.get(row.id, {}), read_before([row.id], since).get(row.id), since, now, step)


def _aligned(now: datetime, window: timedelta, step: timedelta) -> datetime:
    """The beginning of a window that ends with the step that ``now`` lies in."""
    over = (now - datetime.min.replace(tzinfo=now.tzinfo)) % step
    return now - over + step - window


def stretches(
    row: SourceRow,
    tallies: Mapping[datetime, Tally],
    before: datetime | None,
    since: datetime,
    at: datetime,
    step: timedelta,
) -> tuple[Stretch, ...]:
    """One Stretch for each step from ``since`` to ``at``; ``before`` is the last good poll before them."""
    found = []
    read = before
    for n in range(-int((since - at) // step)):
        start = since + n * step
        end = min(start + step, at)
        tally = tallies.get(start)
        worst = None
        if row.poll_s is not None:
            worst = _worst(tally, read, end)
        if tally is not None and tally.last_ok is not None:
            read = tally.last_ok
        found.append(_stretch(row, start, tally, worst))
    return tuple(found)


def _worst(tally: Tally | None, read: datetime | None, end: datetime) -> timedelta | None:
    """The greatest age within a stretch: before a good poll in it, or at its end."""
    ages = []
    if tally is not None and tally.first_ok is not None and tally.last_ok is not None:
        ages = [end - tally.last_ok, tally.gap or timedelta(0)]
        ages += [tally.first_ok - read] if read else []
    elif read is not None:
        ages = [end - read]
    return max(ages, default=None)


def _stretch(row: SourceRow, start: datetime, tally: Tally | None, worst: timedelta | None) -> Stretch:
    checks, errors = (tally.checks, tally.errors) if tally else (0, 0)
    late = worst is not None and worst > row.limit
    if errors and errors == checks:
        state = "failed"
    elif late or (errors and row.poll_s is None):
        state = "late"
    else:
        state = "ok" if checks else "quiet"
    return Stretch(start, state, checks, errors, int(worst.total_seconds()) if worst is not None else None)


def _health(
    row: SourceRow,
    counts: Counts,
    errors: Mapping[str, int],
    deliveries: Mapping[str, tuple[int, datetime]],
    drift: int,
    strip: tuple[Stretch, ...],
    at: datetime,
) -> SourceHealth:
    cls = connector_classes().get(row.connector)
    polled = row.poll_s is not None
    ways = _ways(row, cls)
    tells = only_tells(ways)
    checked = row.polled_at if polled else row.good_at
    if tells and not row.bad_since:  # that its settings worked once says nothing about its facts
        checked = None
    age = (at - checked).total_seconds() if checked else None
    error = error_class(counts.bad_outcome, counts.bad_reason) if row.bad_since else ""
    state = state_of(row, age, error)
    silent = None if not tells else counts.last_event_at is None and counts.pushed_at is None
    p50, p95, p99 = counts.latency or (None, None, None)
    return SourceHealth(
        id=row.id, name=row.name, title=row.title, domain=row.domain, connector=row.connector,
        connector_title=cls.title if cls else row.connector, ways=ways, zone=counts.zone, at=at,
        state=state, cause=cause_of(row, state, error, silent=silent), said=counts.bad_reason if error else "",
        todo=todo_of(state, error, polled),
        not_lost=not_lost_of(row, state, counts.cursor, bool(cls and cls.can("receive"))),
        since=since_of(row, state, checked), error=error, checked_at=checked,
        age_s=max(0, int(age)) if age is not None else None, limit_s=row.limit.total_seconds(), poll_s=row.poll_s,
        next_try_at=counts.due_at if polled and state != "paused" else None, failures=counts.failures,
        paused=row.paused_since is not None, strip=strip, events_today=int(counts.events_today),
        malformed_today=int(counts.malformed_today), last_event_at=counts.last_event_at,
        checks=sum(s.checks for s in strip), errors=errors, latency_checks=counts.latency_checks,
        p50_ms=p50, p95_ms=p95, p99_ms=p99, cursor=counts.cursor if polled else None,
        cursor_at=counts.moved_at if polled else None,
        cursor_lag_s=max(0, int((at - counts.moved_at).total_seconds())) if polled and counts.moved_at else None,
        delivered_at=counts.pushed_at, deliveries={k: n for k, (n, _) in deliveries.items()},
        deliveries_since=min((since for _, since in deliveries.values()), default=None), drift=drift,
    )  # fmt: skip


def only_tells(ways: tuple[str, ...]) -> bool:
    return ways == ("pushed",)


def _ways(row: SourceRow, cls: type[Connector] | None) -> tuple[str, ...]:
    if cls is None:
        return ()
    ways = ("polled",) if row.poll_s is not None else ()
    return (*ways, *(way for way, question in (("asked", "lookup"), ("pushed", "receive")) if cls.can(question)))
