"""Promises: made, kept, broken, withdrawn, renegotiated and moved. One named owner at every instant."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from cases.actors import Actor
from cases.models import Case, Commitment, Statement
from cases.promises.shapes import Promised
from cases.views import CaseView


def promises_open(case: Case) -> tuple[Commitment, ...]:
    """The case's open promises, the first due first."""
    return tuple(Commitment.objects.filter(case=case, state="open").order_by("due_at", "pk"))


def commitments_from_statement(
    *, case: Case, statement: Statement, promises: Sequence[Promised], actor: Actor, at: datetime
) -> tuple[Commitment, ...]:
    """Promises that a letter's writer has confirmed, made in the sending transaction. ``at`` is its tick, and its lock
    on the case is held."""
    return ()


def commitments_move(*, case: Case, to: Any, actor: Actor, at: datetime, why: str = "") -> int:
    """Every open promise of a locked case gets a new owner; returns how many. For handovers and people who leave."""
    return 0


def commitments_follow(case: Case, view: CaseView) -> int:
    """Promises whose fact has arrived are kept, with that fact as evidence. Never raises; returns how many."""
    return 0
