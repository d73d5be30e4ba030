"""Trust, measured: what is counted, how, and the arithmetic. Pure."""

from cases.measuring.catalogue import BY_NAME, EDITION, MEASURES
from cases.measuring.observing import observe
from cases.measuring.shapes import Happened, History, Measure, Replied, Seen, week_of

__all__ = ["BY_NAME", "EDITION", "MEASURES", "Happened", "History", "Measure", "Replied", "Seen", "observe", "week_of"]
