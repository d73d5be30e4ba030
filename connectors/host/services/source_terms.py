"""What changes the meaning of a page about a source, each with the time for which it held."""

from __future__ import annotations

from typing import Any

from connectors.host.models import Source, SourceTerms
from connectors.host.services.clock import clock_tick


def source_terms_set(*, source: Source, **changed: Any) -> bool:
    """From now on: another ``freshness_s`` (seconds), or ``paused`` and ``why``; the others go on as they were. False
    where nothing is changed. To be called within the transaction of what changes it."""
    current = SourceTerms.objects.filter(source=source, superseded_at=None).first()
    held = {"freshness_s": current.freshness_s, "paused": current.paused, "why": current.why} if current else {}
    if {**held, **changed} == held:
        return False
    at = clock_tick()
    SourceTerms.objects.filter(source=source, superseded_at=None).update(superseded_at=at)
    SourceTerms.objects.create(source=source, learned_at=at, **{**held, **changed})
    return True
