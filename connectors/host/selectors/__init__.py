"""Reads of the host: everything is a function of ``(as_of, at)``."""

from connectors.host.selectors.actions import ActionOffer, actions_offered
from connectors.host.selectors.closure import closure
from connectors.host.selectors.deliveries import DeliveryView, deliveries_counts, deliveries_list, delivery_get
from connectors.host.selectors.evidence import evidence
from connectors.host.selectors.health import SourceHealth, Stretch, age_series, source_health, sources_health
from connectors.host.selectors.health_log import LogEntry, source_log
from connectors.host.selectors.lookups import (
    fact_get,
    fact_raw,
    fact_versions,
    malformed_list,
    refs_search,
    sources_list,
)
from connectors.host.selectors.moments import moment
from connectors.host.selectors.patterns import number_patterns
from connectors.host.selectors.versions import facts_learned
from connectors.host.selectors.zones import house_zone

__all__ = [
    "ActionOffer", "DeliveryView", "LogEntry", "SourceHealth", "Stretch", "actions_offered", "age_series", "closure",
    "deliveries_counts", "deliveries_list", "delivery_get", "evidence", "fact_get", "fact_raw", "fact_versions",
    "facts_learned", "house_zone", "malformed_list", "moment", "number_patterns", "refs_search", "source_health",
    "source_log", "sources_health", "sources_list",
]  # fmt: skip
