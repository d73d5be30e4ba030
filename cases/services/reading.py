"""What is read from a customer's words when they come, and kept with them: a later rule never changes the past."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings

from cases import questions
from cases.memory.reading import as_json, told_in
from cases.memory.refs import refs_in
from cases.selectors.memory import proposal_for
from connectors.host.selectors import number_patterns
from connectors.sdk import Ref


@dataclass(frozen=True)
class Chosen:
    """The question of a new case: ``how`` is ``given`` (somebody said so), ``words`` (the message proposes it) or
    ``default`` (its words speak for none)."""

    question: str
    how: str
    evidence: tuple[str, ...] = ()
    refs: tuple[Ref, ...] = ()
    """What the case is about as well, by its words: read only where nobody said what is asked."""


def words_read(text: str) -> list[dict[str, Any]]:
    """For the event that holds the words: what the customer tells in them."""
    return as_json(told_in(text, number_patterns())) if text else []


def question_chosen(given: str, text: str) -> Chosen:
    """``given`` where somebody named it; else what the text proposes; else the default."""
    if given:
        return Chosen(given, "given")
    refs = tuple(f.ref for f in refs_in(text, number_patterns()) if f.ref.is_matter)
    found = proposal_for(text, refs)
    if found is not None:
        return Chosen(found.question, "words", found.evidence, refs)
    known = questions.names()
    return Chosen(settings.DEFAULT_QUESTION if settings.DEFAULT_QUESTION in known else known[0], "default", (), refs)
