"""The question's rules: what is asked, in which order it is decided, and who says what."""

from __future__ import annotations

from collections.abc import Mapping

from cases.questions.common.answering import Rules
from cases.questions.return_eligibility import claims, letters
from cases.questions.return_eligibility import sentences as say
from cases.questions.return_eligibility.reading import ItemsReading
from cases.questions.return_eligibility.situations import TABLE, conflict, rank


def _open(r: ItemsReading) -> Mapping[str, str]:
    way = "whether a return is registered" if r.delivered else "where the parcel is now"
    return {"order": way, "delivery": way, "warehouse": "what has reached the warehouse",
            "policy": "which terms apply"}  # fmt: skip


RULES = Rules(
    question="return-eligibility", version="1", domains=("order", "delivery", "warehouse", "policy"), open=_open,
    table=TABLE, headlines=say.HEADLINES, claims=claims.claims, steps=claims.steps, next=say.next_step,
    draft=letters.draft, unverified=letters.unverified, rank=rank, reading=ItemsReading, conflict=conflict,
    hint=say.hint,
)  # fmt: skip
