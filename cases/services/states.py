"""Whose case it is, what it waits for, and how we know who is asking."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model

from cases.actors import Actor
from cases.errors import BadInput, WrongState
from cases.models import Case
from cases.services.follow import case_follow
from cases.services.record import case_locked, event_add
from cases.words import words_clean

MOVES = {"open": {"waiting_customer", "closed"}, "waiting_customer": {"open", "closed"}, "closed": {"open"}}
"""From each state, where a person or a rule may move a case. A customer's message always leads to ``open``."""
WAYS = ("order_and_email", "called_back", "signed_in", "identity_document", "other")
"""How an asker can have been verified."""


def case_close(*, case: Case, actor: Actor, why: str = "") -> Case:
    """The matter is done. A message of the customer reopens it."""
    return _move(case, "closed", actor, why)


def case_reopen(*, case: Case, actor: Actor, why: str = "") -> Case:
    """Back to work: from closed, or from waiting."""
    return _move(case, "open", actor, why)


def case_wait(*, case: Case, actor: Actor, why: str = "") -> Case:
    """Nothing to do until the customer writes."""
    return _move(case, "waiting_customer", actor, why)


def _move(case: Case, state: str, actor: Actor, why: str) -> Case:
    why = words_clean(why, field="why", required=False, limit=2000)
    with case_locked(case) as locked:
        if state not in MOVES[locked.state]:
            raise WrongState(_refusal(locked.state, state))
        locked.state = state
        locked.save(update_fields=["state"])
        event_add(locked, "state.changed", actor, {"state": state, "why": why})
    case_follow(locked)
    return locked


def _refusal(now: str, wanted: str) -> str:
    if now == wanted:
        return f"The case is {now.replace('_customer', ' for the customer')} already."
    return "The case is closed. Reopen it first."


def owner_change(*, case: Case, owner: Any, actor: Actor, why: str = "") -> Case:
    """Hand the case to another person, who is accountable from now on. Raises BadInput."""
    why = words_clean(why, field="why", required=False, limit=2000)
    users = get_user_model().objects
    new = owner if hasattr(owner, "get_username") else users.filter(username=str(owner)).first()
    if new is None or not new.is_active:
        raise BadInput(f"{str(owner)[:60]!r} can't own a case: there is no active person of this name.", "owner")
    with case_locked(case) as locked:
        if locked.owner_id == new.pk:
            raise WrongState(f"{Actor.person(new).name} owns this case already.")
        locked.owner = new
        locked.save(update_fields=["owner"])
        data = {"owner": new.pk, "owner_name": Actor.person(new).name, "why": why}
        event_add(locked, "owner.changed", actor, data)
    case_follow(locked)
    return locked


def asker_verify(*, case: Case, how: str, actor: Actor) -> Case:
    """Record how we know that the asker is the customer, and who says so. Raises BadInput.

    Only a person or a program may: a From line proves nothing.
    """
    if how not in WAYS:
        raise BadInput(f"{str(how)[:60]!r} is not a way to verify. Use one of: {', '.join(WAYS)}.", "how")
    if actor.kind not in ("person", "program"):
        raise BadInput("Only a person or a program can verify who is asking.", "actor")
    with case_locked(case) as locked:
        event_add(locked, "asker.verified", actor, {"how": how})
    return locked
