"""Who was shown whose data, and why: what is no look at a case's own page, whose looks are events of the case."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models.functions import Now

from cases.actors import Actor
from cases.chain import canonical
from cases.models import Access, Case
from cases.services.record import case_id
from connectors.host.services import clock_tick, refs_intern
from connectors.sdk import Ref

SAME_LOOK = timedelta(minutes=10)
"""Looking again at the same within this time is the same look."""
MAX_ABOUT = 200
MAX_WHY = 300


def access_record(
    *, actor: Actor, what: str, route: str = "", case: Case | int | str | None = None,
    customer: Any = None, refs: Iterable[Ref] = (), why: str = "", at: datetime | None = None,
    cases: Iterable[Case | int | str] = (), customers: Iterable[int] = (),
) -> Access | None:  # fmt: skip
    """Record that ``actor`` was shown personal data; None where the same person looked at the same just before.

    ``customer`` is one or its number. ``what`` names what was shown in a word or two (search, letter, export, grant …),
    ``route`` the route that showed it, ``why`` the reason that was given: without personal data, since it outlives
    them. Of several cases, customers or refs at most 200 are kept. ``at`` is the transaction's own tick where it has
    taken one. Raises CaseNotFound.
    """
    about = _about(case, cases, customer, customers)
    with transaction.atomic():
        found = sorted(refs_intern(list(refs)[:MAX_ABOUT]).values())
        key = _key(what[:40], *about, found, why[:MAX_WHY])
        if _seen(actor, key, at):
            return None
        return Access.objects.create(
            at=at or clock_tick(), actor_kind=actor.kind, actor=actor.id, what=what[:40], route=route[:80],
            cases=about[0], customers=about[1], refs=found, why=why[:MAX_WHY], key=key,
        )  # fmt: skip


def _about(
    case: Case | int | str | None, cases: Iterable[Case | int | str], customer: Any, customers: Iterable[int]
) -> tuple[list[int], list[int]]:  # fmt: skip
    named = {case_id(case)} if case is not None else set()
    held = {int(getattr(customer, "pk", customer))} if customer is not None else set()
    more = [one.pk if isinstance(one, Case) else int(one) for one in cases]
    return sorted({*named, *more[:MAX_ABOUT]}), sorted({*held, *list(customers)[:MAX_ABOUT]})


def _key(*about: object) -> str:
    return hashlib.sha256(canonical(about).encode()).hexdigest()[:32]


def _seen(actor: Actor, key: str, at: datetime | None) -> bool:
    """Whether this look goes on. The database's own clock decides, as it does for what is written."""
    since = (at or Now()) - SAME_LOOK
    return Access.objects.filter(actor=actor.id, actor_kind=actor.kind, key=key, at__gt=since).exists()
