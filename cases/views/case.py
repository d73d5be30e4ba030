"""One case, its timeline, queues and what a search finds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Literal

from cases.answers import Answer
from cases.memory.shapes import Pinned, Proposal
from cases.views.owning import OfferView
from cases.views.promises import PromiseView
from cases.views.told import ToldView
from connectors.host.views import Evidence
from connectors.sdk import Ref
from customers.views import CustomerView, MergeView

CaseState = Literal["open", "waiting_customer", "closed"]


@dataclass(frozen=True)
class Owner:
    """The one person who is accountable for a case."""

    id: int
    name: str


@dataclass(frozen=True)
class PersonView:
    """Whose case it is. ``name`` is what the sources call them, else an e-mail, else empty."""

    name: str
    initials: str
    refs: tuple[Ref, ...]
    customer_id: int | None = None
    ambiguous: tuple[str, ...] = ()
    """Names of the customers that one of the refs points to, where it points to several: ask, never guess."""
    candidates: tuple[CustomerView, ...] = ()
    """The same with their references, while nobody has said whether they are one person or whose case it is."""
    members: tuple[int, ...] = ()
    """Every customer that was this person by then: several where somebody has said that they are one."""
    merges: tuple[MergeView, ...] = ()
    """Who said so, and why."""

    @property
    def first_name(self) -> str:
        return self.name.split()[0] if self.name and "@" not in self.name else ""


@dataclass(frozen=True)
class Verified:
    """How the asker was verified and by whom."""

    how: str
    by: str
    at: datetime


@dataclass(frozen=True)
class EventView:
    """One event of a case. ``data`` is its payload; None where that was erased or not asked for."""

    id: int
    seq: int
    kind: str
    title: str
    body: str
    actor_kind: str
    actor: str
    actor_name: str
    at: datetime
    domain: str
    data: Mapping[str, Any] | None
    statement_id: int | None = None
    quiet: bool = False
    """True for what only supervisors look for (who saw what): left out unless its kind is asked for."""


@dataclass(frozen=True)
class TimelineEntry:
    """A fact or an event in the one order ``(sort_at, id)``, newest first."""

    type: Literal["fact", "event", "case"]
    """``case`` is a separator: what follows belongs to an earlier case of the same customer."""
    id: str
    """``f123``, ``e45`` or ``c20411``: unique in a case's timeline and fit for an element's id."""
    kind: str
    title: str
    body: str
    occurred: datetime | date | None
    occurred_precision: Literal["instant", "day", "unknown"]
    learned_at: datetime
    sort_at: datetime
    source: str
    source_title: str
    domain: str
    refs: tuple[str, ...]
    data: Mapping[str, Any]
    version: int
    stale: bool
    url: str = ""
    how: str = ""
    zone: str = "UTC"
    implied: bool = False
    lag: timedelta | None = None
    """How long after it happened we learned of it, where the instant is known."""
    actor_kind: str = ""
    actor_name: str = ""
    changed_from: int | None = None
    """Id of the version before, where the source has changed its story."""
    case: str = ""
    """Reference of the earlier case that it belongs to; empty for the case's own."""

    @property
    def number(self) -> int:
        """The fact's or event's own id."""
        return int(self.id[1:])

    def as_json(self) -> dict[str, Any]:
        """The shape of ``/api/v1/cases/{reference}/timeline/``."""
        return {
            "type": self.type, "id": self.id, "kind": self.kind, "title": self.title, "body": self.body,
            "occurred": self.occurred.isoformat() if self.occurred else None,
            "occurred_precision": self.occurred_precision, "learned_at": self.learned_at.isoformat(),
            "source": self.source, "domain": self.domain, "refs": list(self.refs), "data": dict(self.data),
            "version": self.version, "stale": self.stale, "url": self.url, "actor": self.actor_name,
            "case": self.case or None,
        }  # fmt: skip


@dataclass(frozen=True)
class TimelinePage:
    """Some entries and where to go on. ``next_cursor`` pins ``as_of``, so live inserts never shift pages."""

    entries: tuple[TimelineEntry, ...]
    next_cursor: str | None
    as_of: datetime
    counts: Mapping[str, int]
    """How many entries each domain has, filters aside."""


