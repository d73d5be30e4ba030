"""Where is my parcel?"""

from __future__ import annotations

from cases.answers import Answer
from cases.questions.base import Question
from cases.questions.common import answering
from cases.questions.order_status.rules import RULES
from connectors.host.views import Evidence
from connectors.sdk import Ref

POLICIES = (Ref("policy", "delivery"), Ref("policy", "refunds"))


def _compose(evidence: Evidence, person: str) -> Answer:
    return answering.compose(RULES, evidence, person)


QUESTION = Question(
    RULES.question, RULES.domains, "Where is my parcel?", POLICIES, _compose, RULES.situations,
    words=(
        "where order", "where parcel", "where package", "where stuff", "parcel*", "package*", "deliver*", "track*",
        "ship*", "not arrived", "still waiting order", "when arrive", "dispatch*", "courier*", "status order",
        "order arrive",
    ),
    examples=(
        "Where is my parcel?",
        "I ordered a week ago and nothing has been delivered.",
        "When will order 48-1193 arrive?",
        "The tracking has not moved since Monday.",
    ),
    schemes=("shipment",),
)  # fmt: skip
