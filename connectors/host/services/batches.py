"""What one source said at once, and what came of it: the arguments and the outcome of ``facts_record``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from connectors.host.models import Source
from connectors.sdk import Connector, Ref, Row


@dataclass(frozen=True)
class RefOutcome:
    """What one asking learned about one ref. ``rows`` are the ``(type, id)`` that it found."""

    ref: Ref
    outcome: str
    complete: bool = False
    kinds: tuple[str, ...] = ()
    reason: str = ""
    rows: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True)
class Asked:
    """One asking, to be stored as a Check in the transaction that stores what it brought."""

    took_ms: int
    outcome: str = "ok"
    reason: str = ""
    detail: str = ""
    late: bool = False
    refs: tuple[RefOutcome, ...] = ()


@dataclass
class Recorded:
    """What a batch did: new versions, closed versions, malformed rows and facts, retracted records."""

    learned_at: datetime | None = None
    new: int = 0
    closed: int = 0
    malformed: int = 0
    retracted: int = 0
    ref_ids: list[int] = field(default_factory=list)
    leads: dict[int, Ref] = field(default_factory=dict)
    """Refs that the rows carry and that a source can be asked about."""
    check_id: int | None = None


@dataclass(frozen=True)
class Batch:
    """What one source said at once: the arguments of ``facts_record``."""

    source: Source
    rows: Sequence[Row]
    how: str
    started_at: datetime
    asked: Asked | None = None
    cursor: str | None = None
    connector: Connector | None = None
