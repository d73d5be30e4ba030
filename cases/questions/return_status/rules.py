"""The question's rules: what is asked, in which order it is decided, and who says what."""

from __future__ import annotations

from collections.abc import Mapping

from cases.questions.common.answering import Rules
from cases.questions.return_status import claims, letters
from cases.questions.return_status import sentences as say
from cases.questions.return_status.reading import ReturnReading
from cases.questions.return_status.situations import TABLE, conflict, rank


def _open(r: ReturnReading) -> Mapping[str, str]:
    money = "what finance has done since" if r.latest("submitted", "paid") else "whether money was sent"
    back = "what the warehouse has done since" if r.here else "what has reached the warehouse"
    return {"finance": money, "warehouse": back, "order": "what was registered", "policy": "which terms apply"}


RULES = Rules(
    question="return-status", version="1", domains=("order", "warehouse", "finance", "policy"), open=_open,
    table=TABLE, headlines=say.HEADLINES, claims=claims.claims, steps=claims.steps, next=say.next_step,
    draft=letters.draft, unverified=letters.unverified, rank=rank, reading=ReturnReading, conflict=conflict,
    hint=say.hint, by_return=True,
)  # fmt: skip
