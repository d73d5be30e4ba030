"""What a case waits for, and how we know who is asking."""

from __future__ import annotations

from cases.actors import Actor
from cases.errors import BadInput, WrongState
from cases.models import Case
from cases.promises.saying import due_words
from cases.services.follow import case_follow
from cases.services.owning import offer_ended, owner_ensure
from cases.services.promising import promises_open
from cases.services.record import case_locked, event_add
from cases.words import VERIFIED, words_clean

MOVES = {"open": {"waiting_customer", "closed"}, "waiting_customer": {"open", "closed"}, "closed": {"open"}}
"""From each state, where a person or a rule may move a case. A customer's message always leads to ``open``."""
WAYS = tuple(VERIFIED)
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
        if state == "closed":
            _promises_kept(locked)
            offer_ended(locked, actor, "The case was closed")
        else:
            owner_ensure(locked)
        locked.state = state
        locked.save(update_fields=["state"])
        event_add(locked, "state.changed", actor, {"state": state, "why": why})
    case_follow(locked)
    return locked


def _promises_kept(case: Case) -> None:
    """Raises WrongState, naming them, while promises are open."""
    left = promises_open(case)
    if left:
        named = "; ".join(f"“{p.what}” ({Actor.person(p.owner).name}, {due_words(p.due_at, p.zone)})" for p in left[:5])
        many = f"{len(left)} promises are" if len(left) > 1 else "one promise is"
        raise WrongState(
            f"Case {case.reference} can’t be closed while {many} open: {named}."
            " Keep it, agree a new time, or withdraw it first."
        )


def _refusal(now: str, wanted: str) -> str:
    if now == wanted:
        return f"The case is {now.replace('_customer', ' for the customer')} already."
    return "The case is closed. Reopen it first."


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
