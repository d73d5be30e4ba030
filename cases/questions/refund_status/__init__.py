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


QUESTION = Question(RULES.question, RULES.domains, "Where is my refund?", POLICIES, _compose, RULES.situations)
