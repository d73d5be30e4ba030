"""The headline, who is next, and what must not be promised. Fixed words hold no digit and no month name."""

from __future__ import annotations

from collections.abc import Callable

from cases.answers import Next, Text, text
from cases.questions.cancellation.reading import CancelReading
from cases.questions.common import values as v
from cases.questions.common.money import failed_headline, sent_headline, sent_next
from cases.questions.common.saying import asked_about, nothing_found, plain, ruled, trimmed, when, window


def until(r: CancelReading, words: str, long: bool = False) -> Text:
    """The last day for cancelling."""
    return ruled(r, words, r.cancel_until, r.order, r.cancel_policy, "cancel_days", long=long)


def refund_by(r: CancelReading, words: str) -> Text:
    return ruled(r, words, r.cancel_due, r.cancelled, r.cancel_policy, "refund_days")


def _cancelled(r: CancelReading) -> Text:
    return text("The order was cancelled{on}.", on=when(r, r.cancelled))


def _money(r: CancelReading) -> Text:
    """What is due: as finance approved it, or else what was paid."""
    fact = r.refunds[-1].last if r.refunds else r.captured
    return text("{a}", a=v.money(fact)) if fact else plain("The money")


def _refund_due(r: CancelReading) -> Text:
    if submitted := r.latest("submitted"):
        said = text("{a} was handed to the bank{on}.", a=v.money(submitted.last), on=when(r, submitted.last))
        return text("{c} {s}", c=_cancelled(r), s=said)
    by = refund_by(r, " by {d}") or plain(" soon")
    return text("{c} {a} should be sent{b}.", c=_cancelled(r), a=_money(r), b=by)


def _delivered(r: CancelReading) -> Text:
    words = " The time for returning it ended on {d}." if r.over(r.window_end) else " It can be returned until {d}."
    return text("It is too late to cancel: the parcel was delivered{on}.{w}", on=when(r, r.delivered),
                w=window(r, words))  # fmt: skip


def _can(r: CancelReading) -> Text:
    return until(r, "The order has not been sent. It can be cancelled until {d}.") or plain(
        "The order has not been sent, so it can be cancelled."
    )


def _nothing(r: CancelReading) -> Text:
    return text("No order is known for {x}.", x=asked_about(r)) if r.m.facts else nothing_found(r)


HEADLINES: dict[str, Callable[[CancelReading], Text]] = {
    "cancelled_but_sent": lambda r: text("The order was cancelled{on}, but a parcel was sent{s}.",
                                         on=when(r, r.cancelled), s=when(r, r.moved)),
    "cancelled_refund_failed": lambda r: failed_headline(r, _cancelled(r), r.refunds[-1]),
    "cancelled_refunded": lambda r: text("{c} {p}", c=_cancelled(r), p=sent_headline(r)),
    "cancelled_unpaid": lambda r: text("{c} No payment was taken, so no money is due.", c=_cancelled(r)),
    "cancelled_refund_overdue": lambda r: text("{c} {a} should have been sent{b}.", c=_cancelled(r), a=_money(r),
                                               b=refund_by(r, " by {d}")),
    "cancelled_refund_due": _refund_due, "cancelled": _cancelled,
    "lost": lambda r: text("There is nothing to cancel: the carrier lost the parcel{on}.", on=when(r, r.gone)),
    "delivered": _delivered,
    "sent": lambda r: text("It is too late to cancel: the parcel was sent{on}. It can be returned once it has come.",
                           on=when(r, r.moved)),
    "window_over": lambda r: until(r, "The order has not been sent, but it could be cancelled only until {d}."),
    "can_cancel": _can, "nothing_found": _nothing,
}  # fmt: skip

NEXT: dict[str, tuple[str, str]] = {
    "sources_disagree": ("Find out which source is right", "rep"),
    "cancelled_but_sent": ("Agree on what happens to the parcel", "rep"),
    "cancelled_refund_failed": ("Finance sends the refund again", "finance"),
    "cancelled_refunded": ("The bank shows the refund", "bank"), "cancelled_unpaid": ("Nothing is due", "nobody"),
    "cancelled_refund_overdue": ("Finance sends the refund", "finance"),
    "cancelled_refund_due": ("Finance sends the refund", "finance"),
    "cancelled": ("Find out whether it was paid", "rep"),
    "lost": ("Agree on a new parcel or the money back", "rep"),
    "delivered": ("The customer registers a return", "customer"),
    "sent": ("The carrier delivers the parcel", "carrier"),
    "window_over": ("Ask the shop whether it can still be stopped", "rep"),
    "can_cancel": ("Cancel the order in the shop", "rep"), "nothing_found": ("Ask for an order number", "rep"),
}  # fmt: skip


def next_step(r: CancelReading, name: str) -> Next:
    what, who = NEXT[name]
    due = Text()
    if name == "cancelled_refunded" and r.paid:
        return sent_next(r)
    if name == "cancelled_refund_due" and r.latest("submitted"):
        what, who = "The bank confirms the refund", "bank"
    elif name in ("cancelled_refund_due", "cancelled_refund_overdue"):
        due = trimmed(refund_by(r, " was due by {d}" if name.endswith("overdue") else " by {d}"))
    elif name == "can_cancel":
        due = trimmed(until(r, " by {d}"))
    elif name == "delivered":
        if r.over(r.window_end):
            return Next(plain("Nothing is due"), "nobody")
        due = trimmed(window(r, " by {d}"))
    return Next(plain(what), who, due)


def hint(r: CancelReading, name: str) -> Text:
    if name in ("can_cancel", "window_over") and r.cancel_policy:
        return text("{c}: don’t promise it before the shop has cancelled the order.",
                    c=v.clause(r.cancel_policy.fact, "cancel_days"))  # fmt: skip
    return Text()
