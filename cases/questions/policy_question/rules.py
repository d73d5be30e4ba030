"""The question's rules: what is asked, in which order it is decided, and who says what."""

from __future__ import annotations

from collections.abc import Mapping

from cases.questions.common.answering import Rules
from cases.questions.policy_question import claims, letters
from cases.questions.policy_question import sentences as say
from cases.questions.policy_question.reading import TermsReading
from cases.questions.policy_question.situations import TABLE, conflict, rank


def _open(r: TermsReading) -> Mapping[str, str]:
    way = "when it was delivered" if r.order else "which order is meant"
    return {"order": way, "delivery": way, "policy": "which terms apply"}


RULES = Rules(
    question="policy-question", version="1", domains=("order", "delivery", "policy"), open=_open, table=TABLE,
    headlines=say.HEADLINES, claims=claims.claims, steps=claims.steps, next=say.next_step, draft=letters.draft,
    unverified=letters.unverified, rank=rank, reading=TermsReading, conflict=conflict, hint=say.hint,
)  # fmt: skip
