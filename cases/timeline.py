"""Facts and events in one order. Pure."""

from __future__ import annotations

import base64
import binascii
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

from cases.errors import BadCursor
from cases.views import EventView, TimelineEntry, TimelinePage
from connectors.host.views import Evidence, FactView

Key = tuple[datetime, str, int]
"""The timeline's order: by ``sort_at``, then facts after events of the same instant, then the newer id."""


def key(entry: TimelineEntry) -> Key:
    return (entry.sort_at, entry.type, entry.number)


def entries(evidence: Evidence, events: Iterable[EventView]) -> tuple[TimelineEntry, ...]:
    """Everything known of a case, newest first."""
    found = [_fact(f, evidence) for f in evidence.facts] + [_event(e) for e in events]
    return tuple(sorted(found, key=key, reverse=True))


def counts(found: Iterable[TimelineEntry], quiet: frozenset[str]) -> dict[str, int]:
    """How many entries each domain has."""
    return dict(Counter(e.domain for e in found if e.kind not in quiet))


def is_stale(fact: FactView, evidence: Evidence) -> bool:
    """True where its source last confirmed the fact longer than twice its limit ago."""
    source = evidence.source(fact.source)
    if source is None or source.status == "fixed":
        return False
    return evidence.at - fact.confirmed_at > 2 * source.limit


def page(
    found: Sequence[TimelineEntry], as_of: datetime, *, domain: str, kind: str, after: Key | None, limit: int,
    quiet: frozenset[str],
) -> TimelinePage:  # fmt: skip
    """The next ``limit`` entries that match. Quiet kinds come only when asked for by name."""
    matching = [
        e for e in found
        if (not domain or e.domain == domain) and (e.kind == kind if kind else e.kind not in quiet)
        and (after is None or key(e) < after)
    ]  # fmt: skip
    shown = tuple(matching[:limit])
    following = cursor_make(as_of, key(shown[-1])) if len(matching) > limit else None
    return TimelinePage(shown, following, as_of, counts(found, quiet))


def cursor_make(as_of: datetime, last: Key, case: int = 0) -> str:
    """``case`` is the earlier case in which ``last`` stands; 0 for the case's own entries."""
    content = [as_of.isoformat(), last[0].isoformat(), last[1], last[2], *([case] if case else [])]
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")


def cursor_read(cursor: str) -> tuple[datetime, Key]:
    """``(as_of, last key)`` of a cursor. Raises BadCursor for anything that ``cursor_make`` did not make."""
    return cursor_place(cursor)[:2]


def cursor_place(cursor: str) -> tuple[datetime, Key, int]:
    """``(as_of, last key, earlier case)`` of a cursor; 0 among the case's own entries. Raises BadCursor."""
    try:
        content = json.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
        as_of, sort_at = datetime.fromisoformat(content[0]), datetime.fromisoformat(content[1])
        last = (sort_at, str(content[2]), int(content[3]))
        case = int(content[4]) if len(content) > 4 else 0
        known = ("fact", "event", "case") if case else ("fact", "event")
        if as_of.tzinfo is None or sort_at.tzinfo is None or last[1] not in known:
            raise ValueError(cursor)
    except (ValueError, TypeError, IndexError, KeyError, AttributeError, RecursionError, binascii.Error):
        raise BadCursor("This cursor is not one of ours. Start again without it.", "cursor") from None
    return as_of, last, case


def separator(reference: str, question: str, opened_at: datetime, headline: str = "") -> TimelineEntry:
    """Stands before the entries of an earlier case of the same customer."""
    return TimelineEntry(
        type="case", id=f"c{reference}", kind="case.earlier", title=f"Earlier case {reference}: {question}",
        body=headline, occurred=opened_at, occurred_precision="instant", learned_at=opened_at, sort_at=opened_at,
        source="throughline", source_title="", domain="case", refs=(), data={"case": reference}, version=1,
        stale=False, case=reference,
    )  # fmt: skip


def _fact(fact: FactView, evidence: Evidence) -> TimelineEntry:
    before = evidence.superseded.get(fact.id)
    return TimelineEntry(
        type="fact", id=f"f{fact.id}", kind=fact.kind, title=fact.said, body=_detail(fact, before),
        occurred=fact.occurred or fact.day, occurred_precision=fact.precision, learned_at=fact.learned_at,
        sort_at=fact.sort_at, source=fact.source, source_title=fact.source_title, domain=fact.domain,
        refs=tuple(str(r) for r in fact.refs), data=fact.data, version=fact.version, stale=is_stale(fact, evidence),
        url=fact.url, how=fact.how, zone=fact.zone, implied=fact.implied,
        lag=fact.learned_at - fact.occurred if fact.occurred else None, changed_from=before.id if before else None,
    )  # fmt: skip


def _detail(fact: FactView, before: FactView | None) -> str:
    if before is not None and before.said != fact.said:
        return f"{fact.source_title} said before: {before.said}"
    return str(fact.data.get("reason") or "")


def _event(event: EventView) -> TimelineEntry:
    return TimelineEntry(
        type="event", id=f"e{event.id}", kind=event.kind, title=event.title, body=event.body, occurred=event.at,
        occurred_precision="instant", learned_at=event.at, sort_at=event.at, source="throughline",
        source_title=event.actor_name, domain=event.domain, refs=(), data=event.data or {}, version=1, stale=False,
        actor_kind=event.actor_kind, actor_name=event.actor_name,
    )  # fmt: skip
