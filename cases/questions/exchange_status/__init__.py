"""Where is my exchange?"""

from __future__ import annotations

from cases.answers import Answer
from cases.questions.base import Question
from cases.questions.common import answering
from cases.questions.exchange_status.rules import RULES
from connectors.host.views import Evidence
from connectors.sdk import Ref

POLICIES = (Ref("policy", "delivery"), Ref("policy", "returns"))


def _compose(evidence: Evidence, person: str) -> Answer:
    return answering.compose(RULES, evidence, person)


QUESTION = Question(
    RULES.question, RULES.domains, "Where is my exchange?", POLICIES, _compose, RULES.situations,
    words=(
        "exchange*", "my exchange", "swap*", "replacement", "replacement order", "other size", "different size",
        "new size", "new pair", "instead of the one",
    ),
    examples=(
        "Where is my exchange?",
        "I sent the boots back for a different size. When does the replacement come?",
        "Has my exchange been sent yet?",
    ),
)  # fmt: skip
