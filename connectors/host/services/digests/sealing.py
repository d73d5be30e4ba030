"""Making a day's digest, part by part while the day goes on, so that being killed at any instant costs one part."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from connectors.host.models import DigestDay, DigestPart
from connectors.host.services.digests.kinds import AT, Kind
from connectors.host.services.digests.merkle import PART, Tree, root_of, split

SALT = 16
GRACE = timedelta(minutes=15)
"""Rows are digested this long after they were recorded. Those that take the clock are there by then for certain, since
its lock is held to commit; the others (deliveries, letters) are single inserts that take no such time."""
INSTANT = timedelta(microseconds=1)
"""The least time between two rows that are not of the same instant."""

Row = dict[str, Any]


def start_of(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


@contextmanager
def rows_between(kind: Kind, start: datetime, end: datetime) -> Iterator[Iterator[Row]]:
    """Rows from ``start`` to before ``end`` in order, read as they are wanted."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(kind.sql, {"start": start, "end": end})
        yield _rows(kind, cursor)


def _rows(kind: Kind, cursor: Any) -> Iterator[Row]:
    while values := cursor.fetchmany(PART):
        yield from map(kind.named, values)


def rows_by_ids(kind: Kind, ids: Collection[int]) -> list[Row]:
    """Rows of one kind, by id."""
    with connection.cursor() as cursor:
        cursor.execute(kind.sql_by_ids, {"ids": list(ids)})
        rows = [kind.named(values) for values in cursor.fetchall()]
    for row in rows:
        del row[AT]
    return rows


def digests_since(kinds: Sequence[Kind]) -> date | None:
    """The first UTC day on which anything of these was recorded."""
    found = []
    for kind in kinds:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT min({kind.at}) FROM {kind.tables[0]}")
            found += [row[0] for row in cursor.fetchall() if row[0]]
    return min(found).astimezone(UTC).date() if found else None


def digest_seal(
    *, kind: Kind, day: date, until: datetime, made_at: datetime, more: Callable[[], bool] = lambda: True
) -> bool:
    """Digest what was recorded of one kind on one day, as far as ``until``; a day that is over by then has its root.

    ``more`` is asked after each part: where it says no, the next call goes on from there. True once all is done. Safe
    to run twice, and at the same time: the parts that came first count.
    """
    if DigestDay.objects.filter(kind=kind.name, day=day).exists():
        return True
    end = start_of(day + timedelta(days=1))
    number, since = _parts_end(kind, day)
    with rows_between(kind, since, min(until, end)) as rows:
        for chunk in _chunks(rows):
            if not _part_add(kind, day, number, chunk) or not more():
                return False
            number += 1
    if until >= end:
        count, root = day_root(kind.name, day)
        made = {"count": count, "root": root, "made_at": made_at}
        DigestDay.objects.get_or_create(kind=kind.name, day=day, defaults=made)
    return True


def _parts_end(kind: Kind, day: date) -> tuple[int, datetime]:
    """The number of the part that comes next, and from when on it has rows."""
    last = DigestPart.objects.filter(kind=kind.name, day=day).order_by("number").values_list("number", "last_at").last()
    return (last[0] + 1, last[1] + INSTANT) if last else (0, start_of(day))


def _chunks(rows: Iterator[Row]) -> Iterator[list[Row]]:
    """Rows of one instant stay together, so that the next part begins behind it."""
    chunk: list[Row] = []
    for row in rows:
        if len(chunk) >= PART and row[AT] != chunk[-1][AT]:
            yield chunk
            chunk = []
        chunk.append(row)
    if chunk:
        yield chunk


def _part_add(kind: Kind, day: date, number: int, rows: Sequence[Mapping[str, Any]]) -> bool:
    """False where somebody else has just made it."""
    salts = [secrets.token_bytes(SALT) if kind.salted else b"" for _ in rows]
    part = DigestPart(
        kind=kind.name, day=day, number=number, last_at=rows[-1][AT], ids=[row["id"] for row in rows],
        leaves=b"".join(kind.leaf(row, salt.hex()) for row, salt in zip(rows, salts, strict=True)),
        salts=b"".join(salts),
    )  # fmt: skip
    DigestPart.objects.bulk_create([part], ignore_conflicts=True)
    kept = DigestPart.objects.filter(kind=part.kind, day=part.day, number=part.number).values_list("leaves", flat=True)
    return bytes(kept[0]) == part.leaves


def day_root(kind: str, day: date) -> tuple[int, str]:
    """How many leaves a day's parts have, and the root over the roots of its parts."""
    tree, count = Tree(), 0
    parts = DigestPart.objects.filter(kind=kind, day=day).order_by("number").values_list("leaves", flat=True)
    for leaves in parts.iterator(20):
        found = split(bytes(leaves))
        tree.add(root_of(found))
        count += len(found)
    return count, tree.root().hex()


def digest_days(day: date) -> dict[str, tuple[int, str]]:
    """The digests of one day by kind: how many rows, and the root over them."""
    rows = DigestDay.objects.filter(day=day).order_by("pk").values_list("kind", "count", "root")
    return {kind: (count, root) for kind, count, root in rows}


def digested_days(since: date | None = None) -> QuerySet[DigestDay, date]:
    """The days that have digests, in order."""
    rows = DigestDay.objects.order_by("day").values_list("day", flat=True).distinct()
    return rows.filter(day__gte=since) if since else rows


def digest_last(kind: str, id_: int) -> dict[date, bytes]:
    """By day, the last leaf of this kind that is of this id."""
    found = {}
    parts = DigestPart.objects.filter(kind=kind, ids__contains=[id_]).order_by("day", "number")
    for part in parts.iterator(20):
        index = len(part.ids) - 1 - part.ids[::-1].index(id_)
        found[part.day] = split(bytes(part.leaves))[index]
    return found


def salt_of(part: DigestPart, index: int) -> str:
    """A row's salt, in hexadecimal; empty where rows of this kind have none there."""
    return bytes(part.salts)[index * SALT : (index + 1) * SALT].hex()
