"""Who answers for a case: exactly one active person at every instant. No owner changes without an event."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model

from cases.actors import Actor
from cases.errors import NotYours, WrongState
from cases.models import Case, Event
from cases.selectors.owning import lead_of
from cases.services.alerting import alert_tell
from cases.services.follow import case_follow
from cases.services.people import is_supervisor, person_find
from cases.services.promising import commitments_move
from cases.services.record import case_locked, event_add
from cases.services.teams import case_route
from cases.words import words_clean
from connectors.host.services import clock_tick

BY_CLOCK = Actor.rule("handover-clock", "The clock")
BY_ROUTING = Actor.rule("routing", "The routing of cases")
TRANSFERS = ("handover.accepted", "owner.changed")
MANY = 3
"""From so many changes of owner on, the lead is told of each: the customer may have begun again too often."""


def owner_change(*, case: Case, owner: Any, actor: Actor, why: str) -> Case:
    """Give a case to another person without asking them: for supervisors and programs, with a reason. An open offer
    ends, and open promises move along. Raises BadInput, BadWords, NotYours, WrongState."""
    why = words_clean(why, field="why", limit=2000)
    if actor.kind == "person" and not is_supervisor(actor):
        raise NotYours("Only a supervisor can give a case to somebody. Offer it to them instead.")
    with case_locked(case) as locked:
        new = person_find(owner, "owner")
        if locked.owner_id == new.pk:
            raise WrongState(f"{name_of(new)} owns this case already.")
        at = clock_tick()
        offer_ended(locked, actor, "The case was given to somebody else", at)
        owner_given(locked, new, "owner.changed", actor, {}, at, why=why)
        given_told(locked, f"{actor.name} gave you case {locked.reference}: {why}", actor, at)
    case_follow(locked)
    return locked


def owner_given(
    case: Case, new: Any, kind: str, actor: Actor, data: Mapping[str, Any], at: datetime, *, why: str
) -> None:
    """A locked case gets its new owner, by an event of this kind, with its open promises; many changes are told to the
    lead. The new owner is held active, ``at`` is the transaction's tick."""
    case.owner = new
    case.save(update_fields=["owner"])
    event_add(case, kind, actor, {**data, "owner": new.pk, "owner_name": name_of(new), "why": why}, at)
    commitments_move(case=case, to=new, actor=actor, at=at, why=why)
    count = _transfers(case)
    if count >= MANY:
        text = f"Case {case.reference} has changed hands {count} times. See that somebody finishes it."
        for one in leads(case):
            key = f"transfers:{case.pk}:{count}"
            alert_tell(person=one, case=case, kind="handover.many", text=text, key=key, at=at)


def owner_ensure(case: Case) -> None:
    """Where the owner of a locked case has left, somebody else answers for it from now on: call it before the case is
    opened again. Raises NoOwner."""
    if case.owner.is_active:
        return
    gone, routed = case.owner, case_route(case_question(case), but=case.owner_id)
    at = clock_tick()
    why = f"{name_of(gone)} has left. {routed.why}"
    owner_given(case, routed.owner, "owner.changed", BY_ROUTING, {}, at, why=why)
    text = f"Case {case.reference} is open again and yours: {name_of(gone)}, who had it, has left."
    given_told(case, text, BY_ROUTING, at)


def given_told(case: Case, text: str, actor: Actor, at: datetime) -> None:
    """Tell the new owner that the case is theirs, unless they have taken it themselves."""
    if (actor.kind, actor.id) != ("person", str(case.owner_id)):
        key = f"given:{case.pk}:{_transfers(case)}"
        alert_tell(person=case.owner, case=case, kind="owner.changed", text=text, key=key, at=at)


def offer_ended(case: Case, actor: Actor, why: str, at: datetime | None = None) -> bool:
    """Take back the open offer of a locked case, if there is one. ``at`` is the transaction's tick, where it has one.
    """
    offer = case.handovers.select_for_update().filter(state="offered").first()
    if offer is None:
        return False
    at = at or clock_tick()
    offer.state, offer.ended_at, offer.answer = "withdrawn", at, why
    offer.save(update_fields=["state", "ended_at", "answer"])
    event_add(case, "handover.withdrawn", actor, {"offer": offer.pk, "why": why}, at)
    return True


def case_question(case: Case) -> str:
    """The name of a case's main question."""
    return str(case.questions.values_list("name", flat=True).get(main=True))


def leads(case: Case) -> list[Any]:
    """Who hears of trouble with a case: its team's lead, else every supervisor."""
    lead = lead_of(case)
    if lead is not None:
        return [lead]
    return list(get_user_model().objects.filter(is_active=True, groups__name="supervisor").order_by("pk"))


def name_of(person: Any) -> str:
    """How to call them in a sentence."""
    return Actor.person(person).name


def _transfers(case: Case) -> int:
    return Event.objects.filter(case=case, kind__in=TRANSFERS).count()
