"""The stops of a replay: every event and every fact version once, by one of two clocks."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from cases import timeline
from cases.kinds import QUIET
from cases.views import CaseView, TimelineEntry
from cases.views.replaying import Clock, Stop
from connectors.host.views import FactView


def history(now: CaseView, versions: Iterable[FactView], used: Collection[int]) -> tuple[TimelineEntry, ...]:
    """Every entry there has ever been, newest first. Of policies only those that came into force meanwhile and that
    today's answer cites (``used``): others are true, but not this customer's story."""
    by_id = {f.id: f for f in versions} | {f.id: f for f in now.evidence.facts}
    mine = [
        f for f in by_id.values()
        if not f.kind.startswith("policy.") or (f.id in used and f.learned_at > now.opened_at)
    ]  # fmt: skip
    evidence = replace(now.evidence, facts=tuple(mine), superseded=_before(mine))
    return timeline.entries(evidence, [e for e in now.events if e.kind not in QUIET])


def _before(facts: Iterable[FactView]) -> dict[int, FactView]:
    """By fact: the version that it replaced."""
    found: dict[int, FactView] = {}
    last: dict[tuple[str, str, str, str], FactView] = {}
    for fact in sorted(facts, key=lambda f: (f.learned_at, f.id)):
        key = (fact.source, fact.record_type, fact.record_id, fact.kind)
        if key in last and fact.version > 1:
            found[fact.id] = last[key]
        last[key] = fact
    return found


def stops(entries: Iterable[TimelineEntry], clock: Clock, as_of: datetime, opened: datetime,
          now: datetime) -> tuple[Stop, ...]:  # fmt: skip
    """Oldest first by the chosen clock. What came before the case was open is looked at when it was opened."""
    order = sorted(entries, key=_known_key if clock == "known" else timeline.key)
    made = []
    for entry in order:
        when = entry.learned_at if clock == "known" else entry.sort_at
        moment = min(max(when, opened), now)
        made.append(Stop(entry, moment, reached=moment <= as_of, known=entry.learned_at <= as_of))
    return tuple(made)


def _known_key(entry: TimelineEntry) -> tuple[datetime, bool, timeline.Key]:
    """What a message brought with it (a promise, say) comes before it: the moment is the message's."""
    return entry.learned_at, entry.kind == "message.out", timeline.key(entry)


def at_stop(found: Sequence[Stop]) -> int:
    """The last that the moment has come to; 0 where it has come to none."""
    return max((i for i, s in enumerate(found) if s.reached), default=0)
