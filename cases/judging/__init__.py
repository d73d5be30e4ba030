"""A message held against what could be known when it was sent, and what became of it since. Pure."""

from cases.judging.judge import judge

__all__ = ["judge"]
