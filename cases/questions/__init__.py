"""The door to questions: evidence in, answer out."""

from __future__ import annotations

from dataclasses import replace

from cases.answers import Answer
from cases.questions import base
from connectors.host.views import Evidence
from connectors.sdk import Ref


def names() -> tuple[str, ...]:
    """The names of all questions."""
    return tuple(sorted(base.found()))


def needs(question: str) -> tuple[str, ...]:
    """Domains whose sources the question wants to hear. Raises KeyError."""
    return base.get(question).needs


def title(question: str) -> str:
    """What customers call it. Raises KeyError."""
    return base.get(question).title


def labels(question: str) -> tuple[Ref, ...]:
    """Refs that the question adds when sources are asked. Raises KeyError."""
    return base.get(question).labels


def heard(question: str, evidence: Evidence) -> Evidence:
    """Of evidence gathered for several questions what this one would have been given alone. Raises KeyError."""
    mine = set(labels(question))
    others = {ref for one in base.found().values() for ref in one.labels} - mine
    facts = tuple(f for f in evidence.facts if not others & set(f.refs) or mine & set(f.refs))
    return replace(evidence, facts=facts)


def problems() -> dict[str, str]:
    """What is wrong with questions that were found and can't be used, by the name of their offer."""
    return base.problems()


def situations() -> tuple[str, ...]:
    """Every situation that an answer can be in, whatever was asked."""
    return tuple(sorted({name for question in base.found().values() for name in question.situations}))


def compose(question: str, evidence: Evidence, *, person: str = "") -> Answer:
    """What may be said at ``evidence.at``; ``person`` is the customer's first name. Raises KeyError."""
    return base.get(question).compose(evidence, person)
