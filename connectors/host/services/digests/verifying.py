"""Whether a day's rows are still those that its digest was made of; and if not, which row is the first that is not."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import connection

from connectors.host.models import DigestDay, DigestPart
from connectors.host.services.digests.kinds import Kind
from connectors.host.services.digests.merkle import SIZE, split
from connectors.host.services.digests.sealing import INSTANT, Row, day_root, rows_between, salt_of, start_of

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
    part: Sequence[int] = ()
    gone: set[int] | None = field(default=None)
    """Of the part at hand, those that were erased lawfully; asked for once it matters."""

    def turn_to(self, part: DigestPart) -> None:
        self.part, self.gone = part.ids, None

    def is_erased(self, id_: int) -> bool:
        if not self.kind.own:
            return False
        if id_ not in self.part:
            return bool(self.erased(self.kind.tables, [id_]))
        if self.gone is None:
            self.gone = self.erased(self.kind.tables, self.part)
        return id_ in self.gone

    def fault(self, id_: int | None, what: str) -> Fault:
        return Fault(self.kind.name, what, self.day.isoformat(), id_)

    def changed(self, id_: int) -> Fault:
        return self.fault(id_, f"{self.kind.one} {id_} of {self.day} was changed after it was written.")

    def put_in(self, id_: int) -> Fault:
        return self.fault(id_, f"{self.kind.one} {id_} was put into {self.day} later.")


class Paused(Exception):
    """There is no time for more; the number of the part from which on to go on."""


def day_verify(
    kind: Kind, day: date, erased: Erased, counted: Counted, part: int = 0, more: Callable[[], bool] = lambda: True
) -> Fault | None:
    """Compare a day's rows, leaf by leaf, with its parts, and the parts with its root; ``counted`` grows.

    A day that goes on is compared as far as it has parts. What came since is held against what it says of itself.
    ``more`` is asked between parts: where it says no, Paused says which ``part`` comes next.
    """
    this, end = _Day(kind, day, erased, counted), start_of(day + timedelta(days=1))
    parts = DigestPart.objects.filter(kind=kind.name, day=day).order_by("number")
    sealed = DigestDay.objects.filter(kind=kind.name, day=day).first()
    if sealed and day_root(kind.name, day) != (sealed.count, sealed.root):
        return this.fault(None, f"The digest of {kind.title} of {day} was changed, or the leaves that it is made of.")
    until = {number: last_at + INSTANT for number, last_at in parts.values_list("number", "last_at")}
    since, last = until.get(part - 1, start_of(day)), max(until, default=-1)
    known = end if sealed else until.get(last, since)
    found = _parts_fault(this, parts.filter(number__gte=part, number__lte=last), since, known, more)
    return found or (None if sealed else _rest_fault(this, known, end))


def _parts_fault(this: _Day, parts: Any, since: datetime, until: datetime, more: Callable[[], bool]) -> Fault | None:
    with rows_between(this.kind, since, until) as rows:
        left = _Peek(rows)
        for part in parts.iterator(20):
            this.turn_to(part)
            if found := _part_fault(this, part, split(bytes(part.leaves)), left):
                return found
            if left.now is not None and not more():
                raise Paused(part.number + 1)
        return None if left.now is None else this.put_in(left.now["id"])


def _rest_fault(this: _Day, since: datetime, end: datetime) -> Fault | None:
    if this.kind.check is None:
        return None
    with rows_between(this.kind, since, end) as rows:
        for row in rows:
            this.counted.rows += 1
            if found := _content_fault(this, row):
                return found
    return None


class _Peek:
    """Rows, with the next one in sight."""

    def __init__(self, rows: Iterator[Row]) -> None:
        self._rows = rows
        self.now = next(rows, None)

    def take(self) -> None:
        self.now = next(self._rows, None)


def _part_fault(this: _Day, part: DigestPart, leaves: list[bytes], left: _Peek) -> Fault | None:
    if len(part.ids) != len(leaves) or len(part.leaves) % SIZE:
        return this.fault(None, f"Part {part.number} of the digest of {this.kind.title} of {this.day} was changed.")
    for index, (id_, leaf) in enumerate(zip(part.ids, leaves, strict=True)):
        this.counted.rows += 1
        row = left.now
        if row is None or row["id"] != id_:
            if this.is_erased(id_):
                this.counted.erased += 1
                continue
            return _displaced(this, id_, row)
        left.take()
        if found := _row_fault(this, row, leaf, salt_of(part, index)):
            return found
    return None


def _displaced(this: _Day, id_: int, row: Row | None) -> Fault:
    """Another row is where ``id_`` should be: one that belongs to the day, or one that does not."""
    if row is not None and not this.is_erased(row["id"]):
        own = _leaves_of(this, row["id"])
        if not own:
            return this.put_in(row["id"])
        if not any(this.kind.leaf(row, salt) == leaf for leaf, salt in own):
            return this.changed(row["id"])
    return this.fault(id_, f"{this.kind.one} {id_} of {this.day} is missing.")


def _leaves_of(this: _Day, id_: int) -> list[tuple[bytes, str]]:
    """The leaves that a day has for one id, with their salts."""
    parts = DigestPart.objects.filter(kind=this.kind.name, day=this.day, ids__contains=[id_])
    return [
        (leaf, salt_of(part, index))
        for part in parts for index, leaf in enumerate(split(bytes(part.leaves))) if part.ids[index] == id_
    ]  # fmt: skip


def _row_fault(this: _Day, row: Row, leaf: bytes, salt: str) -> Fault | None:
    if this.kind.leaf(row, salt) == leaf:
        return _content_fault(this, row)
    if not this.is_erased(row["id"]):
        return this.changed(row["id"])
    this.counted.erased += 1
    return None


def _content_fault(this: _Day, row: Row) -> Fault | None:
    """What is wrong with a row by itself, whether its day has a digest yet or not."""
    said = this.kind.check(row) if this.kind.check else ""
    if not said:
        return None
    if this.is_erased(row["id"]):
        this.counted.erased += 1
        return None
    words = "is gone, and no erasure is on record" if said == "gone" else "was changed after it was written"
    one = f"{this.kind.one[0].lower()}{this.kind.one[1:]}"
    return this.fault(row["id"], f"The content of {one} {row['id']} of {this.day} {words}.")


def earlier_fault(kind: Kind, first: date) -> Fault | None:
    """A row that claims a day from before the first digest was slipped in."""
    with connection.cursor() as cursor:
        cursor.execute(f"{kind.sql} LIMIT 1", {"start": BEGINNING, "end": start_of(first)})
        found = cursor.fetchone()
    if found is None:
        return None
    what = f"{kind.one} {found[0]} claims to be from before {first}, when nothing was recorded yet."
    return Fault(kind.name, what, "", found[0])
