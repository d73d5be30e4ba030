"""Was my gift card used? About the smallest question there is: one answer, and one where nothing is known."""

from __future__ import annotations

from cases.answers import Answer, Claim, Value, text
from cases.questions.base import Question
from connectors.host.views import Evidence


def compose(evidence: Evidence, person: str) -> Answer:
    """Pure: no clock and no database, and every amount is a value that names the fact that it comes from."""
    paid = next((f for f in evidence.of("payment.captured") if f.data.get("method") == "gift_card"), None)
    if paid is None:
        sorry = text("We are looking into it.")
        none = text("No payment by gift card is known.")
        return Answer("gift-card", "1", "unknown", "not_known", none, draft_unverified=(sorry,))
    money = paid.data["amount"]
    printed = f"{money['amount']} {money['currency']}"
    amount = Value("amount", money["amount"], printed, fact=paid.id, pointer="/amount/amount")
    used = Claim("gift_card.used", text("{amount} was paid by gift card.", amount=amount), "finance", (paid.id,))
    plain = text("A gift card was used for your order.")
    return Answer(
        "gift-card", "1", "answered", "used", used.text, claims=(used,), draft=(used,), draft_unverified=(plain,)
    )


QUESTION = Question(
    name="gift-card",
    needs=("finance",),
    title="Was my gift card used?",
    labels=(),
    compose=compose,
    situations=("used", "not_known"),
    words=("gift card*", "voucher*"),
    examples=("Was my gift card used?", "My voucher still shows its full value.", "I paid with a gift card, I think"),
)
