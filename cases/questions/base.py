"""Questions are found, never registered: a folder here that has a ``QUESTION``, or an entry point of another package.

One that can't be loaded is named in ``problems`` and left out; the others still load.
"""

from __future__ import annotations

import importlib
import logging
import pkgutil
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from importlib.metadata import entry_points
from types import ModuleType

from cases.answers import Answer
from connectors.host.views import Evidence
from connectors.sdk import Ref

ENTRY_POINTS = "throughline.questions"
"""Packages outside this repository offer a question here: ``name = "package.module:QUESTION"``, or the module alone."""
log = logging.getLogger(__name__)
_NAME = re.compile(r"[a-z][a-z0-9-]{0,58}[a-z0-9]")


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
    words: tuple[str, ...] = ()
    """Words that customers use when they ask it: ``money back``; ``refund*`` stands for any ending. The more words a
    phrase has, the more it says."""
    examples: tuple[str, ...] = ()
    """First messages that ask it, as customers write them. Each proposes this question, or a test fails."""
    schemes: tuple[str, ...] = ()
    """Schemes of references that speak for it where a message holds one: ``invoice``."""


Offer = tuple[str, Callable[[], object]]
"""A name and the way to load what stands behind it."""


def found() -> dict[str, Question]:
    """Every sound question, by name: those of this folder first."""
    return _discovered()[0]


def problems() -> dict[str, str]:
    """Why a question that was found can't be used, in one sentence, by the name of its offer."""
    return _discovered()[1]


@cache
def _discovered() -> tuple[dict[str, Question], dict[str, str]]:
    return discover(_offers())


def discover(offers: Iterable[Offer]) -> tuple[dict[str, Question], dict[str, str]]:
    """Load each offer by itself: the sound ones, and what is wrong with the others, both by name."""
    questions: dict[str, Question] = {}
    wrong: dict[str, str] = {}
    for name, load in offers:
        try:
            question = sound(load())
        except (Exception, SystemExit) as error:  # an author's module may fail in any way
            wrong[name] = f"{type(error).__name__}: {str(error)[:500]}"
            log.warning("The question %s can't be loaded: %s", name, wrong[name], exc_info=True)
            continue
        if question is not None and question.name in questions:
            wrong[name] = f"Another question has the name {question.name!r} already; this one was left out."
        elif question is not None:
            questions[question.name] = question
    return questions, wrong


def sound(offered: object) -> Question | None:
    """The question, or that of a module; None for a folder that has none. Raises TypeError with what to add."""
    question = getattr(offered, "QUESTION", None) if isinstance(offered, ModuleType) else offered
    if question is None and isinstance(offered, ModuleType) and offered.__name__.startswith("cases.questions."):
        return None
    if not isinstance(question, Question):
        raise TypeError("This is not a Question. Give a cases.questions.base.Question, or a module with QUESTION.")
    if not _NAME.fullmatch(question.name):
        raise TypeError(f"{question.name!r} is no name: write it in small letters, e.g. 'gift-card-balance'.")
    for field in ("needs", "labels", "situations", "words", "examples", "schemes"):
        if not isinstance(getattr(question, field), tuple):
            raise TypeError(f"{field} must be a tuple.")
    if not question.title.strip() or not callable(question.compose):
        raise TypeError("Give it a title, what customers call it, and compose(evidence, person).")
    return question


def _offers() -> Iterator[Offer]:
    package = importlib.import_module("cases.questions")
    for module in pkgutil.iter_modules(package.__path__, "cases.questions."):
        if module.ispkg:
            yield module.name, partial(importlib.import_module, module.name)
    for point in sorted(entry_points(group=ENTRY_POINTS), key=lambda p: p.name):
        yield point.name, point.load


def get(name: str) -> Question:
    """Raises KeyError, with a sentence for people, for a question that nobody wrote."""
    try:
        return found()[name]
    except KeyError:
        raise KeyError(f"There is no question {name!r}; known are {', '.join(found())}.") from None
