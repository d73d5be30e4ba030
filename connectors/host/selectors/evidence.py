"""Everything the stored record says about some refs at one moment, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from connectors.host.selectors.askings import (
    ANSWERED,
    being_asked,
    checks_latest,
    confirmed_at,
    source_rows,
    source_view,
)
from connectors.host.selectors.closure import closure
from connectors.host.selectors.facts import facts_select
from connectors.host.selectors.moments import moment
from connectors.host.selectors.refs import ref_ids
from connectors.host.views import Evidence, FactView
from connectors.sdk import Ref

_CURRENT = """
f.id IN (SELECT fr.fact_id FROM host_factref fr WHERE fr.ref_id = ANY(%(refs)s))
AND f.learned_at <= %(as_of)s AND (f.superseded_at IS NULL OR f.superseded_at > %(as_of)s)
ORDER BY f.sort_at DESC, f.id DESC
"""
_BEFORE = """
(f.record_id, f.kind, f.version) IN (
    SELECT DISTINCT ON (o.record_id, o.kind) o.record_id, o.kind, o.version
    FROM host_fact o JOIN host_fact c ON c.record_id = o.record_id AND c.kind = o.kind
    WHERE c.id = ANY(%(facts)s) AND o.superseded_at <= c.learned_at AND o.learned_at < c.learned_at
    ORDER BY o.record_id, o.kind, o.learned_at DESC, o.version DESC)
"""


def evidence(
    *,
    seeds: Sequence[Ref],
    labels: Sequence[Ref] = (),
    as_of: datetime | None = None,
    at: datetime | None = None,
) -> Evidence:
    """What is known at ``as_of`` about the matter that ``seeds`` lead to; ``labels`` add e.g. policies.

    Without ``as_of`` this is the live view. ``at`` (default: the moment itself) is the instant for ages.
    Raises BadMoment.
    """
    known, now = moment(as_of)
    at = at or now
    found = closure(seeds, known)
    refs = {**found.refs, **ref_ids(labels)}
    sources = source_rows(known)
    checks = checks_latest(refs, known)
    waiting = being_asked(refs, known, at)
    by_name = {s.name: s for s in sources}
    confirmed = {
        key: seen for key, views in checks.items() if (seen := confirmed_at(by_name[key[0]], views)) is not None
    }
    confirmed |= {(s.name, 0): s.polled_at for s in sources if s.poll_s and s.polled_at}
    shown = set(found.matter) | set(ref_ids(labels)) if found.matter else set(refs)
    # Current at this moment, whatever has come in their place since.
    facts = [replace(f, superseded_at=None) for f in facts_select(
        _CURRENT, {"refs": list(shown), "as_of": known}, confirmed)]  # fmt: skip
    return Evidence(
        seeds=tuple(seeds), refs=tuple(sorted(found.refs.values())), facts=tuple(facts),
        checks=tuple(sorted((v for vs in checks.values() for v in vs), key=lambda v: (v.at, v.id, v.ref))),
        sources=tuple(source_view(s, refs, checks, waiting, at) for s in sources if s.enabled),
        as_of=known, at=at, cut=found.cut, superseded=_before(facts),
    )  # fmt: skip


def _before(facts: Sequence[FactView]) -> dict[int, FactView]:
    """For facts that are not their record's first word: the version that each replaced."""
    changed = [f for f in facts if f.version > 1]
    older = facts_select(_BEFORE, {"facts": [f.id for f in changed]}) if changed else []
    by_key = {(o.source, o.record_type, o.record_id, o.kind): o for o in older}
    pairs = ((f.id, by_key.get((f.source, f.record_type, f.record_id, f.kind))) for f in changed)
    return {id_: before for id_, before in pairs if before is not None}


__all__ = ["ANSWERED", "evidence"]
