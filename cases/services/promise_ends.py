"""How promises end: kept, broken, withdrawn or renegotiated. What has ended never opens again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from cases.actors import Actor
from cases.errors import BadInput
from cases.models import Commitment
from cases.promises import Promised
from cases.selectors.case import case_view
from cases.selectors.promises import calendar_of, commitment_get
from cases.services.follow import case_follow
from cases.services.people import person_find
from cases.services.promise_rows import row_ended, row_made, row_replaced
from cases.services.promising import due_given
from cases.services.record import case_locked
from cases.words import words_clean
from connectors.host.selectors import moment
from connectors.host.services import clock_tick

TOLD = ("letter", "phone", "chat", "in_person")
"""How a customer can have been told of a new time."""


def commitment_keep(
    *, commitment: Commitment | int, why: str = "", fact: int | None = None, actor: Actor
) -> Commitment:
    """It was done: ``why`` says how one can see that, or ``fact`` is the id of a fact of the case that shows it.
    Raises BadInput, BadWords, WrongState."""
    why = words_clean(why, field="why", required=fact is None, limit=1000)
    with _held(commitment) as promise:
        evidence: dict[str, Any] = {"why": why}
        if fact is not None:
            shown = next((f for f in case_view(case=promise.case).evidence.facts if f.id == fact), None)
            if shown is None:
                raise BadInput(f"Fact {fact} is not one of this case's.", "fact")
            evidence = {"why": why or f"{shown.source_title}: {shown.said}", "fact": fact, "source": shown.source}
        row_ended(promise, "kept", actor, evidence)
    case_follow(promise.case)
    return promise


def commitment_break(*, commitment: Commitment | int, why: str, actor: Actor) -> Commitment:
    """It was not done and will not be, and ``why``. Raises BadWords, WrongState."""
    return _ended(commitment, "broken", why, actor)


def commitment_withdraw(*, commitment: Commitment | int, why: str, actor: Actor) -> Commitment:
    """It is no longer owed, and ``why``: it was made by mistake, or the customer does not want it any more.
    Raises BadWords, WrongState."""
    return _ended(commitment, "withdrawn", why, actor)


def commitment_renegotiate(
    *, commitment: Commitment | int, due_at: datetime | None = None, phrase: str = "", what: str = "", why: str,
    told: str, actor: Actor, key: str = "", at: datetime | None = None,
) -> Commitment:  # fmt: skip
    """Another promise takes its place, with its owner. ``told`` is how the customer was told of it: one of ``TOLD``.
    Returns the new one; under the same ``key`` it is the same. Raises BadDue, BadInput, BadWords, WrongState."""
    why = words_clean(why, field="why", limit=1000)
    what = words_clean(what, field="what", required=False, limit=300)
    phrase = words_clean(phrase, field="phrase", required=False, limit=300)
    if told not in TOLD:
        raise BadInput(f"Say how the customer was told of the new time: {', '.join(TOLD)}.", "told")
    if due_at is None and not phrase:
        raise BadInput("Say by when now: a day, or a time.", "phrase")
    with _held(commitment) as old:
        if key and (same := Commitment.objects.filter(key=key, follows=old).first()):
            return same
        view = case_view(case=old.case)
        due, rule = due_given(view, calendar_of(view.evidence), due_at, phrase, "", at or moment()[1])
        ref = f"{old.keeps_ref.scheme}:{old.keeps_ref.value}" if old.keeps_ref else ""
        given = Promised(what or old.what, due, phrase, rule, old.zone, old.keeps_kind, ref)
        owner = person_find(old.owner if old.owner.is_active else old.case.owner, "owner")
        at = clock_tick()
        row_replaced(old, actor, at, due_at=due, why=why, told=told)
        new = row_made(old.case, given, owner, actor, view=view, at=at, key=key, follows=old)
    case_follow(old.case)
    return new


def _ended(commitment: Commitment | int, state: str, why: str, actor: Actor) -> Commitment:
    why = words_clean(why, field="why", limit=1000)
    with _held(commitment) as promise:
        row_ended(promise, state, actor, {"why": why})
    case_follow(promise.case)
    return promise


@contextmanager
def _held(commitment: Commitment | int) -> Iterator[Commitment]:
    """The promise, read again under its case's lock."""
    id_ = commitment.pk if isinstance(commitment, Commitment) else commitment
    with case_locked(commitment_get(id_).case_id) as locked:
        promise = commitment_get(id_)
        promise.case = locked
        yield promise
