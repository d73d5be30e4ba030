"""Which questions there are, and in which situations their answers can be."""

from __future__ import annotations

from cases import questions


def questions_known() -> tuple[str, ...]:
    """Names of all questions, sorted."""
    return questions.names()


def question_domains(name: str) -> tuple[str, ...]:
    """Domains whose sources a question hears; empty for one that nobody wrote."""
    return questions.needs(name) if name in questions.names() else ()


def situations_known() -> tuple[str, ...]:
    """Situations of all questions, each once, sorted."""
    return questions.situations()


def question_problems() -> dict[str, str]:
    """Why a question that was found can't be used, in one sentence, by the name of its offer."""
    return questions.problems()
