"""Sources in the middle of being asked, by the same leases and the same recording as a gathering's."""

from __future__ import annotations

import time
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from cases.models import Case
from cases.selectors import case_view
from connectors.host.models import Lease, Source
from connectors.host.selectors.refs import ref_ids
from connectors.host.services.gathering.leases import leases_return, leases_take, return_statements
from connectors.host.services.recording import Asked, Batch, RefOutcome, facts_record_all
from connectors.sdk import Ref

THINGS = ["warehouse is asked", "warehouse answers", "warehouse is lost", "warehouse dies", "finance is asked",
          "finance is unreachable"]  # fmt: skip


def happens(thing: str, case: Case) -> None:
    name, _, what = thing.partition(" ")
    match what:
        case "is asked":
            begins(name, case)
        case "answers":
            answers(name)
        case "is unreachable":
            answers(name, "unreachable")
        case "is lost":
            is_lost(name)
        case "dies":
            dies(name, case)


def begins(name: str, case: Case, *, seconds: float = 15) -> None:
    """A source is asked about everything the case leads to, and has not answered yet."""
    source, now = Source.objects.get(name=name), timezone.now()
    refs = ref_ids(case_view(case=case).evidence.refs)
    leases_take({(source.pk, ref): seconds for ref in refs}, "a gathering", now - timedelta(seconds=30), now)


def dies(name: str, case: Case) -> None:
    """Whoever asks is gone in the middle of it; the lease runs out by itself."""
    begins(name, case, seconds=0.02)


def answers(name: str, outcome: str = "nothing") -> None:
    """It answers what it was asked: check and leases go together."""
    source = Source.objects.get(name=name)
    leases = list(Lease.objects.filter(source=source).select_related("ref"))
    if not leases:
        return
    refs = tuple(RefOutcome(Ref(x.ref.scheme, x.ref.value), outcome, outcome == "nothing") for x in leases)
    asked = Asked(took_ms=40, outcome="ok" if outcome == "nothing" else outcome, refs=refs)
    back = return_statements([(source.pk, x.ref_id, x.holder) for x in leases], heard=True)
    facts_record_all([Batch(source, (), "lookup", leases[0].started_at, asked)], also=back)


def is_lost(name: str) -> None:
    """Its answer could not be stored: nothing came of it."""
    time.sleep(0.011)
    with transaction.atomic():
        leases_return([(x.source_id, x.ref_id, x.holder) for x in Lease.objects.filter(source__name=name)], heard=False)
