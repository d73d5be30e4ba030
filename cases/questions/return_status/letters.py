"""The reply to the customer for each situation: for one who is known, and for anybody."""

from __future__ import annotations

from collections.abc import Callable

from cases.answers import Claim, Text, text
from cases.questions.common import values as v
from cases.questions.common.money import sent_letter
from cases.questions.common.returning import not_passed_letter, received_letter
from cases.questions.common.saying import ASK, NOT_FOUND, Sentences, cannot_find, plain, promise, say, when, window
from cases.questions.return_status import sentences
from cases.questions.return_status.reading import ReturnReading


def draft(r: ReturnReading, name: str) -> tuple[Claim, ...]:
    """What may be sent; empty where a person must decide first."""
    write = _LETTERS.get(name)
    return tuple(c for c in write(r) if c.facts or c.checks) if write else ()


def _refunded(r: ReturnReading) -> Sentences:
    came = text("Yes, your return arrived{on}.", on=when(r, r.received, long=True))
    yield say("arrived", came, r.here, domain="warehouse")
    yield from sent_letter(r)


def _failed(r: ReturnReading) -> Sentences:
    fact = r.refunds[-1].last
    came = text("Yes, your return arrived{on}.", on=when(r, r.received, long=True))
    yield say("arrived", came, r.here, domain="warehouse")
    said = text("Your refund of {a} could not be paid out{on}, and we are looking into it.", a=v.money(fact),
                on=when(r, fact, long=True))  # fmt: skip
    yield say("failed", said, fact)


def _passed(r: ReturnReading) -> Sentences:
    said = text("Yes, your return arrived{on} and has passed our inspection.", on=when(r, r.received, long=True))
    yield say("passed", said, r.passed, r.received, domain="warehouse")
    if submitted := r.latest("submitted"):
        handed = text("Your refund of {a} was handed to the bank{on}, which has not confirmed it yet.",
                      a=v.money(submitted.last), on=when(r, submitted.last, long=True))  # fmt: skip
        yield say("submitted", handed, submitted.last)
        return
    words = "We send your money back by {d}."
    yield from promise("due", words, r, r.refund_due, r.approval, r.refunds_policy, "refund_days")


def _overdue(r: ReturnReading) -> Sentences:
    said = text("Your return passed our inspection{on}.", on=when(r, r.passed, long=True))
    yield say("passed", said, r.passed, domain="warehouse")
    late = "Your money should have been sent by now, and I am sorry that it is late. We are looking into it."
    yield say("late", plain(late), r.passed)


def _late_inspection(r: ReturnReading) -> Sentences:
    yield from received_letter(r)
    late = "The inspection should be finished by now, and I am sorry that it is not. We are looking into it."
    yield say("late", plain(late), r.received, domain="warehouse")


def _travelling(r: ReturnReading) -> Sentences:
    said = text("Your return was sent{on} and is on its way to us.", on=when(r, r.posted, long=True))
    yield say("in_transit", said, r.posted, domain="warehouse")
    words = "It should reach us by {d}."
    yield from promise("arrives", words, r, r.arrival_due, r.posted, r.returns_policy, "arrival_days")


def _missing(r: ReturnReading) -> Sentences:
    said = text("Your return was sent{on}{d}.", on=when(r, r.posted, long=True),
                d=sentences.arrive_by(r, " and should have reached us by {d}", long=True))  # fmt: skip
    yield say("sent", said, r.posted, domain="warehouse")
    if checks := r.absence("return.received"):
        yield Claim("reply.missing", plain("It has not come in yet."), "warehouse", (), checks)
    asked = "Do you still have the receipt of the parcel? With its number we can ask the carrier."
    yield say("receipt", plain(asked), r.posted, domain="warehouse")


def _announced(r: ReturnReading) -> Sentences:
    wait = plain(", and we wait for your parcel") if r.absence("return.received") else Text()
    said = text("Your return was registered{on}{w}.", on=when(r, r.registered, long=True), w=wait)
    yield say("announced", said, r.registered or r.m.facts[-1], domain="order")
    if wait:
        asked = "If you have sent it already, please tell us when and with which carrier."
        yield say("sent", plain(asked), r.registered or r.m.facts[-1], domain="order")


def _cancelled(r: ReturnReading) -> Sentences:
    fact = r.m.last("return.cancelled")
    said = text("This return was cancelled{on}.", on=when(r, fact, long=True))
    yield say("cancelled", said, fact, domain="order")
    yield say("sent", plain("If you have sent the parcel all the same, please tell us."), fact, domain="order")


def _none(r: ReturnReading) -> Sentences:
    checks = r.absence("return.requested")
    yield Claim("reply.no_return", plain("No return is registered for your order."), "order", (), checks)
    words = "The time for one ended on {d}." if r.over(r.window_end) else "You can register one until {d}."
    yield say("window", window(r, words, long=True), domain="policy", rule="return window")
    asked = "If you have sent something back already, please tell us when and with which carrier."
    yield Claim("reply.sent", plain(asked), "order", (), checks)


_LETTERS: dict[str, Callable[[ReturnReading], Sentences]] = {
    "inspection_failed": not_passed_letter, "refunded": _refunded, "refund_failed": _failed,
    "refund_overdue": _overdue, "inspection_passed": _passed, "inspection_overdue": _late_inspection,
    "arrived": received_letter, "arrival_overdue": _missing, "in_transit": _travelling, "announced": _announced,
    "return_cancelled": _cancelled, "no_return": _none, "nothing_found": cannot_find,
}  # fmt: skip
"""``sources_disagree`` and ``which_one`` promise nothing."""

PLAIN = {
    "inspection_failed": "Your return has arrived. It did not pass our inspection.",
    "refunded": "Your return has arrived and your refund has been sent.",
    "refund_failed": "Your return has arrived. Your refund didn’t go through, and we are looking into it.",
    "refund_overdue": "Your return has passed our inspection. Your refund is late, and we are looking into it.",
    "inspection_passed": "Your return has arrived and passed our inspection. Your refund is next.",
    "inspection_overdue": "Your return has arrived. Its inspection is late, and we are looking into it.",
    "arrived": "Your return has arrived and will be inspected next.",
    "arrival_overdue": "Your return is later than it should be. Do you still have the receipt of the parcel?",
    "in_transit": "Your return is on its way to us.", "announced": "Your return is registered.",
    "return_cancelled": "This return was cancelled. If you have sent the parcel all the same, please tell us.",
    "no_return": "No return is registered for your order.", "nothing_found": "We can’t " + NOT_FOUND,
}  # fmt: skip


def unverified(r: ReturnReading, name: str) -> tuple[Text, ...]:
    """What may be said to anybody: no amount, no date, no reference."""
    if name == "nothing_found":
        return (plain(ASK if r.m.facts else PLAIN[name]),)
    return (plain(PLAIN[name]), plain(ASK)) if name in PLAIN else ()
