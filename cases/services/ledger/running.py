"""Verifications that a page asks for: done by workers, piece by piece, and kept with what they found."""

from __future__ import annotations

import logging
import time
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from cases.actors import Actor
from cases.models import LedgerRun
from cases.selectors.ledger import ledger_verify
from cases.services.ledger.sealing import ledger_seal
from connectors.host.services import clock_tick

logger = logging.getLogger(__name__)
PIECE_S = 40.0
"""Of one task; it ends well before a worker's limit."""
LEASE = timedelta(seconds=90)
OPEN = ("waiting", "running")


def ledger_run(*, actor: Actor) -> LedgerRun:
    """Ask for a verification of everything; the one that is under way where there is one."""
    with transaction.atomic():
        at = clock_tick()
        there = LedgerRun.objects.filter(state__in=OPEN).first()
        return there or LedgerRun.objects.create(asked_by=actor.name or actor.id, asked_at=at)


def ledger_keep(*, seconds: float = PIECE_S) -> int:
    """Digest and anchor days that are over, for a while; what was anchored is verified. How many were anchored."""
    ends = time.monotonic() + seconds
    made = ledger_seal(more=lambda: time.monotonic() < ends)
    if made:
        ledger_run(actor=Actor.rule("ledger", "the ledger itself"))
    return made


def ledger_runs_go(*, seconds: float = PIECE_S) -> int:
    """Go on with the verification that is wanted, for a while; how many came to their end."""
    run = _claimed()
    if run is None:
        return 0
    ends = time.monotonic() + seconds
    verdict = ledger_verify(place=run.place or None, counts=run.counts, more=lambda: time.monotonic() < ends)
    run.counts, run.place, run.leased_until = verdict.counts, verdict.place, None
    if verdict.place:
        run.state = "running"
    else:
        run.state, run.fault = ("intact", {}) if verdict.fault is None else ("broken", verdict.fault.as_json())
        if verdict.fault:
            logger.error("History was changed. %s", verdict.fault.sentence)
        with transaction.atomic():
            run.ended_at = clock_tick()
    run.save()
    return int(not verdict.place)


def _claimed() -> LedgerRun | None:
    """The oldest that nobody works on; a worker that died gives it back when its lease ends."""
    with transaction.atomic():
        free = Q(leased_until=None) | Q(leased_until__lt=Now())
        rows = LedgerRun.objects.select_for_update(skip_locked=True).filter(free, state__in=OPEN).order_by("pk")
        run = rows.first()
        if run is not None:
            LedgerRun.objects.filter(pk=run.pk).update(state="running", leased_until=Now() + LEASE)
            run.state = "running"
        return run