@dataclass(frozen=True)
class OtherMatter:
    """Another case of the same customer, shown beside this one and never mixed in."""

    reference: str
    question: str
    opened_at: datetime
    state: str
    headline: str


@dataclass(frozen=True)
class MailView:
    """The letter of one statement: queued, sent, failed or unknown, as the case's events say."""

    statement_id: int
    state: str
    error: str


@dataclass(frozen=True)
class CaseView:
    """Everything a person may see of one case: a function of ``(case, as_of, at)``."""

    id: int
    reference: str
    state: CaseState
    channel: str
    opened_at: datetime
    owner: Owner
    person: PersonView
    question: str
    """The main question's name, e.g. ``refund-status``."""
    question_title: str
    """The same in the customer's words: "Where is my refund?"."""
    questions: tuple[str, ...]
    asked: str
    """The customer's last words, or empty."""
    asked_at: datetime | None
    waiting_since: datetime | None
    """Since when the customer waits for us; None while we wait for them or the case is closed."""
    refs: tuple[Ref, ...]
    verified: Verified | None
    events: tuple[EventView, ...]
    evidence: Evidence
    answer: Answer
    draft: str
    as_of: datetime
    at: datetime
    live: bool
    """False where this is a view of the past: read-only."""
    promises: tuple[PromiseView, ...] = ()
    """Open ones first by when they are due, then those that ended, the last first."""
    others: tuple[OtherMatter, ...] = ()
    mails: tuple[MailView, ...] = ()
    timeline: tuple[TimelineEntry, ...] = ()
    """Every entry, newest first; ``cases.selectors.timeline(view, …)`` filters and pages it."""
    counts: Mapping[str, int] = field(default_factory=dict)
    told: tuple[ToldView, ...] = ()
    """What the customer was told in this case, newest first."""
    pinned: tuple[Pinned, ...] = ()
    """What the customer has told already, here and in earlier cases: nobody is to ask for it again."""
    chosen: str = "given"
    """How the question came to be: ``given`` by a person or program, read from ``words``, or the ``default``."""
    evidence_words: tuple[str, ...] = ()
    """The words that it was read from."""
    proposal: Proposal | None = None
    """Another question that the customer's first words speak for, where nobody has decided; never in a past view."""
    also: tuple[Answer, ...] = ()
    """The answers to the other questions that are asked in the case, in their order."""
    offer: OfferView | None = None
    """The offer of the case to another person or team that nobody had answered yet."""

    @property
    def erased(self) -> bool:
        """Whether the words of this case were erased, so that nothing is left to answer; also seen from before."""
        said = [e for e in self.events if not e.quiet and e.kind != "case.erased"]
        return bool(said) and all(e.data is None for e in said)


@dataclass(frozen=True)
class QueueItem:
    """One row of a queue, read from the projection."""

    reference: str
    person: str
    initials: str
    question: str
    question_title: str
    state: CaseState
    situation: str
    answer_state: str
    label: str
    """What a queue shows: "Answer ready", "Sources disagree", "Needs your decision", "Waiting for customer" …"""
    headline: str
    owner: str
    owner_id: int
    opened_at: datetime
    waiting_since: datetime | None
    changes_at: datetime | None
    refreshed_at: datetime
    next_promise_at: datetime | None = None
    """When the case's first open promise is due."""
    broken_words: int = 0
    """How many statements to the customer hold no longer."""


@dataclass(frozen=True)
class RefMatch:
    """A reference that some source has told us about."""

    ref: Ref
    cases: tuple[str, ...] = ()
    """References of cases that are about it."""


@dataclass(frozen=True)
class PersonMatch:
    customer_id: int
    name: str
    refs: tuple[str, ...]
    cases: tuple[str, ...] = ()


@dataclass(frozen=True)
class SearchResult:
    """What the one box finds; exact references first."""

    query: str
    refs: tuple[RefMatch, ...] = ()
    people: tuple[PersonMatch, ...] = ()
    cases: tuple[QueueItem, ...] = ()
    guess: tuple[Ref, ...] = ()
    """What the words could be, known or not: the refs to open a case with."""
