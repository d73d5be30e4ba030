"""Money that went back: to whom, when the bank should show it, and the letter about it. ``r.paid`` is the refund."""

from __future__ import annotations

from cases.answers import Next, Text, Value, text
from cases.questions.common import values as v
from cases.questions.common.matter import Refund
from cases.questions.common.reading import Reading
from cases.questions.common.saying import Sentences, plain, reason, say, when
from connectors.host.views import FactView


def to(r: Reading, refund: Refund) -> Text:
    """Where the money goes: ``Maya’s Visa``, ``Maya’s gift card``, ``Maya``."""
    fact, whose = refund.last, v.own(r.person)
    brand = v.pointed(fact.data, "/card/brand")
    if brand:
        return text("{p} {b}", p=whose, b=v.said(fact, "/card/brand", str(brand)[:1].upper() + str(brand)[1:]))
    known = {"gift_card": "gift card", "card": "card", "bank_transfer": "bank account"}.get(
        str(fact.data.get("method"))
    )
    return text("{p} " + known, p=whose) if known else text("{p}", p=v.name(r.person))


def bank(r: Reading, fact: FactView, long: bool = False) -> tuple[Value, Value] | None:
    if not r.bank_days or not r.refunds_policy:
        return None
    rule = f"{r.refunds_policy.clause('bank_days')}: bank days"
    inputs = (fact, r.refunds_policy.fact)
    low, high = (v.ruled_day(d, rule, inputs, r.today, short=not long, long=long) for d in r.bank_days)
    return low, high


def shown_by_now(r: Reading) -> bool:
    """Whether the last day on which the money should have been seen is over."""
    return bool(r.bank_days and r.over(r.bank_days[1]))


def by_gift_card(r: Reading) -> bool:
    return bool(r.paid and r.paid.last.data.get("method") == "gift_card")


def went_back(r: Reading) -> Text:
    """``€84.90 went back to Maya’s Visa on Tue 17 Nov. The bank should show it between 24 Nov and 1 Dec.``"""
    assert r.paid
    fact, span = r.paid.last, bank(r, r.paid.last)
    lead = text("{a} went back to {to}{on}.", a=v.money(fact), to=to(r, r.paid), on=when(r, fact))
    if not span:
        return lead
    if fact.data.get("method") == "gift_card":
        return text("{l} It should be on the gift card by {e}.", l=lead, e=span[1])
    if span[0].value == span[1].value:
        return text("{l} The bank should show it by {e}.", l=lead, e=span[1])
    return text("{l} The bank should show it between {s} and {e}.", l=lead, s=span[0], e=span[1])


def window_over(r: Reading) -> Text:
    """The same once the last day of the bank is over."""
    assert r.paid
    fact, span = r.paid.last, bank(r, r.paid.last)
    end = span[1] if span else plain("a while ago")
    arn = plain(" Its reference lets the bank trace it.") if fact.data.get("bank_reference") else Text()
    return text("{a} went back to {to}{on}. The bank should have shown it by {e}.{arn}", a=v.money(fact),
                to=to(r, r.paid), on=when(r, fact), e=end, arn=arn)  # fmt: skip


def sent_headline(r: Reading) -> Text:
    """Either of them, by the day."""
    return window_over(r) if shown_by_now(r) else went_back(r)


def failed_headline(r: Reading, lead: Text, refund: Refund) -> Text:
    """After what led to it: ``The return arrived on Tue 10 Nov. The refund of €84.90 failed on 12 Nov.``"""
    fact = refund.last
    return text("{l} The refund of {a} failed{on}{why}.", l=lead, a=v.money(fact), on=when(r, fact),
                why=reason(fact))  # fmt: skip


def sent_next(r: Reading) -> Next:
    """Who is next once the money went back, and by when it should be seen."""
    assert r.paid
    if shown_by_now(r):
        return Next(plain("The bank traces the refund by its reference"), "bank")
    span = bank(r, r.paid.last)
    due = text("by {d}", d=span[1]) if span else Text()
    if by_gift_card(r):
        return Next(plain("The gift card is filled"), "finance", due)
    return Next(plain("The bank shows the refund"), "bank", due)


# -- letters ------------------------------------------------------------------------------------------
def _account(refund: Refund) -> Text:
    """``Visa ending 4417``, ``gift card``, ``account``."""
    fact = refund.last
    brand, last4 = v.pointed(fact.data, "/card/brand"), v.pointed(fact.data, "/card/last4")
    if not brand:
        known = {"gift_card": "gift card", "bank_transfer": "bank account", "card": "card"}
        return Text((known.get(str(fact.data.get("method")), "account"),))
    ends = text(" ending {n}", n=v.said(fact, "/card/last4")) if last4 else Text()
    return text("{b}{e}", b=v.said(fact, "/card/brand", str(brand)[:1].upper() + str(brand)[1:]), e=ends)


def _sent(r: Reading) -> Sentences:
    assert r.paid
    fact = r.paid.last
    said = text(
        "We sent your refund of {a} to your {to}{on}.",
        a=v.money(fact),
        to=_account(r.paid),
        on=when(r, fact, long=True),
    )
    yield say("paid", said, fact)


def paid_letter(r: Reading) -> Sentences:
    """That it was sent, and when the bank should show it."""
    yield from _sent(r)
    assert r.paid
    fact, span = r.paid.last, bank(r, r.paid.last, long=True)
    if span and r.refunds_policy and fact.data.get("method") == "gift_card":
        yield say("arrives", text("It should be on the card by {e}.", e=span[1]), domain="policy", rule=span[0].rule)
        return
    elif span and r.refunds_policy:
        usual = v.business_days(r.refunds_policy.fact, str(fact.data.get("method") or "card"))
        said = text("Banks usually take {n} working days, so it should show between {s} and {e}.", n=usual, s=span[0],
                    e=span[1])  # fmt: skip
        yield say("arrives", said, domain="policy", rule=span[0].rule)
    yield from _reference(fact, "If it hasn’t by then, give your bank this reference: {n}.")


def window_letter(r: Reading) -> Sentences:
    """That it was sent, and by what the bank can find it."""
    yield from _sent(r)
    assert r.paid
    yield from _reference(
        r.paid.last, "Your bank should have shown it by now: please ask them about this reference: {n}."
    )


def _reference(fact: FactView, words: str) -> Sentences:
    if fact.data.get("bank_reference"):
        yield say("bank_reference", text(words, n=v.said(fact, "/bank_reference", type_="ref")), fact)


def sent_letter(r: Reading) -> Sentences:
    """Either of them, by the day."""
    yield from window_letter(r) if shown_by_now(r) else paid_letter(r)
