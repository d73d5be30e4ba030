"""Can I have my invoice?"""

from __future__ import annotations

from cases.answers import Answer
from cases.questions.base import Question
from cases.questions.common import answering
from cases.questions.invoice_copy.rules import RULES
from connectors.host.views import Evidence
from connectors.sdk import Ref

POLICIES = (Ref("policy", "refunds"),)
"""In whose zone days are printed; its terms don't matter here."""


def _compose(evidence: Evidence, person: str) -> Answer:
    return answering.compose(RULES, evidence, person)


QUESTION = Question(
    RULES.question, RULES.domains, "Can I have my invoice?", POLICIES, _compose, RULES.situations,
    words=(
        "invoice*", "copy of the invoice", "my invoice", "send invoice", "need invoice", "vat invoice", "tax invoice",
        "credit note*", "proof of purchase", "receipt for", "bill for",
    ),
    examples=(
        "Can I have my invoice?",
        "Please send me a copy of the invoice for 48-1193.",
        "I need a VAT invoice for my company.",
        "Where is the credit note?",
    ),
    schemes=("invoice", "credit_note"),
)  # fmt: skip
