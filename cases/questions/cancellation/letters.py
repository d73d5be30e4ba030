"""The reply to the customer for each situation: for one who is known, and for anybody."""

from __future__ import annotations

from collections.abc import Callable

from cases.answers import Claim, Text, text
from cases.questions.cancellation import sentences
from cases.questions.cancellation.reading import CancelReading
from cases.questions.common import values as v
from cases.questions.common.money import sent_letter, shown_by_now
from cases.questions.common.saying import ASK, NOT_FOUND, Sentences, cannot_find, plain, promise, say, when, window


def draft(r: CancelReading, name: str) -> tuple[Claim, ...]:
    """What may be sent; empty where a person must decide first."""
    write = _LETTERS.get(name)
    return tuple(c for c in write(r) if c.facts or c.checks) if write else ()


def _cancelled(r: CancelReading) -> Sentences:
    said = text("Your order was cancelled{on}.", on=when(r, r.cancelled, long=True))
    yield say("cancelled", said, r.cancelled, domain="order")


def _refunded(r: CancelReading) -> Sentences:
    yield from _cancelled(r)
    yield from sent_letter(r)


def _unpaid(r: CancelReading) -> Sentences:
    yield from _cancelled(r)
    checks = r.absence("payment.captured")
    yield Claim("reply.unpaid", plain("We took no payment for it, so nothing is due to you."), "finance", (), checks)


def _due(r: CancelReading) -> Sentences:
    yield from _cancelled(r)
    if submitted := r.latest("submitted"):
        said = text("Your refund of {a} was handed to the bank{on}, which has not confirmed it yet.",
                    a=v.money(submitted.last), on=when(r, submitted.last, long=True))  # fmt: skip
        yield say("submitted", said, submitted.last)
        return
    words = "We send your money back by {d}."
    yield from promise("due", words, r, r.cancel_due, r.cancelled, r.cancel_policy, "refund_days")


def _overdue(r: CancelReading) -> Sentences:
    yield from _cancelled(r)
    late = "Your money should have been sent back by now, and I am sorry that it is late. We are looking into it."
    yield say("late", plain(late), r.cancelled, r.captured)


def _failed(r: CancelReading) -> Sentences:
    yield from _cancelled(r)
    fact = r.refunds[-1].last
    said = text("Your refund of {a} could not be paid out{on}, and we are looking into it.", a=v.money(fact),
                on=when(r, fact, long=True))  # fmt: skip
    yield say("failed", said, fact)


def _lost(r: CancelReading) -> Sentences:
    said = "I am sorry: the carrier has lost your parcel, so there is nothing left to cancel. Would you like a new "
    yield say("lost", plain(said + "parcel, or your money back?"), r.gone, domain="order")


def _delivered(r: CancelReading) -> Sentences:
    said = text("Your order was delivered{on}, so it can’t be cancelled any more.", on=when(r, r.delivered, long=True))
    yield say("delivered", said, r.delivered, domain="order")
    words = "You can return it, though: please register the return by {d}."
    if r.over(r.window_end):
        words = "The time for returning it ended on {d}."
    yield say("window", window(r, words, long=True), domain="policy", rule="return window")


def _sent(r: CancelReading) -> Sentences:
    said = text("Your parcel left us{on}, so the order can’t be cancelled any more.", on=when(r, r.moved, long=True))
    yield say("sent", said, r.moved, domain="order")
    terms = r.returns_policy
    days = terms.get("window_days") if terms else None
    if terms and days:
        words = "Once it has come, you have {n} days to send it back."
        if terms.get("window_from") == "order.placed":
            words = "You can send it back within {n} days of the order."
        said = text(words, n=v.said(terms.fact, "/window_days", type_="number"))
        yield say("return", said, domain="policy", rule="return window")


def _over(r: CancelReading) -> Sentences:
    words = "Your order could be cancelled until {d}. It has not left us yet, so I am asking whether it can be stopped."
    yield say("over", sentences.until(r, words, long=True), domain="policy", rule="cancellation days")


def _can(r: CancelReading) -> Sentences:
    checks = r.absence("shipment.dispatched")
    said = "Your order has not left us yet, so we can still cancel it. Shall we?"
    yield Claim("reply.can_cancel", plain(said), "order", (), checks)
    terms = r.cancel_policy
    if r.captured and terms and terms.get("refund_days"):
        unit = "day" if terms.get("refund_days") == 1 else "days"
        said_back = text(f"Your money then comes back within {{n}} working {unit}.",
                         n=v.said(terms.fact, "/refund_days", type_="number"))  # fmt: skip
        yield say("money", said_back, r.captured, domain="policy", rule="refund days")
    words = "Please tell us by {d}; once it has been sent, it can’t be cancelled any more."
    yield from promise("until", words, r, r.cancel_until, r.order, r.cancel_policy, "cancel_days")


_LETTERS: dict[str, Callable[[CancelReading], Sentences]] = {
    "cancelled_refund_failed": _failed, "cancelled_refunded": _refunded, "cancelled_unpaid": _unpaid,
    "cancelled_refund_overdue": _overdue, "cancelled_refund_due": _due, "cancelled": _cancelled, "lost": _lost,
    "delivered": _delivered, "sent": _sent, "window_over": _over, "can_cancel": _can, "nothing_found": cannot_find,
}  # fmt: skip
"""``sources_disagree``, ``cancelled_but_sent`` and ``which_one`` promise nothing."""

PLAIN = {
    "cancelled_refund_failed": "Your order is cancelled. Your refund didn’t go through, and we are looking into it.",
    "cancelled_refunded": "Your order is cancelled and your refund has been sent.",
    "cancelled_unpaid": "Your order is cancelled.",
    "cancelled_refund_overdue": "Your order is cancelled. Your refund is late, and we are looking into it.",
    "cancelled_refund_due": "Your order is cancelled and your refund will be sent.",
    "cancelled": "Your order is cancelled.",
    "lost": "The carrier has lost your parcel, so there is nothing left to cancel. We put it right.",
    "delivered": "Your order has been delivered, so it can’t be cancelled any more.",
    "sent": "Your parcel has left us, so the order can’t be cancelled any more.",
    "window_over": "The time for cancelling is over. We are asking whether your order can still be stopped.",
    "can_cancel": "Your order has not left us yet, so it can still be cancelled.",
    "nothing_found": "We can’t " + NOT_FOUND,
}  # fmt: skip


def unverified(r: CancelReading, name: str) -> tuple[Text, ...]:
    """What may be said to anybody: no amount, no date, no reference."""
    if name == "nothing_found":
        return (plain(ASK if r.m.facts else PLAIN[name]),)
    said = PLAIN.get(name)
    if name == "cancelled_refunded" and shown_by_now(r):
        said = "Your order is cancelled and your refund has been sent. We will help you to trace it with your bank."
    return (plain(said), plain(ASK)) if said else ()
