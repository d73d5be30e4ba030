"""A deed above the asker's limit waits until a second person has said yes or no, once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model

from cases.actors import Actor
from cases.errors import BadInput, WrongState
from cases.limits import Money, limits_read, money_moved, second_needed
from cases.models import ActionRun, Case
from cases.selectors.case import case_view
from cases.services.alerting import alert_tell
from cases.services.record import case_locked, event_add
from cases.words import words_clean
from connectors.host.selectors import moment
from connectors.host.services import clock_tick

SECOND = "supervisor"
"""Whose yes counts."""


def limit_of(*, case: Case, actor: Actor, arguments: Mapping[str, Any]) -> tuple[Money | None, str]:
    """The money that typed arguments move, and why a second person is needed; empty where none is."""
    money = money_moved(case_view(case=case).evidence, arguments)
    roles: set[str] = set()
    if actor.kind == "person":
        person = get_user_model().objects.get(pk=int(actor.id))
        roles = set(person.groups.values_list("name", flat=True)) | ({SECOND} if person.is_superuser else set())
    return money, second_needed(limits_read(settings.ACTION_LIMITS), roles, money)


def limits_problem(text: str) -> str:
    """What is wrong with limits as they are set, in a sentence; empty where they can be used."""
    try:
        limits_read(text)
    except ValueError as error:
        return str(error)
    return ""


def run_waits(case: Case, run: ActionRun, actor: Actor, told: Mapping[str, Any]) -> None:
    """Inside the transaction that asks: into the history, and every supervisor but the asker is told."""
    money = f"{run.amount:,.2f} {run.currency}".strip() if run.amount is not None else ""
    data = {**told, "confirm": run.confirm, "arguments": run.arguments, "amount": money, "limit": run.limit}
    at = clock_tick()
    event_add(case, "action.waiting", actor, data, at)
    others = get_user_model().objects.filter(is_active=True, groups__name=SECOND).exclude(pk=run.asked_by_id or 0)
    for person in others.order_by("pk"):
        said = f"{actor.name} wants your yes in case {case.reference}: {run.confirm} {run.limit}".strip()
        alert_tell(person=person, case=case, kind="action.waiting", text=said, key=f"action-{run.pk}", at=at)


def action_decide(*, run: ActionRun, approve: bool, why: str = "", actor: Actor) -> ActionRun:
    """The second person says yes, and it is asked for, or no, with a reason. Raises WrongState, BadInput, BadWords."""
    why = words_clean(why, field="why", required=not approve, limit=1000)
    with case_locked(run.case_id) as case:
        held = ActionRun.objects.select_for_update().get(pk=run.pk)
        if held.state != "waiting":
            raise WrongState(f"This does not wait for a yes any more: it is {held.state}.")
        _may_decide(held, actor)
        at = clock_tick()
        held.decided_by_id, held.decided_at, held.decision = int(actor.id), at, why
        held.state, held.due_at = ("asked", moment()[1]) if approve else ("withdrawn", held.due_at)
        if not approve:
            held.ended_at, held.sentence = at, f"{actor.name} declined: {why}"
        held.save()
        _decided(case, held, actor, approve, why, at)
    return held


def action_withdraw(*, run: ActionRun, actor: Actor) -> ActionRun:
    """Who asked takes it back while it waits. Raises WrongState."""
    with case_locked(run.case_id) as case:
        held = ActionRun.objects.select_for_update().get(pk=run.pk)
        if held.state != "waiting":
            raise WrongState(f"This does not wait for a yes any more: it is {held.state}.")
        if str(held.asked_by_id) != actor.id:
            raise WrongState("Only who asked for it can take it back.")
        held.state, held.ended_at, held.sentence = "withdrawn", moment()[1], f"{actor.name} took it back."
        held.save()
        _decided(case, held, actor, False, "Taken back by who asked for it.", clock_tick())
    return held


def _may_decide(run: ActionRun, actor: Actor) -> None:
    person = get_user_model().objects.filter(pk=int(actor.id)).first() if actor.kind == "person" else None
    if person is None or not (person.is_superuser or person.groups.filter(name=SECOND).exists()):
        raise BadInput("Only a supervisor can say yes or no to this.", "actor")
    if run.asked_by_id == person.pk:
        raise BadInput("You asked for this yourself: the yes must come from a second person.", "actor")


def _decided(case: Case, run: ActionRun, actor: Actor, approve: bool, why: str, at: Any) -> None:
    told = {"action": run.action, "source": run.source, "source_title": run.source_title, "key": run.key}
    event_add(case, "action.decided", actor, {**told, "approved": approve, "why": why}, at)
    if run.asked_by_id and str(run.asked_by_id) != actor.id:
        word = "approved" if approve else "declined"
        said = f"{actor.name} {word} what you asked for in case {case.reference}: {run.confirm} {why}".strip()
        alert_tell(
            person=run.asked_by_id, case=case, kind="action.decided", text=said, key=f"action-{run.pk}-decided", at=at
        )  # fmt: skip
