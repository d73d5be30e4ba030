"""Did my return arrive?"""

from __future__ import annotations

from cases.answers import Answer
from cases.questions.base import Question
from cases.questions.common import answering
from cases.questions.return_status.rules import RULES
from connectors.host.views import Evidence
from connectors.sdk import Ref

POLICIES = (Ref("policy", "returns"), Ref("policy", "refunds"))


def _compose(evidence: Evidence, person: str) -> Answer:
    return answering.compose(RULES, evidence, person)


QUESTION = Question(
    RULES.question, RULES.domains, "Did my return arrive?", POLICIES, _compose, RULES.situations,
    words=(
        "return arrive*", "return received", "receive* my return", "got my return", "return status", "my return",
        "sent back", "sent it back", "sent them back", "posted back", "warehouse", "returned", "return parcel",
        "return* reach*",
    ),
    examples=(
        "Did my return arrive?",
        "Have you received my return RMA-77120?",
        "I posted the boots back last week. Are they at your warehouse?",
        "What is happening with my return?",
    ),
    schemes=("return",),
)  # fmt: skip
