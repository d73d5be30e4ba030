"""Writes of the host. Each verb is one function, one transaction."""

from connectors.host.services.clock import clock_tick
from connectors.host.services.gathering import Gathering, gather, gather_now
from connectors.host.services.polling import source_check, source_get, source_poll, sources_due
from connectors.host.services.recording import Asked, Batch, Recorded, RefOutcome, facts_record, facts_record_all
from connectors.host.services.refs import refs_intern
from connectors.host.services.sources import demo_sources_keep, source_save

__all__ = [
    "Asked", "Batch", "Gathering", "RefOutcome", "Recorded", "clock_tick", "demo_sources_keep", "facts_record",
    "facts_record_all", "gather", "gather_now", "refs_intern", "source_check", "source_get", "source_poll",
    "source_save", "sources_due",
]  # fmt: skip
