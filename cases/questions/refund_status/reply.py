"""The reply to somebody who is not known to be the customer, and who decides where sources disagree."""

from __future__ import annotations

from cases.answers import Claim, Text, text
from cases.questions.common import values as v
from cases.questions.common.reading import Reading
from cases.questions.common.saying import ASK, NOT_FOUND
from cases.questions.refund_status.conflicts import conflict
from cases.questions.refund_status.sentences import by_gift_card, shown_by_now

PLAIN = {
    "paid": "Your refund has been sent. The bank can take some days to show it.",
    "cancelled_refunded": "Your order is cancelled and your refund has been sent.",
    "paid_window_over": "Your refund has been sent. We will help you to trace it with your bank.",
    "submitted": "Your refund has been handed to the bank.", "approved": "Your refund is approved and will be sent.",
    "approved_overdue": "Your refund is approved, and later than it should be. We are looking into it.",
    "refund_failed": "Your refund didn’t go through. We are looking into it.",
    "disputed": "Your bank is looking into this payment, and we wait for what it decides.",
    "inspection_failed": "Your return did not pass our inspection.",
    "inspection_due": "Your return has arrived and will be inspected next.",
    "inspection_overdue": "Your return has arrived. Its inspection is late, and we are looking into it.",
    "credit_note_only": "A credit note was issued, but no money has been sent yet. We are looking into it.",
    "cancelled_refund_overdue": "Your order is cancelled. Your refund is late, and we are looking into it.",
    "in_transit": "Your return is on its way to us.", "announced": "Your return is registered. Please send the parcel.",
    "early_refund_due": "The carrier lost your parcel, so your refund is due.",
    "nothing_found": "We can’t " + NOT_FOUND,
    "early_refund_not_allowed": "A refund follows once a return has been registered and inspected.",
    "outside_window": "The time for a return has passed.",
}  # fmt: skip


def unverified(r: Reading, name: str) -> tuple[Text, ...]:
    """What may be said to anybody: no amount, no date, no reference."""
    said = PLAIN.get(name)
    if name == "cancelled_refunded" and shown_by_now(r):
        said = "Your order is cancelled and your refund has been sent. We will help you to trace it with your bank."
    if name == "paid" and by_gift_card(r):
        said = "Your refund has been sent to your gift card."
    if name == "announced" and not r.absence("return.received"):
        said = "Your return is registered."
    if name == "nothing_found":
        return (Text((ASK if r.m.facts else PLAIN[name],)),)
    return (Text((said,)), Text((ASK,))) if said else ()


def decides(r: Reading) -> Claim | None:
    """Which source decides, by policy, where sources disagree."""
    terms = r.refunds_policy
    who = (terms.get("decides") or {}).get("money") if terms else None
    if not terms or not who or not conflict(r):
        return None
    said = text(
        "{c}: for money, {w} decides.", c=v.clause(terms.fact, "decides"), w=v.said(terms.fact, "/decides/money")
    )
    return Claim("policy.decides", said, "policy", (terms.fact.id,), (), "decides")
