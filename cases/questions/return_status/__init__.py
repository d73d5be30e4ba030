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


QUESTION = Question(RULES.question, RULES.domains, "Did my return arrive?", POLICIES, _compose, RULES.situations)
