"""Can I return this?"""

from __future__ import annotations

from cases.answers import Answer
from cases.questions.base import Question
from cases.questions.common import answering
from cases.questions.return_eligibility.rules import RULES
from connectors.host.views import Evidence
from connectors.sdk import Ref

POLICIES = (Ref("policy", "returns"), Ref("policy", "refunds"))


def _compose(evidence: Evidence, person: str) -> Answer:
    return answering.compose(RULES, evidence, person)


QUESTION = Question(
    RULES.question, RULES.domains, "Can I return this?", POLICIES, _compose, RULES.situations,
    words=(
        "can i return", "may i return", "able to return", "how return", "want to return", "like to return",
        "want to send back", "can send back", "return this", "return these", "does not fit", "doesn't fit",
        "changed my mind", "too small", "too big",
    ),
    examples=(
        "Can I return this?",
        "The shoes are too small. How do I return them?",
        "I would like to return my order, I changed my mind.",
        "Am I able to return a worn jacket?",
    ),
)  # fmt: skip
