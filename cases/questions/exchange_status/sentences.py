"""The headline, who is next, and what must not be promised. Fixed words hold no digit and no month name."""

from __future__ import annotations

from collections.abc import Callable

from cases.answers import Next, Text, text
from cases.questions.common import values as v
from cases.questions.common.saying import asked_about, nothing_found, plain, reason, ruled, trimmed, when
from cases.questions.exchange_status.reading import ExchangeReading


def number(r: ExchangeReading) -> Text:
    """`` 48-2001``, the replacement's."""
    return text(" {n}", n=v.said(r.replacement, "/number", type_="ref")) if r.replacement else Text()


def send_by(r: ExchangeReading, words: str, long: bool = False) -> Text:
    return ruled(r, words, r.dispatch_due, r.replacement, r.delivery_policy, "dispatch_days", long=long)


def none_placed(r: ExchangeReading) -> Text:
    """Only where the shop was asked completely."""
    return plain(" No replacement order is known.") if r.absence("order.placed") else Text()


def _placed(r: ExchangeReading) -> Text:
    words = " It should have been sent by {d}." if r.over(r.dispatch_due) else " It should be sent by {d}."
    return text("The replacement{n} was ordered{on} and has not been sent yet.{d}", n=number(r),
                on=when(r, r.replacement), d=send_by(r, words))  # fmt: skip


def _trouble(r: ExchangeReading) -> Text:
    assert r.trouble
    words = "The carrier lost the replacement{n}{on}." if r.trouble.data.get("lost") else (
        "The carrier reports a problem with the replacement{n}{on}{why}.")  # fmt: skip
    return text(words, n=number(r), on=when(r, r.trouble), why=reason(r.trouble))


def _rejected(r: ExchangeReading) -> Text:
    assert r.rejected
    return text("The return did not pass inspection{on}{why}.{n}", on=when(r, r.rejected), why=reason(r.rejected),
                n=none_placed(r))  # fmt: skip


def _refunded(r: ExchangeReading) -> Text:
    assert r.money_back
    words = {"refund.paid": "was sent", "refund.submitted": "was handed to the bank"}.get(
        r.money_back.kind, "was approved"
    )
    return text("It goes back as money: a refund of {a} " + words + "{on}.{n}", a=v.money(r.money_back),
                on=when(r, r.money_back), n=none_placed(r))  # fmt: skip


def _received(r: ExchangeReading) -> Text:
    passed = text(" and passed inspection{on}", on=when(r, r.passed)) if r.passed else Text()
    return text("The return arrived{on}{p}.{n}", on=when(r, r.received), p=passed, n=none_placed(r))


def _nothing(r: ExchangeReading) -> Text:
    return text("No order is known for {x}.", x=asked_about(r)) if r.m.facts else nothing_found(r)


HEADLINES: dict[str, Callable[[ExchangeReading], Text]] = {
    "replacement_cancelled": lambda r: text("The replacement{n} was cancelled{on}.", n=number(r),
                                            on=when(r, r.called_off)),
    "replacement_problem": _trouble,
    "replacement_delivered": lambda r: text("The replacement{n} was delivered{on}.", n=number(r),
                                            on=when(r, r.delivered)),
    "replacement_sent": lambda r: text("The replacement{n} was sent{on}.", n=number(r), on=when(r, r.moved)),
    "replacement_placed": _placed, "return_not_passed": _rejected, "refunded_instead": _refunded,
    "return_received": _received,
    "return_under_way": lambda r: text("The return was sent{on}.{n}", on=when(r, r.posted), n=none_placed(r)),
    "return_registered": lambda r: text("The return was registered{on}.{n}", on=when(r, r.registered),
                                        n=none_placed(r)),
    "return_cancelled": lambda r: text("The return was cancelled{on}.{n}", on=when(r, r.return_cancelled),
                                       n=none_placed(r)),
    "no_exchange": lambda r: plain("No return is registered for this order, and no replacement order is known."),
    "nothing_found": _nothing,
}  # fmt: skip

NEXT: dict[str, tuple[str, str]] = {
    "sources_disagree": ("Find out which source is right", "rep"),
    "replacement_cancelled": ("Agree on a new parcel or the money back", "rep"),
    "replacement_problem": ("Agree on a new parcel or the money back", "rep"),
    "replacement_delivered": ("Nothing is due", "nobody"),
    "replacement_sent": ("The carrier delivers the replacement", "carrier"),
    "replacement_placed": ("The shop sends the replacement", "shop"),
    "return_not_passed": ("Say why, and agree on what happens to the item", "rep"),
    "refunded_instead": ("Ask whether a replacement is still wanted", "rep"),
    "return_received": ("Find out whether a replacement was agreed", "rep"),
    "return_under_way": ("The carrier delivers the return", "carrier"),
    "return_registered": ("The customer sends the parcel", "customer"),
    "return_cancelled": ("Ask what was agreed", "rep"), "no_exchange": ("Ask what was agreed", "rep"),
    "nothing_found": ("Ask for an order number", "rep"),
}  # fmt: skip


def next_step(r: ExchangeReading, name: str) -> Next:
    what, who = NEXT[name]
    if name == "replacement_placed":
        words = " was due by {d}" if r.over(r.dispatch_due) else " by {d}"
        return Next(plain(what), who, trimmed(send_by(r, words)))
    return Next(plain(what), who)


def hint(r: ExchangeReading, name: str) -> Text:
    if name in ("return_received", "return_under_way", "return_registered", "no_exchange"):
        return plain("No source tells whether an exchange was agreed: don’t promise a replacement before you know.")
    return Text()
