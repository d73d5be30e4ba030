"""Handing a case over: an offer that its owner answers for until somebody has accepted it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from cases.actors import Actor
from cases.models import Case, Handover

EXPIRES_AFTER = timedelta(hours=4)


def handover_offer(
    *, case: Case, to: Any = None, team: Any = None, why: str, actor: Actor, expires_in: timedelta = EXPIRES_AFTER
) -> Handover:
    """Offer a case to a person (``to``: user or user name) or to a team (``team``: Team or its name), with a reason.

    Its packet is made by the system. Raises BadInput, BadWords, WrongState (an offer is open already, the case is
    closed), NotYours (only the owner or a supervisor may offer).
    """
    raise NotImplementedError


def handover_accept(*, handover: Handover | int, actor: Actor) -> Case:
    """Take the case: its owner and its open promises change hands. For a team's offer any member may.

    Raises WrongState where the offer is no longer open, NotYours where it was made to others.
    """
    raise NotImplementedError


def handover_decline(*, handover: Handover | int, why: str, actor: Actor) -> Handover:
    """Say no, with a reason: the owner is told. For a team's offer its lead may. Raises as ``handover_accept``."""
    raise NotImplementedError


def handover_withdraw(*, handover: Handover | int, actor: Actor, why: str = "") -> Handover:
    """Take an offer back: by the owner, whoever made it, or a supervisor. Raises as ``handover_accept``."""
    raise NotImplementedError


def handovers_expire(limit: int = 100) -> int:
    """Offers past their time come back to the owner, each exactly once; returns how many. For the sweep."""
    return 0
