"""The clock of promises: their owners are warned, told when they are late, and then others are. From the rows alone:
whatever was stopped, and for however long, the next sweep does what is due, and nothing twice."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Q, QuerySet

from cases.actors import Actor
from cases.models import Case, Commitment
from cases.promises.pacing import ESCALATE_AFTER, escalate_at
from cases.promises.saying import due_words
from cases.selectors.owning import lead_of, team_hours
from cases.services.alerting import alert_tell, alerts_settle
from cases.services.ending import ends_all
from cases.services.record import event_add
from connectors.host.selectors import moment
from connectors.host.services import clock_tick

log = logging.getLogger(__name__)
BY_CLOCK = Actor.rule("promise-clock", "The clock")


def promises_sweep(*, at: datetime | None = None, limit: int = 500) -> int:
    """Tell whoever must hear of promises that are due by ``at`` (default: now); returns how many tellings there were.

    Many may run this at once: a case that another holds is left to it, or to the next sweep.
    """
    at = at or moment()[1]
    cases = list(_due(at).order_by("due_at").values_list("case", flat=True)[:limit])
    return sum(_case(id_, at) for id_ in dict.fromkeys(cases))


def _due(at: datetime) -> QuerySet[Commitment]:
    warn = Q(warned_at=None, warn_at__lte=at, due_at__gt=at)
    late = Q(late_at=None, due_at__lte=at)
    escalate = Q(escalated_at=None, due_at__lte=at - ESCALATE_AFTER)
    return Commitment.objects.filter(warn | late | escalate, state="open")


def _case(id_: int, at: datetime) -> int:
    """One case's tellings in one transaction; one case that fails does not keep the others."""
    try:
        with transaction.atomic():
            case = Case.objects.select_for_update(skip_locked=True, of=("self",)).filter(pk=id_).first()
            if case is None:
                return 0
            due = _due(at).filter(case=case).select_related("owner").order_by("due_at", "pk")
            return sum(_tell(case, promise, at) for promise in due)
    except Exception as error:
        if ends_all(error):
            raise
        log.exception("Promises of case %s could not be looked after", id_)
        return 0


def _tell(case: Case, promise: Commitment, at: datetime) -> int:
    told = 0
    when = due_words(promise.due_at, promise.zone, by="")
    if promise.due_at > at:
        text = f"Due soon, by {when}: {promise.what}."
        return _once(case, promise, "warned", "warned_at", _owner(case, promise), text)
    if promise.late_at is None:
        text = f"Late, was due {when}: {promise.what}. Keep it, or agree a new time with the customer."
        told += _once(case, promise, "late", "late_at", _owner(case, promise), text)
    if promise.escalated_at is None and escalate_at(promise.due_at, *team_hours(case)) <= at:
        name = Actor.person(promise.owner).name
        text = f"{name}’s promise in case {case.reference} is late, was due {when}: {promise.what}."
        told += _once(case, promise, "escalated", "escalated_at", _others(case, promise), text)
    return told


def _once(case: Case, promise: Commitment, what: str, field: str, people: Iterable[Any], text: str) -> int:
    people = list(people)
    tick = clock_tick()
    if what == "late":
        alerts_settle(case=case, keys=[f"promise.{promise.pk}.warned"], at=tick)
    setattr(promise, field, tick)
    promise.save(update_fields=[field])
    data = {
        "commitment": promise.pk, "what": promise.what, "due_at": promise.due_at.isoformat(), "zone": promise.zone,
        "to": [p.pk for p in people], "to_names": [Actor.person(p).name for p in people],
    }  # fmt: skip
    event_add(case, f"commitment.{what}", BY_CLOCK, data, tick)
    for person in people:
        alert_tell(
            person=person, case=case, kind=f"promise.{what}", text=text, key=f"promise.{promise.pk}.{what}", at=tick
        )
    return 1


def _owner(case: Case, promise: Commitment) -> list[Any]:
    """Whoever answers for it; where they have left and nobody was named yet, the case's owner or whom that leads to."""
    for person in (promise.owner, case.owner):
        if person.is_active:
            return [person]
    return _others(case, promise)


def _others(case: Case, promise: Commitment) -> list[Any]:
    """The team's lead; the supervisors where there is none or it is the lead's own promise."""
    lead = lead_of(case)
    if lead is not None and lead.pk != promise.owner_id:
        return [lead]
    people = get_user_model().objects.filter(is_active=True).exclude(pk=promise.owner_id).order_by("pk")
    return list(people.filter(groups__name="supervisor").distinct()) or list(people.filter(is_superuser=True))
