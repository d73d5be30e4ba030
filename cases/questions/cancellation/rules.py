"""The question's rules: what is asked, in which order it is decided, and who says what."""

from __future__ import annotations

from collections.abc import Mapping

from cases.questions.cancellation import claims, letters
from cases.questions.cancellation import sentences as say
from cases.questions.cancellation.reading import CancelReading
from cases.questions.cancellation.situations import TABLE, conflict, rank
from cases.questions.common.answering import Rules


def _open(r: CancelReading) -> Mapping[str, str]:
    way = "where the order stands now"
    money = "what finance has done since" if r.latest("submitted", "paid") else "whether money was sent"
    return {"order": way, "delivery": way, "finance": money, "policy": "which terms apply"}


RULES = Rules(
    question="cancellation", version="1", domains=("order", "delivery", "finance", "policy"), open=_open, table=TABLE,
    headlines=say.HEADLINES, claims=claims.claims, steps=claims.steps, next=say.next_step, draft=letters.draft,
    unverified=letters.unverified, rank=rank, reading=CancelReading, conflict=conflict, hint=say.hint,
)  # fmt: skip
