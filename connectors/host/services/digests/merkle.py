"""Merkle trees as RFC 6962 has them, and the one spelling of a row. Pure.

A leaf's digest begins with a zero byte and a node's with a one, so that neither can be passed off as the other.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

PART = 1024
"""From so many leaves on, a stored part ends with the next instant."""
SIZE = 32
EMPTY = hashlib.sha256(b"").digest()
"""The root of a tree without leaves."""


_encode = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode
_AS_IT_IS = frozenset({str, int, bool, type(None)})


def canonical(value: Any) -> str:
    """One spelling for one JSON value."""
    return _encode(value)


def plain(value: Any) -> Any:
    """A column's value as JSON: times in UTC with microseconds, numbers as text, bytes as their digest."""
    if type(value) in _AS_IT_IS:
        return value
    if isinstance(value, datetime):
        return (value if value.tzinfo is UTC else value.astimezone(UTC)).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, bytes | bytearray | memoryview):
        return hashlib.sha256(value).hexdigest()
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return value


def content_digest(salt: str, content: Mapping[str, Any]) -> str:
    """Of what may have to go one day: salted, so that nobody can guess it when it is gone."""
    return hashlib.sha256((salt + canonical(content)).encode()).hexdigest()


def leaf_of(kind: str, row: Mapping[str, Any]) -> bytes:
    """The digest of one row, whose values are plain; of personal content it has the salted digest alone."""
    return hashlib.sha256(b"\0" + canonical([kind, dict(row)]).encode()).digest()


def node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()


class Tree:
    """The root over leaves, or over the roots of parts, as they come; it keeps one digest a level."""

    def __init__(self) -> None:
        self._peaks: list[tuple[int, bytes]] = []

    def add(self, digest: bytes) -> None:
        size = 1
        while self._peaks and self._peaks[-1][0] == size:
            size, digest = size * 2, node(self._peaks.pop()[1], digest)
        self._peaks.append((size, digest))

    def root(self) -> bytes:
        if not self._peaks:
            return EMPTY
        found = self._peaks[-1][1]
        for _, digest in reversed(self._peaks[:-1]):
            found = node(digest, found)
        return found


def root_of(leaves: Iterable[bytes]) -> bytes:
    tree = Tree()
    for leaf in leaves:
        tree.add(leaf)
    return tree.root()


def split(leaves: bytes) -> list[bytes]:
    """Digests that lie end to end."""
    return [leaves[at : at + SIZE] for at in range(0, len(leaves), SIZE)]


Step = tuple[str, str]
"""``("left" or "right", digest)``: the neighbour to put on that side."""


def path(leaves: Sequence[bytes], index: int) -> list[Step]:
    """From one leaf to the root over all of them."""
    if len(leaves) <= 1:
        return []
    half = 1 << (len(leaves) - 1).bit_length() - 1
    if index < half:
        return [*path(leaves[:half], index), ("right", root_of(leaves[half:]).hex())]
    return [*path(leaves[half:], index - half), ("left", root_of(leaves[:half]).hex())]
