"""The question's rules: what is asked, in which order it is decided, and who says what."""

from __future__ import annotations

from collections.abc import Mapping

from cases.questions.common.answering import Rules
from cases.questions.exchange_status import claims, letters
from cases.questions.exchange_status import sentences as say
from cases.questions.exchange_status.reading import ExchangeReading
from cases.questions.exchange_status.situations import TABLE, conflict, rank


def _open(r: ExchangeReading) -> Mapping[str, str]:
    way = "where the replacement is now" if r.replacement else "whether a replacement was ordered"
    back = "what the warehouse has done since" if r.received else "what has reached the warehouse"
    money = "what finance has done since" if r.money_back else "whether money was sent instead"
    return {"order": way, "delivery": way, "warehouse": back, "finance": money, "policy": "which terms apply"}


RULES = Rules(
    question="exchange-status", version="1", domains=("order", "delivery", "warehouse", "finance", "policy"),
    open=_open, table=TABLE, headlines=say.HEADLINES, claims=claims.claims, steps=claims.steps, next=say.next_step,
    draft=letters.draft, unverified=letters.unverified, rank=rank, reading=ExchangeReading, conflict=conflict,
    hint=say.hint, by_return=True,
)  # fmt: skip
