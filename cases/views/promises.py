"""Promises to customers, alerts, and a person's day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

PromiseState = Literal["open", "kept", "broken", "withdrawn", "renegotiated"]


@dataclass(frozen=True)
class PromiseView:
    """One promise as the case's events tell it at some moment."""

    id: int
    what: str
    phrase: str
    due_at: datetime
    zone: str
    rule: str
    """How the time was found: a phrase's rule, the name of a policy's default, or ``given``."""
    owner_id: int
    owner: str
    made_at: datetime
    made_by: str = ""
    state: PromiseState = "open"
    keeps_kind: str = ""
    keeps_ref: str = ""
    follows: int | None = None
    ended_at: datetime | None = None
    ended_by: str = ""
    evidence: Mapping[str, Any] = field(default_factory=dict)
    """Why it counts as ended: ``{why, fact}``."""
    escalated_at: datetime | None = None

    def is_late(self, at: datetime) -> bool:
        """Past its time, and nobody has answered for it yet."""
        return self.state == "open" and at >= self.due_at

    def as_json(self) -> dict[str, Any]:
        """The shape that programs read."""
        return {
            "id": self.id, "what": self.what, "phrase": self.phrase, "due_at": self.due_at.isoformat(),
            "zone": self.zone, "rule": self.rule, "owner": self.owner, "state": self.state,
            "made_at": self.made_at.isoformat(), "ended_at": self.ended_at.isoformat() if self.ended_at else None,
            "keeps_kind": self.keeps_kind, "keeps_ref": self.keeps_ref, "follows": self.follows,
            "evidence": dict(self.evidence),
        }  # fmt: skip


@dataclass(frozen=True)
class AlertView:
    """Something that one person was told."""

    id: int
    kind: str
    text: str
    reference: str
    """The case it is about, or empty."""
    at: datetime
    seen_at: datetime | None


@dataclass(frozen=True)
class DayPromise:
    """An open promise on its owner's day, with whose case it is."""

    promise: PromiseView
    reference: str
    person: str


@dataclass(frozen=True)
class Day:
    """What a person has promised and must hear, at one instant."""

    at: datetime
    zone: str
    late: tuple[DayPromise, ...] = ()
    today: tuple[DayPromise, ...] = ()
    later: tuple[DayPromise, ...] = ()
    alerts: tuple[AlertView, ...] = ()

    @property
    def next_at(self) -> datetime | None:
        """When the first promise that is not late yet is due."""
        return min((p.promise.due_at for p in (*self.today, *self.later)), default=None)
