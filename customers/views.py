"""What customer selectors hand out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from connectors.sdk import Ref


@dataclass(frozen=True)
class CustomerView:
    """A person and the refs that stood for them at the moment asked about."""

    id: int
    name: str
    refs: tuple[Ref, ...]
    members: tuple[int, ...] = ()
    """Every customer that was this person by then, ``id`` first."""


@dataclass(frozen=True)
class MergeView:
    """Somebody has said that two customers are one person."""

    id: int
    keep: int
    keep_name: str
    other: int
    other_name: str
    by: str
    why: str
    at: datetime
