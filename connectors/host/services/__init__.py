"""Writes of the host. Each verb is one function, one transaction."""

from connectors.host.services.clock import clock_tick
from connectors.host.services.recording import Asked, Recorded, RefOutcome, facts_record
from connectors.host.services.refs import refs_intern
from connectors.host.services.sources import source_save

__all__ = ["Asked", "Recorded", "RefOutcome", "clock_tick", "facts_record", "refs_intern", "source_save"]
