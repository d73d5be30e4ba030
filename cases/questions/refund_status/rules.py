"""The question's rules: what is asked, in which order it is decided, and who says what."""

from __future__ import annotations

from collections.abc import Mapping

from cases.answers import Answer, Value
from cases.questions.common import answering
from cases.questions.common import values as v
from cases.questions.common.answering import Rules
from cases.questions.common.reading import Reading
from cases.questions.refund_status import claims, letters, reply
from cases.questions.refund_status import sentences as say
from cases.questions.refund_status.conflicts import conflict
from cases.questions.refund_status.situations import TABLE, rank
from connectors.host.views import Evidence

DOMAINS = ("order", "warehouse", "finance", "policy")
OPEN = {
    "finance": "whether money was sent", "warehouse": "what has reached the warehouse",
    "order": "the latest state of the order", "policy": "which terms apply",
}  # fmt: skip
SINCE = "what finance has done since"
"""Where finance said that money was sent, that is not what is open."""


def _open(r: Reading) -> Mapping[str, str]:
    return {**OPEN, "finance": SINCE} if r.latest("submitted", "paid") else OPEN


def _flags(r: Reading) -> Mapping[str, object]:
    refund = r.paid or (r.refunds[-1] if r.refunds else None)
    worth, full = (refund.money if refund else None), r.worth
    method = refund.last.data.get("method") if refund else (r.captured and r.captured.data.get("method")) or (
        r.order and r.order.data.get("method"))  # fmt: skip
    return {
        "partial_refund": worth is not None and full is not None and worth < full[0],
        "gift_card": method == "gift_card",
    }


def _details(r: Reading) -> Mapping[str, Value]:
    found: dict[str, Value] = {}
    if not r.paid:
        return found
    fact = r.paid.last
    found["amount"] = v.money(fact)
    if fact.data.get("bank_reference"):
        found["bank_reference"] = v.said(fact, "/bank_reference", type_="ref")
    if brand := v.pointed(fact.data, "/card/last4"):
        name = str(v.pointed(fact.data, "/card/brand") or "Card")
        found["card"] = v.said(fact, "/card/last4", f"{name[:1].upper()}{name[1:]} ending {brand}")
    if fact.data.get("method"):
        method = str(fact.data["method"])
        found["method"] = v.said(fact, "/method", method.replace("_", " ").capitalize())
    return found


RULES = Rules(
    question="refund-status", version="1", domains=DOMAINS, open=_open, table=TABLE, headlines=say.HEADLINES,
    claims=claims.claims, steps=claims.steps, next=say.next_step, draft=letters.draft, unverified=reply.unverified,
    rank=rank, conflict=conflict, hint=say.hint, details=_details, flags=_flags, by_return=True,
)  # fmt: skip


def compose(evidence: Evidence, person: str) -> Answer:
    return answering.compose(RULES, evidence, person)
