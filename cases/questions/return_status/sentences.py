"""The headline, who is next, and what must not be promised. Fixed words hold no digit and no month name."""

from __future__ import annotations

from collections.abc import Callable

from cases.answers import Next, Text, text
from cases.questions.common import values as v
from cases.questions.common.money import failed_headline, sent_headline, sent_next
from cases.questions.common.saying import asked_about, nothing_found, plain, reason, ruled, trimmed, when, window
from cases.questions.return_status.reading import ReturnReading


def inspect_by(r: ReturnReading, words: str) -> Text:
    return ruled(r, words, r.inspection_due, r.received, r.returns_policy, "inspection_days")


def refund_by(r: ReturnReading, words: str) -> Text:
    return ruled(r, words, r.refund_due, r.approval, r.refunds_policy, "refund_days")


def arrive_by(r: ReturnReading, words: str, long: bool = False) -> Text:
    return ruled(r, words, r.arrival_due, r.posted, r.returns_policy, "arrival_days", long=long)


def not_here(r: ReturnReading, words: str) -> Text:
    """Only where the warehouse was asked completely."""
    return plain(words) if r.absence("return.received") else Text()


def _came(r: ReturnReading) -> Text:
    return text("The return arrived{on}.", on=when(r, r.received))


def _passed(r: ReturnReading) -> Text:
    lead = text("The return arrived{on} and passed inspection{i}.", on=when(r, r.received), i=when(r, r.passed))
    if submitted := r.latest("submitted"):
        return text("{l} {a} was handed to the bank{on}.", l=lead, a=v.money(submitted.last),
                    on=when(r, submitted.last))  # fmt: skip
    return text("{l}{b}", l=lead, b=refund_by(r, " The refund should be sent by {d}."))


def _rejected(r: ReturnReading) -> Text:
    assert r.rejected
    came = text(" arrived{on} and", on=when(r, r.received)) if r.received else Text()
    return text("The return{c} did not pass inspection{on}{why}.", c=came, on=when(r, r.rejected),
                why=reason(r.rejected))  # fmt: skip


def _travelling(r: ReturnReading) -> Text:
    return text("The return was sent{on}.{d}{n}", on=when(r, r.posted), d=arrive_by(r, " It should arrive by {d}."),
                n=not_here(r, " It has not reached the warehouse yet."))  # fmt: skip


def _overdue(r: ReturnReading) -> Text:
    return text("The return was sent{on}.{d}{n}", on=when(r, r.posted),
                d=arrive_by(r, " It should have arrived by {d}."),
                n=not_here(r, " It has not reached the warehouse."))  # fmt: skip


def _none(r: ReturnReading) -> Text:
    words = " One could be registered until {d}." if r.over(r.window_end) else " One can be registered until {d}."
    return text("No return is registered for this order.{w}", w=window(r, words))


def _nothing(r: ReturnReading) -> Text:
    return text("No return is known for {x}.", x=asked_about(r)) if r.m.facts else nothing_found(r)


HEADLINES: dict[str, Callable[[ReturnReading], Text]] = {
    "inspection_failed": _rejected,
    "refunded": lambda r: text("{c} {p}", c=_came(r), p=sent_headline(r)),
    "refund_failed": lambda r: failed_headline(r, _came(r), r.refunds[-1]),
    "refund_overdue": lambda r: text("The return passed inspection{on}.{d}", on=when(r, r.passed),
                                     d=refund_by(r, " The refund should have been sent by {d}.")),
    "inspection_passed": _passed,
    "inspection_overdue": lambda r: text("{c}{d}", c=_came(r),
                                         d=inspect_by(r, " It should have been inspected by {d}.")),
    "arrived": lambda r: text("{c}{d}", c=_came(r), d=inspect_by(r, " Inspection is due by {d}.") or
                              plain(" Inspection is next.")),
    "arrival_overdue": _overdue, "in_transit": _travelling,
    "announced": lambda r: text("The return was registered{on}.{n}", on=when(r, r.registered),
                                n=not_here(r, " Nothing has reached the warehouse yet.")),
    "return_cancelled": lambda r: text("The return was cancelled{on}.", on=when(r, r.m.last("return.cancelled"))),
    "no_return": _none, "nothing_found": _nothing,
}  # fmt: skip

NEXT: dict[str, tuple[str, str]] = {
    "sources_disagree": ("Find out which source is right", "rep"),
    "inspection_failed": ("Say why, and agree on what happens to the item", "rep"),
    "refunded": ("The bank shows the refund", "bank"), "refund_failed": ("Finance sends the refund again", "finance"),
    "refund_overdue": ("Finance sends the refund", "finance"),
    "inspection_passed": ("Finance sends the refund", "finance"),
    "inspection_overdue": ("The warehouse inspects the return", "warehouse"),
    "arrived": ("The warehouse inspects the return", "warehouse"),
    "arrival_overdue": ("Ask for the receipt, and the carrier for the parcel", "rep"),
    "in_transit": ("The carrier delivers the return", "carrier"),
    "announced": ("The customer sends the parcel", "customer"),
    "return_cancelled": ("Ask whether the parcel was sent all the same", "rep"),
    "no_return": ("The customer registers a return", "customer"),
    "nothing_found": ("Ask for an order number", "rep"),
}  # fmt: skip


def next_step(r: ReturnReading, name: str) -> Next:
    what, who = NEXT[name]
    due = Text()
    if name == "refunded" and r.paid:
        return sent_next(r)
    if name == "inspection_passed" and r.latest("submitted"):
        what, who = "The bank confirms the refund", "bank"
    elif name in ("inspection_passed", "refund_overdue"):
        due = refund_by(r, " was due by {d}" if name == "refund_overdue" else " by {d}")
    elif name in ("arrived", "inspection_overdue"):
        due = inspect_by(r, " was due by {d}" if name == "inspection_overdue" else " by {d}")
    elif name == "in_transit":
        due = arrive_by(r, " by {d}")
    elif name == "no_return" and r.over(r.window_end):
        what, who = "Nothing is due", "nobody"
    elif name == "no_return":
        due = window(r, " by {d}")
    return Next(plain(what), who, trimmed(due))


def hint(r: ReturnReading, name: str) -> Text:
    if name in ("arrived", "inspection_overdue", "in_transit", "announced") and r.refunds_policy:
        return text("{c}: don’t promise a refund before the inspection is passed.",
                    c=v.clause(r.refunds_policy.fact, "early_refund"))  # fmt: skip
    return Text()
