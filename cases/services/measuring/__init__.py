"""Counting what the measures of trust are made of, and the weekly letter."""

from cases.services.measuring.counting import measures_digest, measures_follow, measures_rebuild

__all__ = ["measures_digest", "measures_follow", "measures_rebuild"]
