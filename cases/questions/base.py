"""Questions are found by their folder: one that has a ``QUESTION`` is a question, whatever it is called."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from cases.answers import Answer
from connectors.host.views import Evidence
from connectors.sdk import Ref


@dataclass(frozen=True)
class Question:
    """A kind of thing that customers ask. ``compose(evidence, person)`` is pure: no clock, no database."""

    name: str
    needs: tuple[str, ...]
    """Domains whose sources it wants to hear."""
    title: str
    """What customers call it: ``Where is my refund?``"""
    labels: tuple[Ref, ...]
    """Refs that it adds to a case's own when sources are asked: the policies it reads."""
    compose: Callable[[Evidence, str], Answer]
    situations: tuple[str, ...] = ()
    """Every situation that its answers can be in."""


@cache
def found() -> dict[str, Question]:
    """Every question in this folder, by name."""
    package = importlib.import_module("cases.questions")
    questions: dict[str, Question] = {}
    for module in pkgutil.iter_modules(package.__path__, "cases.questions."):
        if module.ispkg:
            question = getattr(importlib.import_module(module.name), "QUESTION", None)
            if isinstance(question, Question):
                questions[question.name] = question
    return questions


def get(name: str) -> Question:
    """Raises KeyError, with a sentence for people, for a question that nobody wrote."""
    try:
        return found()[name]
    except KeyError:
        raise KeyError(f"There is no question {name!r}; known are {', '.join(found())}.") from None
