"""News that travels upward, after commit."""

from django.dispatch import Signal

facts_recorded = Signal()
"""Sent after each commit with ``sources`` (names) and ``ref_ids`` (list of host.RefValue ids touched)."""
