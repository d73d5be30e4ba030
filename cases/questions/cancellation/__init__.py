"""Can I cancel? Is my order cancelled?"""

from __future__ import annotations

from cases.answers import Answer
from cases.questions.base import Question
from cases.questions.cancellation.rules import RULES
from cases.questions.common import answering
from connectors.host.views import Evidence
from connectors.sdk import Ref

POLICIES = tuple(Ref("policy", name) for name in ("cancellations", "returns", "refunds"))


def _compose(evidence: Evidence, person: str) -> Answer:
    return answering.compose(RULES, evidence, person)


QUESTION = Question(
    RULES.question, RULES.domains, "Can I cancel my order?", POLICIES, _compose, RULES.situations,
    words=(
        "cancel*", "cancel order", "stop order", "no longer want", "do not want it anymore",
        "don't want it anymore", "ordered by mistake", "ordered by accident", "before it ships",
        "wrong order placed",
    ),
    examples=(
        "Can I cancel my order?",
        "Please cancel 48-1193, I ordered it by mistake.",
        "I no longer want the tent, please stop the order.",
    ),
)  # fmt: skip
