"""What customers are told: read from words, matched to facts, and held against what is known. Pure."""

from cases.told.shapes import Contradiction, DraftCheck, Finding, Known, Match, Said

__all__ = ["Contradiction", "DraftCheck", "Finding", "Known", "Match", "Said"]
