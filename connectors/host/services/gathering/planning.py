"""What is to be asked next: which sources are past their limit, about which refs, in a few statements for all."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db import connection

from connectors.host.models import Source
from connectors.host.registry import connector_classes
from connectors.host.selectors.askings import checks_latest, confirmed_at, source_rows
from connectors.host.selectors.closure import closure_read, closure_statement
from connectors.host.services.refs import refs_statement, refs_take
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


@dataclass(frozen=True)
class Standing:
    """The sources in use, paused ones included, the refs of the matter with ids, and the two instants of both."""

    sources: list[Source]
    refs: dict[int, Ref]
    as_of: datetime
    at: datetime


def standing(seeds: Sequence[Ref], own: Sequence[Ref]) -> Standing:
    """What a round is planned from, in one round trip. ``own`` are asked about whatever they lead to."""
    reach, params = closure_statement(seeds, datetime.max.replace(tzinfo=UTC))
    intern, (wanted,) = refs_statement(dict.fromkeys(own))
    statements = (_sources_statement(), intern.replace("%s", "%(own)s"), reach)
    with connection.cursor() as cursor:
        cursor.execute("; ".join(statements), {**params, "own": wanted})
        rows, named = cursor.fetchall(), (cursor.nextset(), cursor.fetchall())[1]
        reached = closure_read((cursor.nextset(), cursor.fetchall())[1])
    mine = {id_: ref for ref, id_ in refs_take(dict.fromkeys(own), named).items()}
    names = [f.attname for f in Source._meta.concrete_fields]
    sources = [_source(dict(zip(names, row[2:], strict=True))) for row in rows if row[2] is not None]
    as_of, now = rows[0][:2]
    return Standing(sources, {**reached.refs, **mine}, as_of, max(now, as_of))


def _sources_statement() -> str:
    """Written out, since a queryset of so few rows costs more than the database does."""
    columns = ", ".join(f"s.{f.column}" for f in Source._meta.concrete_fields)
    return (
        f"SELECT c.last, clock_timestamp(), {columns}"
        " FROM host_clock c LEFT JOIN host_source s ON s.enabled WHERE c.id = 1 ORDER BY s.id"
    )


def _source(row: dict[str, Any]) -> Source:
    if isinstance(row["settings"], str):
        row["settings"] = json.loads(row["settings"])
    return Source(**row)


def leads_matter(leads: Iterable[Ref], sources: Sequence[Source]) -> bool:
    """True where some source can be asked about one of these."""
    schemes = frozenset().union(*(accepted(source) for source in sources))
    return any(ref.scheme in schemes for ref in leads)


def due(now: Standing, *, force: bool) -> list[Due]:
    """Each source with the refs that it accepts and whose last word is past its limit (all of them where forced)."""
    refs = now.refs
    if force:
        stale = {source.pk: refs for source in now.sources}
    else:
        checks, rows = checks_latest(refs, now.as_of), {row.id: row for row in source_rows(now.as_of)}
        stale = {}
        for source in now.sources:
            if (row := rows.get(source.pk)) is None:  # set up this very moment
                continue
            seen = {id_: confirmed_at(row, checks.get((source.name, id_), ())) for id_ in refs}
            stale[source.pk] = {
                id_: ref for id_, ref in refs.items() if (when := seen[id_]) is None or now.at - when > row.limit
            }
    found = []
    for source in now.sources:
        schemes = accepted(source)
        mine = {id_: ref for id_, ref in stale.get(source.pk, {}).items() if ref.scheme in schemes}
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
