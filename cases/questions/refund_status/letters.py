"""The sentences of the reply to a customer who is known, for each situation; each rests on facts or checks."""

from __future__ import annotations

from collections.abc import Callable

from cases.answers import Claim, Text, text
from cases.questions.common import values as v
from cases.questions.common.money import paid_letter, sent_letter, window_letter
from cases.questions.common.reading import Reading
from cases.questions.common.returning import not_passed_letter, received_letter
from cases.questions.common.saying import Sentences, cannot_find, promise, say, when, window
from cases.questions.refund_status import sentences
from connectors.host.views import FactView


def draft(r: Reading, name: str) -> tuple[Claim, ...]:
    """What may be sent; empty where nothing is to be promised, or a person must decide first."""
    write = _LETTERS.get(name)
    return tuple(c for c in write(r) if c.facts or c.checks) if write else ()


def _on(r: Reading, fact: FactView | None) -> Text:
    return when(r, fact, long=True)


def _submitted(r: Reading) -> Sentences:
    refund = r.latest("submitted")
    assert refund
    said = text("Your refund of {a} was handed to the bank{on}, which has not confirmed it yet.",
                a=v.money(refund.last), on=_on(r, refund.last))  # fmt: skip
    yield say("submitted", said, refund.last)


def _failed(r: Reading) -> Sentences:
    refund = r.latest("failed")
    assert refund
    said = text("Your refund of {a} could not be paid out{on}, and we are looking into it.", a=v.money(refund.last),
                on=_on(r, refund.last))  # fmt: skip
    yield say("failed", said, refund.last)


def _of(r: Reading) -> Text:
    """`` of €84.90``, where somebody says how much is due."""
    fact = sentences.owed_fact(r)
    return text(" of {a}", a=v.money(fact)) if fact else Text()


def _approved(r: Reading) -> Sentences:
    if r.approval is None:
        yield say(
            "cancelled", text("Your order was cancelled{on}.", on=_on(r, r.cancelled)), r.cancelled, domain="order"
        )
        yield from promise(
            "due", "We send your money back by {d}.", r, r.cancel_due, r.cancelled, r.cancel_policy, "refund_days"
        )
        return
    if r.approval is r.passed:
        yield say("passed", text("Your return passed our inspection{on}.", on=_on(r, r.passed)), r.passed)
    else:
        yield say("approved", text("Your refund{of} is approved.", of=_of(r)), r.approval)
    yield from promise("due", "We send it by {d}.", r, r.refund_due, r.approval, r.refunds_policy, "refund_days")


def _overdue(r: Reading) -> Sentences:
    said = text("Your refund{of} should have been sent by now, and I am sorry that it is late.", of=_of(r))
    yield say("late", said, r.approval or r.cancelled)


def _travelling(r: Reading) -> Sentences:
    fact = r.m.last("return.dispatched")
    said = text(
        "Your return is on its way to us{on}.", on=text(", sent{d}", d=_on(r, fact)) if _on(r, fact) else Text()
    )
    yield say("in_transit", said, fact, domain="warehouse")


def _announced(r: Reading) -> Sentences:
    fact = r.m.last("return.requested") or r.m.last("return.approved")
    wait = Text((", and we wait for your parcel",)) if r.absence("return.received") else Text()
    said = text("Your return was registered{on}{w}.", on=_on(r, fact), w=wait)
    yield say("announced", said, fact, domain="order")


def _cancelled(r: Reading) -> Sentences:
    yield say("cancelled", text("Your order was cancelled{on}.", on=_on(r, r.cancelled)), r.cancelled, domain="order")
    yield from sent_letter(r)


def _credit(r: Reading) -> Sentences:
    fact = r.m.last("credit_note.issued")
    assert fact
    said = text("A credit note of {a} was issued{on}, but no money has been sent yet; I am asking finance.",
                a=v.money(fact), on=_on(r, fact))  # fmt: skip
    yield say("credit_note", said, fact)


def _disputed(r: Reading) -> Sentences:
    yield say(
        "disputed", Text(("Your bank is looking into this payment, and we wait for what it decides.",)), r.dispute
    )


def _lost(r: Reading) -> Sentences:
    yield say("lost", Text(("The carrier lost your parcel, so you get your money back without a return.",)), r.lost,
               r.refunds_policy.fact if r.refunds_policy else None, domain="order")  # fmt: skip


def _register(r: Reading) -> Sentences:
    checks = r.absence("return.requested")
    yield Claim("reply.no_return", Text(("No return is registered for your order yet.",)), "order", (), checks)
    if r.window_end and not r.over(r.window_end):
        said = window(r, "You can register one until {d}.")
        yield say("window", said, domain="policy", rule="return window")


def _outside(r: Reading) -> Sentences:
    yield say("outside", window(r, "The time for returning this order ended on {d}."), domain="policy",
               rule="return window")  # fmt: skip


_LETTERS: dict[str, Callable[[Reading], Sentences]] = {
    "paid": paid_letter, "paid_window_over": window_letter, "cancelled_refunded": _cancelled, "submitted": _submitted,
    "refund_failed": _failed, "approved": _approved, "approved_overdue": _overdue, "cancelled_refund_overdue": _overdue,
    "inspection_due": received_letter, "inspection_overdue": received_letter, "inspection_failed": not_passed_letter,
    "in_transit": _travelling, "announced": _announced, "credit_note_only": _credit, "disputed": _disputed,
    "early_refund_due": _lost, "early_refund_not_allowed": _register, "outside_window": _outside,
    "nothing_found": cannot_find,
}  # fmt: skip
"""``sources_disagree``, ``refunded_twice`` and ``which_one`` promise nothing."""
