"""Which questions there are, and in which situations their answers can be."""

from __future__ import annotations

from cases import questions


def questions_known() -> tuple[str, ...]:
    """Names of all questions, sorted."""
    return questions.names()


def situations_known() -> tuple[str, ...]:
    """Situations of all questions, each once, sorted."""
    return questions.situations()
