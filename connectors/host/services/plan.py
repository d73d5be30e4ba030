"""Deciding which version is current: pure, no database.

Keys order the rows of one record: the source's own number or date where it has one (``order_no``), else the
instant at which our request started. A row with a lower key than the newest seen becomes history, never current.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from json.encoder import encode_basestring
from typing import Any
from zoneinfo import ZoneInfo

from connectors.sdk import Fact, Ref, Row, Undone, kinds

Key = tuple[Decimal, datetime]
_NO_ORDER = Decimal("-Infinity")
NEVER: Key = (_NO_ORDER, datetime.min.replace(tzinfo=UTC))
"""Before every row."""
_encode = json.JSONEncoder(sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode
FIRST, LAST = 1900, 2200
"""Years in which things happen; systems fill empty dates with the year 1 or 9999."""


def row_key(row: Row, started_at: datetime, ordered: bool) -> Key:
    """Where this row stands among the rows of its record."""
    number = order_number(row.version) if ordered else None
    return (_NO_ORDER if number is None else number, started_at)


def order_number(version: int | datetime | None) -> Decimal | None:
    """A source's version as a number: itself, or microseconds since 1970 for a time."""
    if isinstance(version, datetime):
        if version.tzinfo is None:
            raise ValueError("A version time needs a time zone.")
        return Decimal((version - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1))
    return None if version is None else Decimal(version)


def key_of(order_no: Decimal | None, started_at: datetime) -> Key:
    return (_NO_ORDER if order_no is None else order_no, started_at)


def key_number(key: Key) -> Decimal | None:
    return None if key[0] == _NO_ORDER else key[0]


def compact(value: Any) -> str:
    """JSON in one fixed form; raises TypeError or ValueError where the value is not plain JSON."""
    return _encode(value)


@dataclass(frozen=True, slots=True)
class Said:
    """A fact as it is kept: its data as JSON text, and everything that makes two versions the same."""

    fact: Fact
    data: str
    content: str

    @property
    def kind(self) -> str:
        return self.fact.kind


def said_as(fact: Fact, data: str) -> Said:
    """``data`` is the fact's data in the form of ``compact``."""
    occurred = fact.occurred
    if isinstance(occurred, datetime) and occurred.tzinfo is not UTC:
        occurred = occurred.astimezone(UTC)
    refs = ",".join([encode_basestring(f"{r.scheme}:{r.value}") for r in fact.refs])
    content = (
        f'{{"data":{data},"implied":{"true" if fact.implied else "false"},'
        f'"occurred":{encode_basestring(occurred.isoformat()) if occurred else "null"},'
        f'"refs":[{refs}],"said":{encode_basestring(fact.said)}}}'
    )
    return Said(fact, data, content)


def salted_digest(salt: str, content: str) -> str:
    return hashlib.sha256((salt + content).encode()).hexdigest()


@dataclass
class Head:
    """The mutable state of one ``(record, kind)`` while a batch is planned."""

    key: Key
    versions: int = 0
    current: Version | None = None
    id: int | None = None
    changed: bool = False
    stored_key: Key | None = None


@dataclass
class Version:
    """One fact version, stored (``id``) or about to be."""

    kind: str
    version: int
    key: Key
    salt: str = ""
    digest: str = ""
    id: int | None = None
    said: Said | None = None
    raw_digest: str = ""
    how: str = ""
    closed_as: str | None = None

    def same_as(self, content: str) -> bool:
        return salted_digest(self.salt, content) == self.digest


@dataclass(frozen=True)
class Stored:
    """A record's row as it is stored."""

    key: Key | None
    since: datetime | None
    seen: str


@dataclass
class RecordState:
    """What is known of one record before a batch, and what the batch does to it."""

    id: int
    key: Key | None = None
    seen: str = ""
    """The mark of its newest row."""
    stored: Stored | None = None
    same: bool = False
    """True where its newest row came again: only the key moves, and nothing else of it was read."""
    misses: dict[str, int] = field(default_factory=dict)
    heads: dict[str, Head] = field(default_factory=dict)
    history: dict[str, list[Version]] = field(default_factory=dict)
    """Older versions by kind; filled only where a late row needs it."""
    new: list[Version] = field(default_factory=list)
    closed: list[Version] = field(default_factory=list)

    def close(self, head: Head, why: str) -> None:
        if head.current is not None:
            head.current.closed_as = why
            if head.current.id is not None:
                self.closed.append(head.current)
            head.current = None
        head.changed = True


def apply_row(
    state: RecordState, raw_digest: str, said: Sequence[Said | Undone], key: Key,
    unclear: frozenset[str] = frozenset(), mark: str = "",
) -> None:  # fmt: skip
    """One row of a record, read: makes versions, closes what it replaces, and moves the heads.

    ``unclear`` are kinds that the row speaks of, but not legibly: what was known of them stays. ``mark`` stands
    for all that it says; it is kept where the same row again would move all the heads of this key and no others.
    """
    newest = state.key is None or key >= state.key
    for fact in said:
        if isinstance(fact, Undone):
            _undo(state, fact.kind, key)
        else:
            _say(state, raw_digest, fact, key, newest)
    if newest:
        state.key = key
        kinds_said = {f.kind for f in said} | unclear
        for kind, head in state.heads.items():
            if kinds.is_holding(kind) and kind not in kinds_said and key >= head.key:
                if head.current is not None:
                    state.close(head, "replaced")
                head.key = key
                head.changed = True
        moves = (_moves_alike(head, key, k in kinds_said or kinds.is_holding(k)) for k, head in state.heads.items())
        state.seen = mark if all(moves) else ""


