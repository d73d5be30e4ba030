"""Where is my refund?"""

from __future__ import annotations

from cases.answers import Answer
from cases.questions.base import Question
from cases.questions.refund_status.rules import RULES, compose
from connectors.host.views import Evidence
from connectors.sdk import Ref

POLICIES = tuple(Ref("policy", name) for name in ("returns", "refunds", "cancellations"))


def _compose(evidence: Evidence, person: str) -> Answer:
    return compose(evidence, person)


QUESTION = Question(
    RULES.question, RULES.domains, "Where is my refund?", POLICIES, _compose, RULES.situations,
    words=(
        "refund*", "where refund*", "my refund",
        "money back", "reimburse*", "where money", "no money", "my money", "not received money",
        "credited", "when refund", "still waiting refund", "refund not arrived", "refund pending",
    ),
    examples=(
        "Where is my refund? I sent the jacket back two weeks ago.",
        "I returned everything and still have no money.",
        "Hi, when will I get my money back for order 48-1193?",
        "My refund has not been credited to my card yet.",
    ),
    schemes=("refund",),
)  # fmt: skip
