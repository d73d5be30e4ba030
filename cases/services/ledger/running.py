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
MOST_TRIES = 3
"""So often workers may begin at the same place and not come back."""
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
    """Go on with the verification that is wanted, for a while; how many came to their end.

    One whose worker dies or fails goes on from where it was last kept, and ends as failed when that happens too often.
    """
    run = _claimed()
    if run is None:
        return 0
    if run.tries > MOST_TRIES:
        place = run.place or "once"
        logger.error("Verification %s: %s workers began at %s and did not end.", run.pk, MOST_TRIES, place)
        return _end(run, "failed")
    ends = time.monotonic() + seconds
    verdict = ledger_verify(place=run.place or None, counts=run.counts, more=lambda: time.monotonic() < ends)
    run.counts, run.place = verdict.counts, verdict.place
    if verdict.place:
        run.leased_until, run.tries = None, 0
        run.save()
        return 0
    if verdict.fault:
        logger.error("History was changed. %s", verdict.fault.sentence)
        run.fault = verdict.fault.as_json()
    return _end(run, "broken" if verdict.fault else "intact")


def _end(run: LedgerRun, state: str) -> int:
    run.state, run.leased_until = state, None
    with transaction.atomic():
        run.ended_at = clock_tick()
        run.save()
    return 1


def _claimed() -> LedgerRun | None:
    """The oldest that nobody works on; a worker that died gives it back when its lease ends."""
    with transaction.atomic():
        free = Q(leased_until=None) | Q(leased_until__lt=Now())
        rows = LedgerRun.objects.select_for_update(skip_locked=True).filter(free, state__in=OPEN).order_by("pk")
        run = rows.first()
        if run is not None:
            run.state, run.tries = "running", run.tries + 1
            LedgerRun.objects.filter(pk=run.pk).update(state=run.state, tries=run.tries, leased_until=Now() + LEASE)
        return run
