"""The reply to the customer, and the same for somebody who is not known to be the customer."""

from __future__ import annotations

from cases.answers import Claim, Text, Value, text
from cases.questions.refund_status import sentences as say
from cases.questions.refund_status import values as v
from cases.questions.refund_status.conflicts import conflict
from cases.questions.refund_status.reading import Reading

SILENT = ("sources_disagree", "refunded_twice", "which_one", "nothing_found")
"""Nothing is promised to the customer while these hold."""
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
    "early_refund_not_allowed": "A refund follows once a return has been registered and inspected.",
    "outside_window": "The time for a return has passed.",
}  # fmt: skip
ASK = "To tell you more, we first need to know that it is you."


def facts_of(said: Text) -> tuple[int, ...]:
    found = {p.fact for p in said.values if p.fact is not None}
    found |= {i["fact"] for p in said.values for i in p.inputs if "fact" in i}
    return tuple(sorted(found))


def draft(r: Reading, name: str) -> tuple[Claim, ...]:
    if name in SILENT:
        return ()
    if not r.paid or name not in ("paid", "paid_window_over", "cancelled_refunded"):
        said = Text((PLAIN[name],))
        found = [Claim(name, said, "answer", _resting(r), r.looked("finance", "refund.paid"))]
        by = say.next_step(r, name).by
        if by and name in ("approved", "inspection_due") and facts_of(by):
            found.append(
                Claim("due", text("This should happen {by}.", by=by), "policy", facts_of(by), (), "business days")
            )
        return tuple(c for c in found if c.facts or c.checks)
    return _about_paid(r)


def _about_paid(r: Reading) -> tuple[Claim, ...]:
    assert r.paid
    fact = r.paid.last
    ends = text(" ending {n}", n=v.said(fact, "/card/last4")) if v.pointed(fact.data, "/card/last4") else Text()
    brand = v.pointed(fact.data, "/card/brand")
    where = {"gift_card": "your gift card", "bank_transfer": "your bank account", "card": "your card"}.get(
        str(fact.data.get("method")), "you")  # fmt: skip
    kind: Value | Text = v.said(fact, "/card/brand", str(brand)[:1].upper() + str(brand)[1:]) if brand else Text()
    to = text("your {b}{e}", b=kind, e=ends) if brand else Text((where,))
    said = text("We sent your refund of {a} to {to}{on}.", a=v.money(fact), to=to, on=say.when(r, fact))
    found = [Claim("refund.paid", said, "finance", (fact.id,))]
    if span := say.bank(r, fact):
        if r.over(r.bank_days[1] if r.bank_days else None):
            shown = text("It should have shown by {e}.", e=span[1])
        else:
            shown = text("It should show between {s} and {e}.", s=span[0], e=span[1])
        found.append(Claim("refund.arrives", shown, "policy", facts_of(shown), (), span[0].rule))
    if fact.data.get("bank_reference"):
        said = text("If it hasn’t, give your bank this reference: {n}.", n=v.said(fact, "/bank_reference", type_="ref"))
        found.append(Claim("refund.bank_reference", said, "finance", (fact.id,)))
    return tuple(found)


def _resting(r: Reading) -> tuple[int, ...]:
    kinds = [f for f in r.m.facts if not f.kind.startswith("policy.") and r.day(f)] or list(r.m.facts)
    return (kinds[-1].id,) if kinds else ()


def unverified(name: str) -> tuple[Text, ...]:
    return (Text((PLAIN[name],)), Text((ASK,))) if name in PLAIN else (Text((ASK,)),) if name == "nothing_found" else ()


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
