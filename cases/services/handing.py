"""Handing a case over: an offer that its owner answers for until somebody has accepted it."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from cases.actors import Actor
from cases.chain import canonical
from cases.errors import BadInput, CaseError, NotYours, WrongState
from cases.models import Case, Handover, Team
from cases.owning import Packet, packet_of
from cases.selectors.case import case_view
from cases.services.alerting import alert_tell
from cases.services.ending import ends_all
from cases.services.owning import BY_CLOCK, BY_ROUTING, name_of, offer_ended, owner_given
from cases.services.people import is_supervisor, person_find, person_held, person_of
from cases.services.promising import promises_open
from cases.services.record import case_locked, event_add
from cases.services.teams import Routed
from cases.views import CaseView
from cases.words import words_clean
from connectors.host.selectors import moment
from connectors.host.services import clock_tick

log = logging.getLogger(__name__)
EXPIRES_AFTER = timedelta(hours=4)
SHORTEST, LONGEST = timedelta(minutes=5), timedelta(days=14)
ENDED = {
    "accepted": "Somebody has taken the case already.",
    "declined": "This offer was declined already.",
    "expired": "This offer has run out. The case stays with its owner.",
    "withdrawn": "This offer was taken back.",
}


def handover_offer(
    *, case: Case, to: Any = None, team: Any = None, why: str, actor: Actor, expires_in: timedelta = EXPIRES_AFTER
) -> Handover:
    """Offer a case to a person (``to``: user or user name) or to a team (``team``: Team or its name), with a reason.

    Its packet is made by the system. Raises BadInput, BadWords, WrongState (an offer is open already, the case is
    closed), NotYours (only the owner or a supervisor may offer).
    """
    why = words_clean(why, field="why", limit=2000)
    if not SHORTEST <= expires_in <= LONGEST:
        raise BadInput("An offer can stand from 5 minutes to 14 days.", "expires_in")
    with case_locked(case) as locked:
        _offerable(locked, actor)
        person, its_team = _receiver(to, team, locked)
        packet = packet_preview(case=locked, view=case_view(case=locked))
        at = clock_tick()
        offer = Handover.objects.create(
            case=locked, from_person=locked.owner, to_person=person, to_team=its_team, why=why,
            packet=packet.as_json(), offered_at=at, expires_at=at + expires_in,
        )  # fmt: skip
        event_add(locked, "handover.offered", actor, _offered(offer, packet), at)
        text = f"{name_of(locked.owner)} offers you case {locked.reference}: {why}"
        for one in _receivers(offer):
            alert_tell(person=one, case=locked, kind="handover.offered", text=text, key=f"offer:{offer.pk}", at=at)
    return offer


def packet_preview(*, case: Case, view: CaseView) -> Packet:
    """The packet that an offer of the case would carry now."""
    return packet_of(view, _promises(case))


def handover_accept(*, handover: Handover | int, actor: Actor) -> Case:
    """Take the case: its owner and its open promises change hands. For a team's offer any member may.

    Raises WrongState where the offer is no longer open, NotYours where it was made to others.
    """
    with _answering(handover) as (locked, offer):
        new = person_of(actor)
        if new is None or not (_is_to(offer, new) and person_held(new)):
            raise NotYours(f"This case was offered to {to_name(offer)}. Only they can take it.")
        if new.pk == locked.owner_id:
            raise WrongState("You own this case already. Take the offer back to keep it.")
        at, before = clock_tick(), locked.owner
        _answered(offer, "accepted", at, new)
        data = {"offer": offer.pk, "from_name": name_of(before), "team": offer.to_team.name if offer.to_team else ""}
        owner_given(locked, new, "handover.accepted", actor, data, at, why=offer.why)
        text = f"{name_of(new)} has taken case {locked.reference}. You no longer answer for it."
        alert_tell(person=before, case=locked, kind="handover.accepted", text=text, key=f"taken:{offer.pk}", at=at)
    return locked


def handover_decline(*, handover: Handover | int, why: str, actor: Actor) -> Handover:
    """Say no, with a reason: the owner is told. For a team's offer its lead may. Raises as ``handover_accept``."""
    why = words_clean(why, field="why", limit=2000)
    with _answering(handover) as (locked, offer):
        who = person_of(actor)
        lead = offer.to_team.lead_id if offer.to_team else offer.to_person_id
        if who is None or who.pk != lead:
            of = f"the lead of {offer.to_team}" if offer.to_team else to_name(offer)
            raise NotYours(f"Only {of} can decline this offer.")
        at = clock_tick()
        _answered(offer, "declined", at, who, why)
        event_add(locked, "handover.declined", actor, {"offer": offer.pk, "why": why}, at)
        text = f"{actor.name} did not take case {locked.reference}: {why}. You still answer for it."
        key = f"declined:{offer.pk}"
        alert_tell(person=locked.owner, case=locked, kind="handover.declined", text=text, key=key, at=at)
    return offer


def handover_withdraw(*, handover: Handover | int, actor: Actor, why: str = "") -> Handover:
    """Take an offer back: by the owner or a supervisor. Raises as ``handover_accept``."""
    why = words_clean(why, field="why", required=False, limit=2000)
    with _answering(handover) as (locked, offer):
        who = person_of(actor)
        if not (is_supervisor(actor) or who is not None and who.pk == locked.owner_id):
            raise NotYours(f"Only {name_of(locked.owner)} or a supervisor can take this offer back.")
        offer_ended(locked, actor, why, clock_tick())
    offer.refresh_from_db()
    return offer


