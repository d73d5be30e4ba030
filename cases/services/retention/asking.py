"""Somebody asks that a customer be forgotten; somebody else answers. And legal holds, which forbid it."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import IntegrityError, transaction

from cases.actors import Actor
from cases.errors import BadInput, NotYours, WrongState
from cases.models import ErasureRequest, LegalHold
from cases.selectors.erasing import customer_erased, erasure_plan, request_get
from cases.services.accessing import access_record
from cases.views.retention import RequestView
from cases.words import words_clean
from connectors.host.selectors import moment
from connectors.host.selectors.erasing import naming

MAX_WHY = 300


def erasure_ask(*, customer: int, why: str, actor: Actor) -> RequestView:
    """Ask for the erasure of a customer; nothing goes yet. ``why`` outlives them, so it may not name them.

    Raises BadInput, BadWords, CaseNotFound, WrongState where it is asked already.
    """
    plan = erasure_plan(customer=customer)
    why = why_clean(why, plan.needles)
    try:
        with transaction.atomic():
            row = ErasureRequest.objects.create(
                customer_id=customer, why=why, asked_by_id=_person(actor), asked_at=moment()[1]
            )
            access_record(actor=actor, what="erasure", customer=customer, why=f"Request {row.pk} for erasure")
    except IntegrityError:
        raise WrongState("Somebody has asked for this already. Look at that request.") from None
    return request_get(row.pk)


def erasure_decide(*, request: int, decisions: Mapping[str, str], actor: Actor) -> RequestView:
    """Decide about what stands against it, by its key; the plan has the choices. Raises BadInput, WrongState."""
    _person(actor)
    with transaction.atomic():
        row = waiting(request)
        plan = erasure_plan(customer=row.customer_id, decisions=row.decisions)
        offered = {a.key: dict(a.choices) for a in plan.against}
        for key, value in decisions.items():
            if key in offered and value and value not in offered[key]:
                raise BadInput(f"{value[:40]!r} can’t be decided about {key}.", key)
        row.decisions = {**row.decisions, **{k: v for k, v in decisions.items() if k in offered}}
        row.save(update_fields=["decisions"])
    return request_get(row.pk)


def erasure_refuse(*, request: int, answer: str, actor: Actor) -> RequestView:
    """Somebody else says no, and why: without naming the customer. Raises BadInput, BadWords, NotYours, WrongState."""
    with transaction.atomic():
        row = waiting(request)
        second_person(row, actor)
        row.state, row.answer = "refused", why_clean(answer, erasure_plan(customer=row.customer_id).needles, "answer")
        row.decided_by_id, row.decided_at = _person(actor), moment()[1]
        row.save()
    return request_get(row.pk)


def erasure_withdraw(*, request: int, actor: Actor) -> RequestView:
    """Whoever asked takes it back. Raises NotYours, WrongState."""
    with transaction.atomic():
        row = waiting(request)
        if row.asked_by_id != _person(actor):
            raise NotYours("Only the person who asked can take this back. You can refuse it.")
        row.state, row.decided_at = "withdrawn", moment()[1]
        row.save(update_fields=["state", "decided_at"])
    return request_get(row.pk)


def legal_hold_set(*, customer: int, why: str, actor: Actor) -> int:
    """Nothing of this customer may go, by request or by age, until the hold is lifted; returns its number.

    Raises BadInput, BadWords, CaseNotFound, WrongState.
    """
    needles = erasure_plan(customer=customer).needles
    values = {"why": why_clean(why, needles), "by_id": _person(actor), "at": moment()[1]}
    try:
        with transaction.atomic():
            made = LegalHold.objects.create(customer_id=customer, **values).pk
            if customer_erased(customer):  # meanwhile, perhaps: whoever erases lets no hold in until the end
                raise WrongState("This customer is erased: there is nothing left to hold.")
            return made
    except IntegrityError:
        raise WrongState("A legal hold stands already.") from None


def legal_hold_lift(*, hold: int, actor: Actor) -> None:
    """The hold ends. Raises WrongState."""
    rows = LegalHold.objects.filter(pk=hold, lifted_at=None)
    if not rows.update(lifted_by_id=_person(actor), lifted_at=moment()[1]):
        raise WrongState("This hold has ended already.")


def waiting(request: int) -> ErasureRequest:
    """The request, locked in the caller's transaction, that still waits for an answer. Raises WrongState."""
    request_get(request)
    row = ErasureRequest.objects.select_for_update().get(pk=request)
    if row.state != "asked":
        raise WrongState(f"This request is {row.state} already.")
    return row


def second_person(row: ErasureRequest, actor: Actor) -> None:
    """Raises NotYours where the actor asked for it."""
    if row.asked_by_id == _person(actor):
        raise NotYours("You asked for this, so somebody else must answer.")


def why_clean(why: str, needles: tuple[str, ...], field: str = "why") -> str:
    """A reason that names nobody who is to be forgotten. Raises BadInput, BadWords."""
    why = " ".join(words_clean(why, field=field, limit=MAX_WHY).split())
    if naming([why], needles=needles) == [True]:
        raise BadInput("This outlives the customer, so it may not name them. Give a ticket’s number instead.", field)
    return why


def _person(actor: Actor) -> int:
    if actor.kind != "person":
        raise NotYours("Only a person can decide about erasure.")
    return int(actor.id)
