"""How long may I return this? Answered from the clause in force, quoted."""

from __future__ import annotations

from cases.answers import Answer
from cases.questions.base import Question
from cases.questions.common import answering
from cases.questions.policy_question.rules import RULES
from connectors.host.views import Evidence
from connectors.sdk import Ref

POLICIES = (Ref("policy", "returns"),)


def _compose(evidence: Evidence, person: str) -> Answer:
    return answering.compose(RULES, evidence, person)


QUESTION = Question(
    RULES.question, RULES.domains, "How long may I return this?", POLICIES, _compose, RULES.situations,
    words=(
        "how long may i return", "how long can i return", "how long do i have", "how long return", "return period",
        "return window", "return policy", "returns policy", "return deadline", "how many days return",
        "how many days do i have", "until when return", "by when return", "your terms", "terms and conditions",
    ),
    examples=(
        "How long may I return this?",
        "What is your return policy?",
        "Until when can I return the jacket?",
        "How many days do I have to send it back?",
    ),
)  # fmt: skip
