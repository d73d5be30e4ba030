"""The question's rules: what is asked, in which order it is decided, and who says what."""

from __future__ import annotations

from collections.abc import Mapping

from cases.questions.common.answering import Rules
from cases.questions.order_status import claims, letters
from cases.questions.order_status import sentences as say
from cases.questions.order_status.reading import OrderReading
from cases.questions.order_status.situations import TABLE, conflict, rank


def _open(r: OrderReading) -> Mapping[str, str]:
    way = "where the order stands now" if r.cancelled else "where the parcel is now"
    return {"order": way, "delivery": way, "finance": "whether money was sent" if r.parcels else "whether it was paid",
            "policy": "which terms apply"}  # fmt: skip


RULES = Rules(
    question="order-status", version="1", domains=("order", "delivery", "finance", "policy"), open=_open, table=TABLE,
    headlines=say.HEADLINES, claims=claims.claims, steps=claims.steps, next=say.next_step, draft=letters.draft,
    unverified=letters.unverified, rank=rank, reading=OrderReading, conflict=conflict, hint=say.hint,
    details=claims.details,
)  # fmt: skip
