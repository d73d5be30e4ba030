"""What is to be asked next: which sources are past their limit, about which refs, in a few statements for all."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from connectors.host.models import RefValue, Source
from connectors.host.registry import connector_classes
from connectors.host.selectors.askings import checks_latest, confirmed_at, source_rows
from connectors.host.selectors.closure import closure
from connectors.host.selectors.moments import moment
from connectors.sdk import Ref

MAX_PER_SCHEME = 50
"""Refs of one scheme that one gathering asks one source about; what is cut off is a visible gap."""


@dataclass
class Due:
    """One source, and the refs that it is to be asked about; those ``over`` the cap are not."""

    source: Source
    refs: dict[int, Ref] = field(default_factory=dict)
    over: dict[int, Ref] = field(default_factory=dict)


def accepted(source: Source) -> frozenset[str]:
    """Ref schemes that this source can be asked about."""
    cls = connector_classes().get(source.connector)
    return frozenset(cls.accepts) if cls else frozenset()


def sources_on() -> list[Source]:
    """Sources in use, paused ones included, in their order."""
    return list(Source.objects.filter(enabled=True).order_by("pk"))


def leads_matter(ref_ids: Collection[int], sources: Sequence[Source]) -> bool:
    """True where one of these refs is of a scheme that some source can be asked about."""
    schemes = frozenset().union(*(accepted(source) for source in sources))
    return RefValue.objects.filter(pk__in=ref_ids, scheme__in=schemes).exists()


def matter(seeds: Sequence[Ref], own: Mapping[int, Ref]) -> tuple[dict[int, Ref], datetime, datetime]:
    """The refs to ask about now, ids by ref, and the two instants at which that was read."""
    as_of, at = moment()
    return {**closure(seeds, as_of).refs, **own}, as_of, at


def due(sources: Sequence[Source], refs: Mapping[int, Ref], as_of: datetime, at: datetime, *, force: bool) -> list[Due]:
    """Each source with the refs that it accepts and whose last word is past its limit (all of them where forced)."""
    if force:
        stale = {source.pk: refs for source in sources}
    else:
        checks, rows = checks_latest(refs, as_of), {row.id: row for row in source_rows(as_of)}
        stale = {}
        for source in sources:
            row = rows[source.pk]
            seen = {id_: confirmed_at(row, checks.get((source.name, id_), ())) for id_ in refs}
            stale[source.pk] = {
                id_: ref for id_, ref in refs.items() if (when := seen[id_]) is None or at - when > row.limit
            }
    found = []
    for source in sources:
        schemes = accepted(source)
        mine = {id_: ref for id_, ref in stale[source.pk].items() if ref.scheme in schemes}
        if mine:
            found.append(Due(source, mine))
    return found


def capped(one: Due) -> Due:
    """The same, with no more refs of one scheme than may be asked about; the others are ``over``."""
    by_scheme: dict[str, list[int]] = {}
    for id_, ref in sorted(one.refs.items()):
        by_scheme.setdefault(ref.scheme, []).append(id_)
    over = {id_: one.refs[id_] for ids in by_scheme.values() for id_ in ids[MAX_PER_SCHEME:]}
    return Due(one.source, {id_: ref for id_, ref in one.refs.items() if id_ not in over}, over)
