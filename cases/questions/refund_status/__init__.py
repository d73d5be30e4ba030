"""Where is my refund?"""

from __future__ import annotations

from cases.answers import Answer
from cases.questions.base import Question
from cases.questions.refund_status.composing import compose
from connectors.host.views import Evidence
from connectors.sdk import Ref

POLICIES = ("returns", "refunds", "cancellations")


def _labels(evidence: Evidence) -> tuple[Ref, ...]:
    return tuple(Ref("policy", name) for name in POLICIES)


def _compose(evidence: Evidence, person: str) -> Answer:
    return compose(evidence, person)


QUESTION = Question("refund-status", ("order", "warehouse", "finance", "policy"), _labels, _compose)
