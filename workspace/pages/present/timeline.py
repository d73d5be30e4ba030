"""The timeline: groups of a day, newest first, each row with what lies under it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from cases.answers import cited
from cases.views import CaseView, TimelineEntry
from connectors.host.views import FactView
from workspace.pages.present import titles, words
from workspace.pages.present.panel import look_of, title_of
from workspace.pages.present.verifying import VERIFY_WORDS

SHOWN = 50
LAG = timedelta(minutes=15)
GROUPS = {"order": "delivery", "shop": "delivery", "case": "messages", "promise": "messages"}
CHIPS = (
    ("", "All"), ("messages", "Messages"), ("policy", "Policy"), ("warehouse", "Warehouse"), ("finance", "Finance"),
    ("delivery", "Delivery & order"), ("other", "Other"),
)  # fmt: skip
EVENT_ICONS = {
    "commitment.made": "clock", "commitment.kept": "circle-check", "commitment.broken": "x",
    "commitment.withdrawn": "x",
    "commitment.renegotiated": "clock", "commitment.moved": "users", "commitment.late": "triangle-alert",
    "commitment.escalated": "triangle-alert",
    "message.third_party": "users", "message.automatic": "inbox", "message.withdrawn": "history",
    "call.noted": "message-circle", "action.asked": "play", "action.waiting": "hand", "action.decided": "users",
    "action.ended": "check",
    "case.opened": "message-circle", "message.in": "message-circle", "message.out": "mail", "message.delivery": "send",
    "told.broken": "triangle-alert", "told.settled": "check", "question.changed": "info",
    "note": "file-text", "owner.changed": "users", "state.changed": "check", "asker.verified": "lock",
    "ref.added": "link", "customer.linked": "users", "customer.chosen": "users",
    "customer.merged": "users", "customer.unmerged": "split",
    "handover.offered": "users", "handover.accepted": "users",
    "handover.declined": "users", "handover.expired": "clock", "handover.withdrawn": "users",
}  # fmt: skip
QUOTED = ("case.opened", "message.in", "message.out", "message.third_party")
HOW = {"lookup": "by lookup", "poll": "by polling", "push": "by webhook", "import": "by import"}


@dataclass(frozen=True)
class Row:
    """One row. ``clock`` is empty where the source only knows the day or nothing."""

    entry: TimelineEntry
    group: str
    look: str
    icon: str
    title: str
    detail: str
    quote: bool
    clock: str
    when: datetime | date
    lag: str
    label: str
    before: FactView | None
    """The version before this one, where the source has changed its story."""

    @property
    def how(self) -> str:
        return HOW.get(self.entry.how, self.entry.how)

    @property
    def record(self) -> str:
        return next((r for r in self.entry.refs if not r.startswith(("email:", "order:"))), "")


@dataclass(frozen=True)
class Day:
    label: str
    when: date
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Chip:
    value: str
    label: str
    count: int


@dataclass(frozen=True)
class Timeline:
    days: tuple[Day, ...]
    chips: tuple[Chip, ...]
    earlier: int
    """How many older rows are not shown."""


def timeline(view: CaseView, everything: bool = False) -> Timeline:
    quiet = {f"e{e.id}" for e in view.events if e.quiet}
    rows = [_row(e, view) for e in view.timeline if e.id not in quiet | _unused(view)]
    shown = rows if everything else rows[:SHOWN]
    return Timeline(_days(shown, view.at), _chips(rows), len(rows) - len(shown))


def _unused(view: CaseView) -> set[str]:
    """Policy versions that nothing in the answer rests on: true, but not this customer's story."""
    used = set(cited(view.answer))
    return {f"f{f.id}" for f in view.evidence.facts if f.kind.startswith("policy.") and f.id not in used}


def _chips(rows: Iterable[Row]) -> tuple[Chip, ...]:
    counts = Counter(r.group for r in rows)
    counts[""] = sum(counts.values())
    return tuple(Chip(v, label, counts[v]) for v, label in CHIPS if counts[v] or not v)


def _days(rows: Sequence[Row], at: datetime) -> tuple[Day, ...]:
    return tuple(
        Day(words.day(day, at), day, tuple(found)) for day, found in groupby(rows, key=lambda r: _day_of(r.entry))
    )


def _day_of(entry: TimelineEntry) -> date:
    if isinstance(entry.occurred, datetime):
        return words.local(entry.occurred).date()
    return entry.occurred or words.local(entry.learned_at).date()


def _row(entry: TimelineEntry, view: CaseView) -> Row:
    group = GROUPS.get(entry.domain, entry.domain)
    known = {value for value, _ in CHIPS}
    title, detail = _asked(entry, view) or entry.title, entry.body
    if entry.kind == "asker.verified":
        detail = VERIFY_WORDS.get(detail, detail)
    if entry.type == "fact":
        title, detail = titles.said(entry.kind, entry.data, entry.title, entry.body)
    instant = entry.occurred if isinstance(entry.occurred, datetime) else None
    return Row(
        entry=entry,
        group=group if group in known else "other",
        look=look_of(group),
        icon=EVENT_ICONS.get(entry.kind, "message-circle") if entry.type == "event" else titles.icon(entry.kind),
        title=title,
        detail=detail,
        quote=entry.kind in QUOTED,
        clock=words.clock(instant) if instant else "",
        when=entry.occurred or entry.learned_at,
        lag=_lag(entry, view),
        label=_label(entry, view),
        before=view.evidence.superseded.get(entry.number) if entry.type == "fact" else None,
    )


def _asked(entry: TimelineEntry, view: CaseView) -> str:
    """A case opened with the customer's words reads as the customer asking."""
    return f"{view.person.first_name or 'The customer'} asked" if entry.kind == "case.opened" and entry.body else ""


def _label(entry: TimelineEntry, view: CaseView) -> str:
    if entry.type == "fact":
        return entry.source_title or title_of(entry.domain)
    return view.channel.capitalize() if entry.kind in QUOTED else ""


def _lag(entry: TimelineEntry, view: CaseView) -> str:
    """``seen by us 16:49`` where the time is unknown, ``learned 16:49`` where we learned of it late.

    What happened before anything was known of this matter is not late: nobody was looking yet.
    """
    if entry.type == "event":
        return ""
    if entry.occurred is None:
        return f"seen by us {words.clock(entry.learned_at)}"
    if not entry.lag or entry.lag <= LAG or not isinstance(entry.occurred, datetime):
        return ""
    if entry.occurred < min((f.learned_at for f in view.evidence.facts), default=entry.learned_at):
        return ""
    same_day = words.local(entry.occurred).date() == words.local(entry.learned_at).date()
    learned = words.clock(entry.learned_at) if same_day else words.short_day(entry.learned_at, view.at)
    return f"learned {learned}"
