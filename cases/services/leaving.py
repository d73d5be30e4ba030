"""People who leave: everything they answer for is handed over first, in the one transaction that switches them off."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.db import IntegrityError, OperationalError, transaction

from cases.actors import Actor
from cases.errors import BadInput, NoOwner, NotYours, StillHeld, WrongState
from cases.models import Case, Commitment, Handover, Team
from cases.selectors.owning import held_by
from cases.services.owning import case_question, given_told, name_of, offer_ended, owner_given
from cases.services.people import looks_after_people, person_find
from cases.services.promising import commitments_move
from cases.services.record import event_add
from cases.services.teams import Routed, case_route
from cases.views.owning import Held
from cases.words import words_clean
from connectors.host.services import clock_tick

TRIES = 3
"""A case may be given to somebody in the very moment in which they leave: then everything is looked at again."""


def person_deactivate(*, person: Any, to: Any = None, actor: Actor, why: str) -> int:
    """Switch off an account after handing over its open cases, promises and offers; returns how many cases moved.

    Each goes to ``to`` where given, else to whom its team's routing chooses, else to the team's lead. Where something
    has nobody to go to, nothing changes and StillHeld says what is left. Raises BadInput, NotYours.
    """
    why = words_clean(why, field="why", limit=2000)
    if not looks_after_people(actor):
        raise NotYours("Only a supervisor or an administrator can switch an account off.")
    leaver = _leaver(person, actor)
    for again in range(TRIES):
        try:
            with transaction.atomic():
                return _handed_over(leaver, to, actor, why)
        except (IntegrityError, OperationalError):
            if again == TRIES - 1:
                raise
    raise StillHeld(f"{name_of(leaver)} is given new cases all the time. Take them out of their teams first.")


def _leaver(person: Any, actor: Actor) -> Any:
    users = get_user_model().objects
    found = person if hasattr(person, "get_username") else users.filter(username=str(person)).first()
    if found is None or not found.is_active:
        raise BadInput(f"There is no active person {str(person)[:60]!r}.", "person")
    if (actor.kind, actor.id) == ("person", str(found.pk)):
        raise WrongState("You can't switch off your own account. Ask another supervisor.")
    return found


def _handed_over(leaver: Any, to: Any, actor: Actor, why: str) -> int:
    """In one transaction: cases locked first, then teams, people, and the clock with the first event."""
    concerned = _concerned(leaver)
    rows = Case.objects.select_for_update(of=("self",)).filter(pk__in=concerned).order_by("pk")
    cases = list(rows.select_related("owner"))
    heir = person_find(to) if to else None
    if heir is not None and heir.pk == leaver.pk:
        raise BadInput("They can't hand over to themselves. Name somebody else.", "to")
    mine = [c for c in cases if c.owner_id == leaver.pk]  # a closed one, too, in which they have an open promise
    routed = _routes(mine, heir, leaver)
    _teams_led(leaver, heir, Held(cases=tuple(c.reference for c in mine if c.pk not in routed)))
    get_user_model().objects.select_for_update(no_key=True).get(pk=leaver.pk)
    for case in mine:
        _case_moves(case, routed[case.pk], leaver, actor, why)
    for case in cases:
        if case not in mine:
            _rest_moves(case, leaver, actor)
    leaver.places.all().delete()
    leaver.is_active = False
    leaver.save(update_fields=["is_active"])
    return len(mine)


def _concerned(leaver: Any) -> set[int]:
    """Ids of the cases that the leaver owns, or has an open promise in, or is offered."""
    held = held_by(leaver)
    return {int(r) for r in (*held.cases, *held.promises, *held.offers)}


def _routes(cases: list[Case], heir: Any, leaver: Any) -> dict[int, Routed]:
    """Who gets each case; one that nobody can be given is left out."""
    found: dict[int, Routed] = {}
    for case in cases:
        if heir is not None:
            found[case.pk] = Routed(heir, None, "")
            continue
        try:
            route = case_route(case_question(case), but=leaver.pk)
        except NoOwner:
            continue
        if route.team is not None:
            found[case.pk] = route
    return found


def _teams_led(leaver: Any, heir: Any, left: Held) -> None:
    """Their teams get the heir for a lead. Raises StillHeld where there is none, with all that is left."""
    teams = list(Team.objects.select_for_update().filter(lead=leaver).order_by("pk"))
    titles = () if heir is not None else tuple(t.title for t in teams)
    parts = [f"case {r}" for r in left.cases] + [f"the lead of {t}" for t in titles]
    if parts:
        shown = ", ".join(parts[:10]) + (f" and {len(parts) - 10} more" if len(parts) > 10 else "")
        raise StillHeld(f"{name_of(leaver)} still has {shown}, and no team takes that. Say who takes it over.")
    for team in teams:
        team.lead = heir
        team.save(update_fields=["lead"])


def _case_moves(case: Case, route: Routed, leaver: Any, actor: Actor, why: str) -> None:
    at = clock_tick()
    offer_ended(case, actor, f"{name_of(leaver)} has left", at)
    words = f"{name_of(leaver)} leaves: {why}. {route.why}".strip()
    owner_given(case, route.owner, "owner.changed", actor, {}, at, why=words)
    given_told(case, f"Case {case.reference} is yours now: {words}", actor, at)


def _rest_moves(case: Case, leaver: Any, actor: Actor) -> None:
    """In somebody else's case: an offer to the leaver ends, and their promises go to the case's owner."""
    at = clock_tick()
    offer = Handover.objects.select_for_update().filter(case=case, to_person=leaver, state="offered").first()
    if offer is not None:
        offer.state, offer.ended_at, offer.answer = "declined", at, "They have left."
        offer.save(update_fields=["state", "ended_at", "answer"])
        event_add(case, "handover.declined", actor, {"offer": offer.pk, "why": f"{name_of(leaver)} has left"}, at)
    if Commitment.objects.filter(case=case, owner=leaver, state="open").exists():
        commitments_move(case=case, to=case.owner, actor=actor, at=at, why=f"{name_of(leaver)} has left")
