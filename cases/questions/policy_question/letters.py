"""The reply to the customer for each situation: for one who is known, and for anybody."""

from __future__ import annotations

from cases.answers import Claim, Text, text
from cases.questions.common.saying import ASK, Sentences, plain, say, when, window
from cases.questions.policy_question.quoting import days, quote, where
from cases.questions.policy_question.reading import TermsReading

OPEN = ("window_over", "window_open", "window_ahead", "order_unknown", "in_force_now")


def draft(r: TermsReading, name: str) -> tuple[Claim, ...]:
    """What may be sent; empty where a person must decide first."""
    return tuple(c for c in (*_terms(r), *_own(r, name)) if c.facts or c.checks) if name in OPEN else ()


def _terms(r: TermsReading) -> Sentences:
    """The clause as it is written; its days alone where the document can't be quoted."""
    fact = r.versions[0]
    if words := quote(fact):
        said = text("Our terms say: “{q}” ({w}).", q=words, w=where(r, fact, long=True))
    else:
        said = text("By our terms you have {n} to return it ({w}).", n=days(fact), w=where(r, fact, long=True))
    yield say("terms", said, fact, domain="policy", rule="window_days")


def _own(r: TermsReading, name: str) -> Sentences:
    """What that comes to for this order."""
    if r.cancelled and name.startswith("window"):
        said = text("This order was cancelled{on}, so there is nothing to return.", on=when(r, r.cancelled, long=True))
        yield say("cancelled", said, r.cancelled, domain="order")
    elif name == "window_over":
        yield say("window", window(r, "For your order that ended on {d}.", long=True), domain="policy",
                  rule="return window")  # fmt: skip
    elif name == "window_open":
        words = "For your order that means until {d}: please register the return by then."
        yield say("window", window(r, words, long=True), domain="policy", rule="return window")
    elif name == "order_unknown":
        words = "I can’t find your order, though. Which order number is it?"
        yield Claim("reply.order", plain(words), "order", (), r.absence("order.placed"))


PLAIN = {
    "window_over": "The time for returning this order is over. If something is wrong with it, please tell us.",
    "window_open": "You can still return this order.",
    "window_ahead": "How long you have is in our terms, and it counts from the day that they name.",
    "order_unknown": "How long you have is in our terms. Which order number is it?",
    "in_force_now": "How long you have is in our terms.",
}  # fmt: skip


def unverified(r: TermsReading, name: str) -> tuple[Text, ...]:
    """What may be said to anybody: no amount, no date, no reference."""
    if r.cancelled and name.startswith("window"):
        return (plain("This order was cancelled, so there is nothing to return."), plain(ASK))
    return (plain(PLAIN[name]), plain(ASK)) if name in PLAIN else ()
