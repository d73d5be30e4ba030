"""News that travels upward, after commit."""

from django.dispatch import Signal

facts_recorded = Signal()
"""Sent after commit with ``source`` (its name) and ``ref_ids`` (list of host.RefValue ids touched)."""
