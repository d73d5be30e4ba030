"""The headline, who is next, and what must not be promised. Fixed words hold no digit and no month name."""

from __future__ import annotations

from collections.abc import Callable

from cases.answers import Next, Text, Value, text
from cases.questions.common import values as v
from cases.questions.common.money import bank, failed_headline, shown_by_now
from cases.questions.common.saying import asked_about, nothing_found, plain, when
from cases.questions.double_charge.reading import Charge, ChargeReading


def listed(r: ChargeReading, one: Callable[[Charge], Text]) -> Text:
    """``€84.90 on Mon 2 Nov and €84.90 on Tue 3 Nov``."""
    parts: list[str | Value] = []
    for n, charge in enumerate(r.charges):
        if n:
            parts.append(" and " if n == len(r.charges) - 1 else ", ")
        parts += one(charge).parts
    return Text(tuple(parts))


def taken(r: ChargeReading, long: bool = False) -> Text:
    return listed(r, lambda c: text("{a}{on}", a=v.money(c.fact), on=when(r, c.fact, long)))


def extra(r: ChargeReading) -> Text:
    """What is too much, as a sum over the charges and the order."""
    if r.extra is None:
        return Text()
    facts = tuple(c.fact for c in r.charges)
    inputs = tuple({"fact": f.id, "pointer": "/amount"} for f in facts)
    if r.cost is not None:
        inputs += tuple({"fact": f.id, "pointer": "/total"} for f in r.m.of("order.placed"))
    found = v.total(r.extra, r.one_currency, "charges less what the order cost", facts)
    return Text((Value(found.type, found.value, found.text, found.unit, rule=found.rule, inputs=inputs),))


def _cost(r: ChargeReading) -> Text:
    return text(", and the order cost {t}", t=v.money(r.order, "/total")) if r.order and r.cost is not None else Text()


def _twice(r: ChargeReading) -> Text:
    return text("Charged more than once: {t}{c}. No refund is known yet.", t=taken(r), c=_cost(r))


def _more(r: ChargeReading) -> Text:
    return text("Charged more than it cost: {t}{c}. No refund is known yet.", t=taken(r), c=_cost(r))


def _back(r: ChargeReading) -> Text:
    fact = r.back("paid")[-1].last
    span = bank(r, fact) if r.paid and r.paid.last.id == fact.id else None
    words = " The bank should have shown it by {e}." if shown_by_now(r) else " The bank should show it by {e}."
    return text("Charged more than once: {t}. {a} went back{on}.{b}", t=taken(r), a=v.money(fact), on=when(r, fact),
                b=text(words, e=span[1]) if span else Text())  # fmt: skip


def under_way(r: ChargeReading, long: bool = False) -> Text:
    """How far the refund has got: ``a refund of €84.90 was handed to the bank on Tue 17 Nov``."""
    refund = r.back("approved", "submitted", "paid")[-1]
    words = {"approved": "was approved", "submitted": "was handed to the bank"}.get(refund.status, "was sent")
    return text("a refund of {a} " + words + "{on}", a=v.money(refund.last), on=when(r, refund.last, long))


def _failed(r: ChargeReading) -> Text:
    assert r.failed_refund
    return failed_headline(r, text("Charged more than once: {t}.", t=taken(r)), r.failed_refund)


def _attempt(r: ChargeReading) -> Text:
    assert r.attempt
    return text("Charged once: {t}. Another attempt over {a} failed{on}, and no money was taken for it.", t=taken(r),
                a=v.money(r.attempt), on=when(r, r.attempt))  # fmt: skip


def _nothing(r: ChargeReading) -> Text:
    return text("No order is known for {x}.", x=asked_about(r)) if r.m.facts else nothing_found(r)


HEADLINES: dict[str, Callable[[ChargeReading], Text]] = {
    "two_orders": lambda r: text("The charges are for different orders: {t}.", t=taken(r)),
    "disputed": lambda r: text("Charged more than once: {t}. The customer’s bank has opened a dispute{on}.",
                               t=taken(r), on=when(r, r.dispute)),
    "given_back": _back, "refund_failed": _failed,
    "refund_under_way": lambda r: text("Charged more than once: {t}; {u}.", t=taken(r), u=under_way(r)),
    "charged_twice": _twice, "charged_more": _more,
    "in_parts": lambda r: text("Charged in parts, no more than the order cost: {t}{c}.", t=taken(r), c=_cost(r)),
    "several_charges": lambda r: text("Charged several times: {t}. What the order cost is not known.", t=taken(r)),
    "attempt_failed": _attempt,
    "charged_once": lambda r: text("Charged once: {t}. Finance has no other charge.", t=taken(r)),
    "not_charged": lambda r: plain("Finance has no charge for this order."), "nothing_found": _nothing,
}  # fmt: skip

NEXT: dict[str, tuple[str, str]] = {
    "sources_disagree": ("Find out which source is right", "rep"),
    "two_orders": ("Ask whether both orders were meant", "rep"),
    "disputed": ("The bank decides the dispute", "bank"), "given_back": ("The bank shows the refund", "bank"),
    "refund_failed": ("Finance sends the refund again", "finance"),
    "refund_under_way": ("Finance sends the refund", "finance"),
    "charged_twice": ("Ask finance to give the extra charge back", "rep"),
    "charged_more": ("Ask finance to look at the charges", "rep"), "in_parts": ("Nothing is due", "nobody"),
    "several_charges": ("Ask finance to look at the charges", "rep"), "attempt_failed": ("Nothing is due", "nobody"),
    "charged_once": ("Ask for a picture of both lines at the bank", "rep"),
    "not_charged": ("Ask for a picture of the lines at the bank", "rep"),
    "nothing_found": ("Ask for an order number", "rep"),
}  # fmt: skip


def next_step(r: ChargeReading, name: str) -> Next:
    what, who = NEXT[name]
    if name == "refund_under_way" and r.back("approved", "submitted", "paid")[-1].status != "approved":
        what, who = "The bank confirms the refund", "bank"
        if r.back("approved", "submitted", "paid")[-1].status == "paid":
            what, who = "Ask finance whether the rest goes back", "rep"
    return Next(plain(what), who)


def hint(r: ChargeReading, name: str) -> Text:
    if name in ("charged_once", "attempt_failed"):
        return plain("A second line at the bank can be a hold that ends by itself. No source tells of holds.")
    if name == "disputed":
        return plain("Don’t promise a refund while the dispute is open: the money could go back twice.")
    if name in ("refund_under_way", "given_back") and r.for_other_reasons:
        return plain("The order was sent back or cancelled as well: ask finance what each refund is for.")
    return Text()
