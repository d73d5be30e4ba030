"""What enters a day's digests: for each kind of row its columns, and which of them are personal content."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from connectors.host.services.digests.merkle import content_digest, leaf_of, plain

Check = Callable[[Mapping[str, Any]], str]
"""What is wrong with a row beyond its digest, in words; empty where nothing is."""


AT = "_at"
"""Where a row has its time, as it is."""


@dataclass(frozen=True)
class Kind:
    """One kind of row. ``sql`` gives rows in order of time, from ``start`` to before ``end``: ``id`` first, then
    ``fixed``, then ``content``, then ``more`` (what ``check`` needs and no digest covers), and their time last."""

    name: str
    title: str
    """What they are called: "fact versions"."""
    one: str
    """What one is called: "Fact version"."""
    tables: tuple[str, ...]
    """Whose rows may have been erased lawfully; the first is the one that ``id`` is of."""
    sql: str
    fixed: tuple[str, ...]
    content: tuple[str, ...] = ()
    """Personal content that has no salted digest of its own: its salts stand in the parts of the day."""
    json: frozenset[str] = frozenset()
    """Columns that come as JSON text."""
    more: tuple[str, ...] = ()
    check: Check | None = None
    own: bool = True
    """Whether ``id`` is that of a row of ``tables``, which may have gone lawfully."""
    at: str = "learned_at"
    """The time by which they belong to a day."""

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Of what ``sql`` gives."""
        return ("id", *self.fixed, *self.content, *self.more, AT)

    @property
    def salted(self) -> bool:
        return bool(self.content)

    @property
    def sql_by_ids(self) -> str:
        """The same rows by ``ids``."""
        return self.sql.split(f" WHERE t.{self.at} >= ")[0] + " WHERE t.id = ANY(%(ids)s) ORDER BY t.id"

    def named(self, values: Sequence[Any]) -> dict[str, Any]:
        """A row by the names of its columns, its values plain."""
        found = {name: plain(value) for name, value in zip(self.names, values, strict=True)}
        for name in self.json:
            if isinstance(found[name], str):
                found[name] = json.loads(found[name])
        found[AT] = values[-1]
        return found

    def covered(self, row: Mapping[str, Any], salt: str) -> dict[str, Any]:
        """What the leaf is the digest of."""
        found = {name: row[name] for name in ("id", *self.fixed)}
        if self.content:
            found["content"] = content_digest(salt, {name: row[name] for name in self.content})
        return found

    def leaf(self, row: Mapping[str, Any], salt: str) -> bytes:
        return leaf_of(self.name, self.covered(row, salt))


def by_day(table: str, at: str, columns: Sequence[str], joins: str = "") -> str:
    """The usual ``sql``: rows of one table (``t``) by one time."""
    names = ", ".join(f"t.{name}" if name.replace("_", "").isalnum() else name for name in columns)
    return (
        f"SELECT t.id, {names}, t.{at} FROM {table} t {joins}"
        f" WHERE t.{at} >= %(start)s AND t.{at} < %(end)s ORDER BY t.{at}, t.id"
    )
