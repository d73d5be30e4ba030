"""The question's rules: what is asked, in which order it is decided, and who says what."""

from __future__ import annotations

from collections.abc import Mapping

from cases.questions.common.answering import Rules
from cases.questions.double_charge import claims, letters
from cases.questions.double_charge import sentences as say
from cases.questions.double_charge.reading import ChargeReading
from cases.questions.double_charge.situations import TABLE, conflict, rank, together


def _open(r: ChargeReading) -> Mapping[str, str]:
    money = "what finance has done since" if r.charges else "whether money was taken"
    return {"order": "what was ordered", "finance": money, "policy": "which terms apply"}


RULES = Rules(
    question="double-charge", version="1", domains=("order", "finance", "policy"), open=_open, table=TABLE,
    headlines=say.HEADLINES, claims=claims.claims, steps=claims.steps, next=say.next_step, draft=letters.draft,
    unverified=letters.unverified, rank=rank, reading=ChargeReading, conflict=conflict, hint=say.hint,
    together=together,
)  # fmt: skip
