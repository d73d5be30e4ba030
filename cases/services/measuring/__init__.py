"""Counting what the measures of trust are made of, and the weekly letter."""

from cases.services.measuring.counting import measures_check, measures_digest, measures_follow, measures_rebuild
from cases.services.measuring.letters import trust_letters_send, trust_reader_set

__all__ = [
    "measures_check", "measures_digest", "measures_follow", "measures_rebuild", "trust_letters_send",
    "trust_reader_set",
]  # fmt: skip
