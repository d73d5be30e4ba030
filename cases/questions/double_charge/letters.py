"""The reply to the customer for each situation: for one who is known, and for anybody."""

from __future__ import annotations

from collections.abc import Callable

from cases.answers import Claim, Text, text
from cases.questions.common import values as v
from cases.questions.common.money import sent_letter
from cases.questions.common.saying import ASK, NOT_FOUND, Sentences, cannot_find, plain, say, when
from cases.questions.double_charge.reading import ChargeReading
from cases.questions.double_charge.sentences import extra, taken, under_way

SORRY = "I am sorry about that."


def draft(r: ChargeReading, name: str) -> tuple[Claim, ...]:
    """What may be sent; empty where a person must decide first."""
    write = _LETTERS.get(name)
    return tuple(c for c in write(r) if c.facts or c.checks) if write else ()


def _taken(r: ChargeReading, words: str) -> Sentences:
    yield say("taken", text(words, t=taken(r, long=True)), *(c.fact for c in r.charges))


def _orders(r: ChargeReading) -> Sentences:
    yield from _taken(r, "The charges are for different orders of yours: {t}.")
    asked = "If you meant to order only once, please tell us which order you would like to keep."
    yield say("meant", plain(asked), *(c.fact for c in r.charges))


def _given_back(r: ChargeReading) -> Sentences:
    yield from _taken(r, "You are right: we charged you more than once, {t}. " + SORRY)
    yield from sent_letter(r)


def _failed(r: ChargeReading) -> Sentences:
    assert r.failed_refund
    fact = r.failed_refund.last
    yield from _taken(r, "You are right: we charged you more than once, {t}. " + SORRY)
    said = text("Your refund of {a} could not be paid out{on}, and we are looking into it.", a=v.money(fact),
                on=when(r, fact, long=True))  # fmt: skip
    yield say("failed", said, fact)


def _under_way(r: ChargeReading) -> Sentences:
    yield from _taken(r, "You are right: we charged you more than once, {t}. " + SORRY)
    fact = r.back("approved", "submitted", "paid")[-1].last
    yield say("refund", text("It is being put right: {u}.", u=under_way(r, long=True)), fact)


def _twice(r: ChargeReading) -> Sentences:
    yield from _taken(r, "You are right: we charged you more than once, {t}. " + SORRY)
    facts = [c.fact for c in r.charges]
    if more := extra(r):
        yield say("extra", text("That is {x} too much, and I am asking our finance team to give it back.", x=more),
                  *facts)  # fmt: skip
    else:
        yield say("extra", plain("I am asking our finance team to give back what was too much."), *facts)


def _looking(r: ChargeReading) -> Sentences:
    yield from _taken(r, "We see these charges for your order: {t}.")
    yield say("looking", plain("I am asking our finance team to look at them."), *(c.fact for c in r.charges))


def _parts(r: ChargeReading) -> Sentences:
    yield from _taken(r, "Your order was charged in parts: {t}.")
    if r.order:
        said = text("Together that is no more than your order cost, {t}.", t=v.money(r.order, "/total"))
        yield say("cost", said, r.order, *(c.fact for c in r.charges))


def _once(r: ChargeReading) -> Sentences:
    yield from _taken(r, "We have taken one payment: {t}.")
    if r.attempt:
        said = text("Another attempt over {a} failed{on}, and no money was taken for it.", a=v.money(r.attempt),
                    on=when(r, r.attempt, long=True))  # fmt: skip
        yield say("attempt", said, r.attempt)
    asked = "If your bank shows two lines, one can be a hold. Could you send us a picture of both?"
    yield Claim("reply.hold", plain(asked), "finance", (), r.absence("payment.captured"))


def _never(r: ChargeReading) -> Sentences:
    words = "We have taken no payment for your order. Could you send us a picture of what your bank shows?"
    yield Claim("reply.not_charged", plain(words), "finance", (), r.absence("payment.captured"))


_LETTERS: dict[str, Callable[[ChargeReading], Sentences]] = {
    "two_orders": _orders, "given_back": _given_back, "refund_failed": _failed, "refund_under_way": _under_way,
    "charged_twice": _twice, "charged_more": _looking, "in_parts": _parts, "several_charges": _looking,
    "attempt_failed": _once, "charged_once": _once, "not_charged": _never, "nothing_found": cannot_find,
}  # fmt: skip
"""``sources_disagree``, ``disputed`` and ``which_one`` promise nothing."""

LOOKING = "I am asking our finance team to look at the charges for your order."
PLAIN = {
    "two_orders": "The charges are for different orders.",
    "given_back": "You were charged more than once, and your refund has been sent. " + SORRY,
    "refund_failed": "You were charged more than once. Your refund didn’t go through, and we are looking into it.",
    "refund_under_way": "You were charged more than once, and your refund is under way. " + SORRY,
    "charged_twice": "You were charged more than once. " + SORRY + " We are putting it right.",
    "charged_more": LOOKING, "in_parts": "Your order was charged in parts.", "several_charges": LOOKING,
    "attempt_failed": "We have taken one payment for your order. Another attempt failed.",
    "charged_once": "We have taken one payment for your order. A second line at your bank can be a hold.",
    "not_charged": "We have taken no payment for your order.", "nothing_found": "We can’t " + NOT_FOUND,
}  # fmt: skip


def unverified(r: ChargeReading, name: str) -> tuple[Text, ...]:
    """What may be said to anybody: no amount, no date, no reference."""
    if name == "nothing_found":
        return (plain(ASK if r.m.facts else PLAIN[name]),)
    return (plain(PLAIN[name]), plain(ASK)) if name in PLAIN else ()