def case_pool(*, case: Case, routed: Routed) -> Handover | None:
    """Offer a case that its team's lead has only meanwhile to the team. Never raises: the lead answers for it."""
    try:
        return handover_offer(
            case=case, team=routed.pool, why=routed.why, actor=BY_ROUTING, expires_in=min(routed.wait, LONGEST)
        )
    except CaseError as error:
        log.info("Case %s is not offered to its team: %s", case.pk, error)
        return None


def handovers_expire(limit: int = 100) -> int:
    """Offers past their time come back to the owner, each exactly once; returns how many. For the sweep."""
    due = Handover.objects.filter(state="offered", expires_at__lte=moment()[1]).order_by("expires_at", "pk")
    done = 0
    for id_ in list(due.values_list("pk", flat=True)[:limit]):
        try:
            done += _expired(id_)
        except Exception as error:  # one that can't be told must not keep the others
            if ends_all(error):
                raise
            log.exception("Offer %s could not be let run out", id_)
    return done


def _expired(id_: int) -> bool:
    """True where this call has let the offer run out."""
    with case_locked(Handover.objects.values_list("case", flat=True).get(pk=id_)) as locked:
        offer = Handover.objects.select_for_update().get(pk=id_)
        if offer.state != "offered" or offer.expires_at > moment()[1]:
            return False
        at = clock_tick()
        _answered(offer, "expired", at)
        owner = name_of(locked.owner)
        event_add(locked, "handover.expired", BY_CLOCK, {"offer": offer.pk, "from_name": owner}, at)
        text = f"Nobody has taken case {locked.reference}. You still answer for it; offer it again or keep it."
        key = f"expired:{offer.pk}"
        alert_tell(person=locked.owner, case=locked, kind="handover.expired", text=text, key=key, at=at)
    return True


@contextmanager
def _answering(handover: Handover | int) -> Iterator[tuple[Case, Handover]]:
    """The offer and its case, both locked and the offer still open. Raises WrongState where it is not."""
    id_ = handover.pk if isinstance(handover, Handover) else handover
    found = Handover.objects.filter(pk=id_).first()
    if found is None:
        raise BadInput(f"There is no offer {id_}.", "offer")
    if found.state == "offered" and found.expires_at <= moment()[1]:
        _expired(found.pk)
    with case_locked(found.case_id) as locked:
        rows = Handover.objects.select_related("to_team", "to_person").select_for_update(of=("self",))
        offer = rows.get(pk=found.pk)
        if offer.state != "offered":
            raise WrongState(ENDED[offer.state])
        yield locked, offer


def _offerable(case: Case, actor: Actor) -> None:
    who = person_of(actor)
    if not (is_supervisor(actor) or who is not None and who.pk == case.owner_id):
        raise NotYours(f"Only {name_of(case.owner)}, who owns the case, or a supervisor can offer it.")
    if case.state == "closed":
        raise WrongState("The case is closed. Reopen it first.")
    held = case.handovers.filter(state="offered").select_related("to_person", "to_team").first()
    if held is not None:
        raise WrongState(f"It is offered to {to_name(held)} already. Take that offer back first.")


def _receiver(to: Any, team: Any, case: Case) -> tuple[Any, Team | None]:
    if bool(to) == bool(team):
        raise BadInput("Say to whom: a person or a team, and not both.", "to")
    if team:
        found = team if isinstance(team, Team) else Team.objects.filter(name=str(team)).first()
        if found is None:
            raise BadInput(f"There is no team {str(team)[:60]!r}.", "team")
        if not found.places.filter(person__is_active=True).exclude(person=case.owner_id).exists():
            raise BadInput(f"Nobody in {found} could take it. Choose another team or a person.", "team")
        return None, found
    person = person_find(to)
    if person.pk == case.owner_id:
        raise WrongState(f"{name_of(person)} owns this case already.")
    return person, None


def _receivers(offer: Handover) -> list[Any]:
    if offer.to_team is None:
        return [offer.to_person]
    places = offer.to_team.places.filter(person__is_active=True).exclude(person=offer.from_person_id)
    return [place.person for place in places.select_related("person")]


def _is_to(offer: Handover, person: Any) -> bool:
    if offer.to_team is None:
        return bool(offer.to_person_id == person.pk)
    return offer.to_team.places.filter(person=person).exists()


def to_name(offer: Handover) -> str:
    """The person or the team that an offer is made to."""
    return str(offer.to_team) if offer.to_team else name_of(offer.to_person)


def _answered(offer: Handover, state: str, at: Any, by: Any = None, words: str = "") -> None:
    offer.state, offer.answered_by, offer.answer, offer.ended_at = state, by, words, at
    offer.save(update_fields=["state", "answered_by", "answer", "ended_at"])


def _offered(offer: Handover, packet: Packet) -> dict[str, Any]:
    return {
        "offer": offer.pk, "from": offer.from_person_id, "from_name": name_of(offer.from_person),
        "to": offer.to_person_id, "to_name": to_name(offer), "team": offer.to_team.name if offer.to_team else "",
        "why": offer.why, "expires_at": offer.expires_at.isoformat(),
        # The packet stands with the offer; its digest ties it to the chain.
        "packet_digest": hashlib.sha256(canonical(packet.as_json()).encode()).hexdigest(),
    }  # fmt: skip


def _promises(case: Case) -> list[tuple[str, Any, str]]:
    return [(p.what, p.due_at, name_of(p.owner)) for p in promises_open(case)]
