"""The reply to the customer for each situation: for one who is known, and for anybody."""

from __future__ import annotations

from collections.abc import Callable

from cases.answers import Claim, Text, text
from cases.questions.common import values as v
from cases.questions.common.returning import not_passed_letter
from cases.questions.common.saying import ASK, NOT_FOUND, Sentences, cannot_find, plain, promise, say, when
from cases.questions.exchange_status.reading import ExchangeReading
from cases.questions.exchange_status.sentences import number

ASKED = "I am finding out what was agreed about a replacement."


def draft(r: ExchangeReading, name: str) -> tuple[Claim, ...]:
    """What may be sent; empty where a person must decide first."""
    write = _LETTERS.get(name)
    return tuple(c for c in write(r) if c.facts or c.checks) if write else ()


def _cancelled(r: ExchangeReading) -> Sentences:
    said = text("Your replacement order{n} was cancelled{on}.", n=number(r), on=when(r, r.called_off, long=True))
    yield say("cancelled", said, r.called_off, domain="order")
    yield say("choice", plain("Would you like a new parcel, or your money back?"), r.called_off, domain="order")


def _trouble(r: ExchangeReading) -> Sentences:
    assert r.trouble
    words = "I am sorry: the carrier has lost your replacement{n}. Would you like a new parcel, or your money back?"
    if not r.trouble.data.get("lost"):
        words = "The carrier reports a problem with your replacement{n}. I am asking them about it."
    yield say("problem", text(words, n=number(r)), r.trouble, domain="order")


def _delivered(r: ExchangeReading) -> Sentences:
    said = text("Your replacement{n} was delivered{on}.", n=number(r), on=when(r, r.delivered, long=True))
    yield say("delivered", said, r.delivered, domain="order")


def _sent(r: ExchangeReading) -> Sentences:
    said = text("Your replacement{n} was sent{on} and is on its way to you.", n=number(r),
                on=when(r, r.moved, long=True))  # fmt: skip
    yield say("sent", said, r.moved, domain="order")


def _placed(r: ExchangeReading) -> Sentences:
    said = text("Your replacement{n} was ordered{on}.", n=number(r), on=when(r, r.replacement, long=True))
    yield say("placed", said, r.replacement, domain="order")
    if r.over(r.dispatch_due):
        late = "It should have been sent by now, and I am sorry that it is late. We are looking into it."
        yield say("late", plain(late), r.replacement, domain="order")
    words = "We send it by {d}."
    yield from promise("send", words, r, r.dispatch_due, r.replacement, r.delivery_policy, "dispatch_days")


def _refunded(r: ExchangeReading) -> Sentences:
    assert r.money_back
    words = {"refund.paid": "was sent", "refund.submitted": "was handed to the bank"}.get(
        r.money_back.kind, "was approved"
    )
    said = text("For your return, a refund of {a} " + words + "{on}.", a=v.money(r.money_back),
                on=when(r, r.money_back, long=True))  # fmt: skip
    yield say("refund", said, r.money_back)
    yield say("wanted", plain("Would you still like a replacement?"), r.money_back)


def _received(r: ExchangeReading) -> Sentences:
    said = text("Your return arrived{on}.", on=when(r, r.received, long=True))
    yield say("received", said, r.received or r.passed, domain="warehouse")
    yield say("agreed", plain(ASKED), r.received or r.passed, domain="warehouse")


def _under_way(r: ExchangeReading) -> Sentences:
    said = text("Your return was sent{on} and is on its way to us.", on=when(r, r.posted, long=True))
    yield say("in_transit", said, r.posted, domain="warehouse")
    yield say("agreed", plain(ASKED), r.posted, domain="warehouse")


def _registered(r: ExchangeReading) -> Sentences:
    fact = r.registered or r.m.facts[-1]
    yield say("registered", text("Your return was registered{on}.", on=when(r, r.registered, long=True)), fact,
              domain="order")  # fmt: skip
    yield say("agreed", plain(ASKED), fact, domain="order")


def _off(r: ExchangeReading) -> Sentences:
    said = text("Your return was cancelled{on}.", on=when(r, r.return_cancelled, long=True))
    yield say("cancelled", said, r.return_cancelled, domain="order")
    yield say("agreed", plain("What would you like to exchange, and what for?"), r.return_cancelled, domain="order")


def _none(r: ExchangeReading) -> Sentences:
    words = "I find no return and no replacement for your order. What would you like to exchange, and what for?"
    yield Claim("reply.no_exchange", plain(words), "order", (), r.absence("return.requested"))


_LETTERS: dict[str, Callable[[ExchangeReading], Sentences]] = {
    "replacement_cancelled": _cancelled, "replacement_problem": _trouble, "replacement_delivered": _delivered,
    "replacement_sent": _sent, "replacement_placed": _placed, "return_not_passed": not_passed_letter,
    "refunded_instead": _refunded, "return_received": _received, "return_under_way": _under_way,
    "return_registered": _registered, "return_cancelled": _off, "no_exchange": _none, "nothing_found": cannot_find,
}  # fmt: skip
"""``sources_disagree`` and ``which_one`` promise nothing."""

PLAIN = {
    "replacement_cancelled": "Your replacement order was cancelled. Would you like a new parcel, or your money back?",
    "replacement_problem": "The carrier reports a problem with your replacement. We put it right.",
    "replacement_delivered": "Your replacement has been delivered.",
    "replacement_sent": "Your replacement has been sent and is on its way.",
    "replacement_placed": "Your replacement has been ordered and will be sent.",
    "return_not_passed": "Your return has arrived. It did not pass our inspection.",
    "refunded_instead": "Your return is being refunded. Would you still like a replacement?",
    "return_received": "Your return has arrived. " + ASKED,
    "return_under_way": "Your return is on its way to us. " + ASKED,
    "return_registered": "Your return is registered. " + ASKED,
    "return_cancelled": "Your return was cancelled. What would you like to exchange?",
    "no_exchange": "I find no exchange for your order. What would you like to exchange?",
    "nothing_found": "We can’t " + NOT_FOUND,
}  # fmt: skip


def unverified(r: ExchangeReading, name: str) -> tuple[Text, ...]:
    """What may be said to anybody: no amount, no date, no reference."""
    if name == "nothing_found":
        return (plain(ASK if r.m.facts else PLAIN[name]),)
    return (plain(PLAIN[name]), plain(ASK)) if name in PLAIN else ()
