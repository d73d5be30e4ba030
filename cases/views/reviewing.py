"""Reviews as one reader may see them: what is kept back from this reader is not in here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from cases.reviewing.agreement import ENOUGH, Agreement
from cases.reviewing.words import COACHING, OUTCOMES, RULES, STATES, VERDICTS

__all__ = [
    "COACHING", "ENOUGH", "OUTCOMES", "RULES", "STATES", "VERDICTS", "Agreement", "AnswerView", "ReasonView",
    "ReviewAgreement", "ReviewCounts", "ReviewState", "ReviewVerdictWord", "ReviewView", "SystemView", "VerdictView",
]  # fmt: skip

ReviewState = Literal["waiting", "held", "signed", "answered", "appealed", "decided"]
ReviewVerdictWord = Literal["yes", "partly", "no"]


@dataclass(frozen=True)
class ReasonView:
    """Why it is reviewed: a rule's name and words, and the moment at which the rule saw it."""

    rule: str
    words: str
    at: datetime


@dataclass(frozen=True)
class SystemView:
    """What Throughline itself found of a message; ``verdict`` is empty where it has no view."""

    verdict: str
    sentence: str
    claims: tuple[Mapping[str, str], ...] = ()
    """Each ``{words, held, text}``."""


@dataclass(frozen=True)
class VerdictView:
    """What was signed."""

    verdict: str
    reviewer: str
    reviewer_id: int
    at: datetime
    note: str
    coaching: tuple[str, ...]
    """Names from the list."""
    coaching_words: str
    blind: bool
    system: SystemView | None


@dataclass(frozen=True)
class AnswerView:
    """What the person reviewed said to it, and what became of an appeal."""

    how: str
    text: str
    at: datetime
    outcome: str = ""
    verdict: str = ""
    """The new one, where it was changed."""
    why: str = ""
    decided_by: str = ""
    decided_at: datetime | None = None


@dataclass(frozen=True)
class ReviewView:
    """One review. ``reasons`` is empty while ``hidden``, and so is the system's view."""

    id: int
    reference: str
    customer: str
    at: datetime
    """The moment to look at."""
    seq: int
    statement: int | None
    words: str
    """What was said; else what happened, as a sentence."""
    person_id: int | None
    person: str
    """Whose work it is; empty where a program acted."""
    first_name: str
    team: str
    team_title: str
    blind: bool
    """This reader reads it blind; of a signed one, that its reviewer did."""
    opened: bool
    """It was drawn to be read blind, and for this reader it is not any more: what the system found was shown."""
    hidden: bool
    """Why it was sampled and what the system found are kept back until it is signed off."""
    sealed: bool
    """The verdict is kept back until the other of two independent reviews is signed off."""
    reasons: tuple[ReasonView, ...]
    wanted_at: datetime
    signed_at: datetime | None
    state: ReviewState
    holder: str
    holder_id: int | None
    verdict: VerdictView | None
    answer: AnswerView | None
    deciders: tuple[str, ...] = ()
    """Who may decide its appeal, while that waits; empty where nobody in the house may."""
    may_sign: bool = False
    """For the reader: whether a verdict would be taken from them now."""
    may_decide: bool = False
    may_answer: bool = False

    def as_json(self) -> dict[str, Any]:
        """The shape that programs read."""
        v, a = self.verdict, self.answer
        return {
            "id": self.id, "reference": self.reference, "at": self.at.isoformat(), "statement": self.statement,
            "words": self.words, "person": self.person, "team": self.team or None, "blind": self.blind,
            "hidden": self.hidden,
            "reasons": [{"rule": r.rule, "words": r.words, "at": r.at.isoformat()} for r in self.reasons],
            "wanted_at": self.wanted_at.isoformat(), "state": self.state, "held_by": self.holder or None,
            "verdict": v and {
                "verdict": v.verdict, "reviewer": v.reviewer, "at": v.at.isoformat(), "note": v.note,
                "coaching": list(v.coaching), "coaching_words": v.coaching_words, "blind": v.blind,
                "system": v.system and {"verdict": v.system.verdict or None, "sentence": v.system.sentence,
                                        "claims": [dict(c) for c in v.system.claims]},
            },
            "answer": a and {
                "how": a.how, "text": a.text, "at": a.at.isoformat(), "outcome": a.outcome or None,
                "verdict": a.verdict or None, "why": a.why, "decided_by": a.decided_by or None,
                "decided_at": a.decided_at.isoformat() if a.decided_at else None,
            },
            "deciders": list(self.deciders), "may_sign": self.may_sign, "may_decide": self.may_decide,
            "may_answer": self.may_answer,
        }  # fmt: skip


@dataclass(frozen=True)
class ReviewCounts:
    """What waits: in all, free for the reader to take, and appeals to decide."""

    waiting: int
    free: int
    appeals: int


@dataclass(frozen=True)
class ReviewAgreement:
    """How far reviewers agree with each other, and with the system, blind and not."""

    between: Agreement
    system_blind: Agreement
    system_seen: Agreement
