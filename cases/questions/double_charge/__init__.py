"""Why was I charged twice?"""

from __future__ import annotations

from cases.answers import Answer
from cases.questions.base import Question
from cases.questions.common import answering
from cases.questions.double_charge.rules import RULES
from connectors.host.views import Evidence
from connectors.sdk import Ref

POLICIES = (Ref("policy", "refunds"),)


def _compose(evidence: Evidence, person: str) -> Answer:
    return answering.compose(RULES, evidence, person)


QUESTION = Question(
    RULES.question, RULES.domains, "Why was I charged twice?", POLICIES, _compose, RULES.situations,
    words=(
        "charged twice", "charged two times", "charged again", "double charge*", "charged double", "paid twice",
        "two charges", "two payments", "billed twice", "debited twice", "duplicate charge", "duplicate payment",
        "charged me twice", "second charge", "charged more than once",
    ),
    examples=(
        "Why was I charged twice?",
        "There are two charges for 48-1193 on my card.",
        "You charged me twice for the same order!",
    ),
)  # fmt: skip
