"""Whether a day's rows are still those that its digest was made of; and if not, which row is the first that is not."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from django.db import connection

from connectors.host.models import DigestDay, DigestPart
from connectors.host.services.digests.kinds import Kind
from connectors.host.services.digests.merkle import SIZE, Tree, root_of, split
from connectors.host.services.digests.sealing import day_rows, salt_of, start_of

BEGINNING = datetime(1, 1, 1, tzinfo=UTC)
Erased = Callable[[Collection[str], Collection[int]], set[int]]
"""Of these rows of these tables, those that are on record as lawfully erased."""


@dataclass(frozen=True)
class Fault:
    """The first broken link: what it is about and what is wrong with it, as a sentence."""

    kind: str
    sentence: str
    day: str = ""
    id: int | None = None

    def as_json(self) -> dict[str, Any]:
        return {"kind": self.kind, "sentence": self.sentence, "day": self.day, "id": self.id}


@dataclass
class Counted:
    """How much was looked at."""

    rows: int = 0
    erased: int = 0


@dataclass
class _Day:
    kind: Kind
    day: date
    erased: Erased
    counted: Counted
    known: dict[int, bool] = field(default_factory=dict)

    def fault(self, id_: int | None, what: str) -> Fault:
        return Fault(self.kind.name, what, self.day.isoformat(), id_)

    def is_erased(self, id_: int) -> bool:
        if id_ not in self.known:
            self.known[id_] = id_ in self.erased(self.kind.tables, [id_])
        return self.known[id_]

    def changed(self, id_: int) -> Fault:
        return self.fault(id_, f"{self.kind.one} {id_} of {self.day} was changed after it was written.")


def day_verify(kind: Kind, day: date, erased: Erased, counted: Counted) -> Fault | None:
    """Compare a day's rows, leaf by leaf, with its parts, and the parts with its root. ``counted`` grows."""
    sealed = DigestDay.objects.filter(kind=kind.name, day=day).first()
    if sealed is None:
        return Fault(kind.name, f"The digest of {kind.title} of {day} is missing.", day.isoformat())
    this, tree = _Day(kind, day, erased, counted), Tree()
    with day_rows(kind, day) as rows:
        left = _Peek(rows)
        for part in DigestPart.objects.filter(kind=kind.name, day=day).order_by("number").iterator(20):
            leaves = split(bytes(part.leaves))
            tree.add(root_of(leaves), len(leaves))
            if found := _part_fault(this, part, leaves, left):
                return found
        if (extra := left.now) is not None:
            return this.fault(extra["id"], f"{kind.one} {extra['id']} was put into {day} after the day was over.")
    if (tree.count, tree.root().hex()) != (sealed.count, sealed.root):
        return this.fault(None, f"The digest of {kind.title} of {day} was changed, or the leaves that it is made of.")
    return None


class _Peek:
    """Rows, with the next one in sight."""

    def __init__(self, rows: Iterator[dict[str, Any]]) -> None:
        self._rows = rows
        self.now = next(rows, None)

    def take(self) -> None:
        self.now = next(self._rows, None)


def _part_fault(this: _Day, part: DigestPart, leaves: list[bytes], left: _Peek) -> Fault | None:
    ids = set(part.ids)
    if len(part.ids) != len(leaves) or len(part.leaves) % SIZE:
        return this.fault(None, f"Part {part.number} of the digest of {this.kind.title} of {this.day} was changed.")
    for index, (id_, leaf) in enumerate(zip(part.ids, leaves, strict=True)):
        this.counted.rows += 1
        row = left.now
        if row is None or row["id"] != id_:
            if this.is_erased(id_):
                this.counted.erased += 1
                continue
            return _displaced(this, id_, row, ids)
        left.take()
        if found := _row_fault(this, row, leaf, salt_of(part, index)):
            return found
    return None


def _displaced(this: _Day, id_: int, row: dict[str, Any] | None, ids: set[int]) -> Fault:
    if row is not None and row["id"] not in ids and not _is_later(this, row["id"]):
        return this.fault(row["id"], f"{this.kind.one} {row['id']} was put into {this.day} after the day was over.")
    return this.fault(id_, f"{this.kind.one} {id_} of {this.day} is missing.")


def _is_later(this: _Day, id_: int) -> bool:
    return DigestPart.objects.filter(kind=this.kind.name, day=this.day, ids__contains=[id_]).exists()


def _row_fault(this: _Day, row: dict[str, Any], leaf: bytes, salt: str) -> Fault | None:
    if this.kind.leaf(row, salt) != leaf:
        if not this.is_erased(row["id"]):
            return this.changed(row["id"])
        this.counted.erased += 1
        return None
    return row_fault(this.kind, row, this.is_erased, this.counted, this.day)


def row_fault(
    kind: Kind, row: dict[str, Any], is_erased: Callable[[int], bool], counted: Counted, day: date
) -> Fault | None:
    """What is wrong with a row by itself, whether its day has a digest yet or not."""
    said = kind.check(row) if kind.check else ""
    if not said:
        return None
    if is_erased(row["id"]):
        counted.erased += 1
        return None
    words = "is gone, and no erasure is on record" if said == "gone" else "was changed after it was written"
    what = f"The content of {kind.one[0].lower()}{kind.one[1:]} {row['id']} of {day} {words}."
    return Fault(kind.name, what, day.isoformat(), row["id"])


def earlier_fault(kind: Kind, first: date) -> Fault | None:
    """A row that claims a day from before the first digest was slipped in."""
    with connection.cursor() as cursor:
        cursor.execute(f"{kind.sql} LIMIT 1", {"start": BEGINNING, "end": start_of(first)})
        found = cursor.fetchone()
    if found is None:
        return None
    what = f"{kind.one} {found[0]} claims to be from before {first}, when nothing was recorded yet."
    return Fault(kind.name, what, "", found[0])
