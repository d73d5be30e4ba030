"""What rows of a source look like, and telling when that changes. Never in the way of what they say."""

from connectors.host.services.drift.noting import drift_accept, drift_glance, drift_note

__all__ = ["drift_accept", "drift_glance", "drift_note"]
