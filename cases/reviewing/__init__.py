"""What is reviewed, by what chance, and how far reviewers agree. Pure."""

from cases.reviewing.agreement import Agreement, agreement
from cases.reviewing.words import COACHING, OUTCOMES, RULES, STATES, VERDICTS

__all__ = ["COACHING", "OUTCOMES", "RULES", "STATES", "VERDICTS", "Agreement", "agreement"]