def _moves_alike(head: Head, key: Key, spoken_of: bool) -> bool:
    """True where the same row again would move this head just as the heads of this key are moved."""
    return head.key == key if spoken_of else head.key < key


def retract(state: RecordState, at: datetime) -> bool:
    """The record is gone from its source: everything it says is closed. True where anything was open."""
    open_heads = [head for head in state.heads.values() if head.current is not None]
    for head in open_heads:
        state.close(head, "retracted")
        head.key = (head.key[0], at)
    state.seen = ""
    return bool(open_heads)


def _first_head(state: RecordState, kind: str, key: Key) -> Head:
    """The head of a kind that no row spoke of yet. A holding that a late row tells is no longer so since the newest
    row, which does not say it: its head stands where that row would have moved it, had they come in order."""
    head = state.heads[kind] = Head(key=max(key, state.key or key) if kinds.is_holding(kind) else key)
    return head


def _undo(state: RecordState, kind: str, key: Key) -> None:
    head = state.heads.get(kind) or _first_head(state, kind, key)
    if key >= head.key:
        state.close(head, "undone")
        head.key = key


def _say(state: RecordState, raw_digest: str, fact: Said, key: Key, newest: bool) -> None:
    head = state.heads.get(fact.kind)
    stale_holding = kinds.is_holding(fact.kind) and not newest
    if head is None:
        head = _first_head(state, fact.kind, key)
    elif key < head.key or (stale_holding and head.current is None):
        return _say_late(state, head, raw_digest, fact, key)
    if stale_holding:
        return _say_late(state, head, raw_digest, fact, key)
    head.changed = True
    head.key = key
    if head.current is not None and head.current.same_as(fact.content):
        return None
    state.close(head, "replaced")
    head.current = _version(state, head, raw_digest, fact, key)
    return None


def _say_late(state: RecordState, head: Head, raw_digest: str, fact: Said, key: Key) -> None:
    """A row that others have overtaken: history at once, unless history says so already.

    Of two versions with one key, the later told is what was so then, as it is for the current one.
    """
    known = state.history.get(fact.kind, []) + [v for v in state.new if v.kind == fact.kind]
    before = max((v for v in known if v.key <= key), key=lambda v: (v.key, v.version), default=None)
    if before is not None and before.same_as(fact.content):
        return
    version = _version(state, head, raw_digest, fact, key)
    version.closed_as = "replaced"
    head.changed = True


def _version(state: RecordState, head: Head, raw_digest: str, fact: Said, key: Key) -> Version:
    head.versions += 1
    salt = secrets.token_hex(16)
    digest = salted_digest(salt, fact.content)
    version = Version(fact.kind, head.versions, key, salt, digest, said=fact, raw_digest=raw_digest)
    state.new.append(version)
    return version


def times_of(fact: Fact, learned_at: datetime, zone: ZoneInfo) -> tuple[datetime | None, date | None, datetime]:
    """``occurred``, ``day`` and ``sort_at``: the instant, the end of the day where only that is known, or ours."""
    if isinstance(fact.occurred, datetime):
        return fact.occurred, None, fact.occurred
    if isinstance(fact.occurred, date):
        return None, fact.occurred, datetime.combine(fact.occurred, time(23, 59, 59, 999999), zone)
    return None, None, learned_at


def fault(fact: Fact | Undone, plain: bool = False) -> str:
    """Why a connector's fact can't be kept as one; empty where it is sound. ``plain``: its data is known to be JSON."""
    if isinstance(fact, Undone):
        return "" if fact.kind in kinds.KINDS or "." in fact.kind else f"{fact.kind!r} is not a known kind."
    if not isinstance(fact.data, Mapping):
        return f"{fact.kind}: data must be an object."
    if isinstance(fact.occurred, datetime) and fact.occurred.tzinfo is None:
        return f"{fact.kind}: the time {fact.occurred.isoformat()} has no time zone."
    if fact.occurred is not None and not (isinstance(fact.occurred, date) and FIRST <= fact.occurred.year <= LAST):
        return f"{fact.kind}: {str(fact.occurred)[:40]} is no day that anything can have happened on."
    if not fact.refs:
        return f"{fact.kind}: a fact needs at least one reference, or no case can ever find it."
    if not all(isinstance(ref, Ref) for ref in fact.refs):
        return f"{fact.kind}: its references must be made with Ref."
    try:
        if not plain:
            json.dumps(fact.data, allow_nan=False)
    except (TypeError, ValueError) as error:
        return f"{fact.kind}: data is not plain JSON ({error})."
    return kinds.problem(fact.kind, fact.data, fact.said)
