"""The headline and who is next. Fixed words hold no digit and no month name."""

from __future__ import annotations

from collections.abc import Callable

from cases.answers import Next, Text, Value, text
from cases.questions.common import values as v
from cases.questions.common.saying import asked_about, plain, trimmed, window
from cases.questions.policy_question.quoting import days, where
from cases.questions.policy_question.reading import TermsReading


def _terms(r: TermsReading) -> Text:
    """``30 days from the delivery, by RT-7 §1, version 2, in force since 1 Oct.``"""
    fact = r.versions[0]
    return text("{n}, by {w}.", n=days(fact), w=where(r, fact))


def _either(r: TermsReading) -> Text:
    """Every version that could apply, with its days."""
    parts: list[str | Value] = []
    for fact in r.versions:
        if isinstance(fact.data.get("window_days"), int):
            parts += [" or "] if parts else []
            parts += text("{n} ({w})", n=days(fact), w=where(r, fact)).parts
    return Text(tuple(parts))


def _ended(r: TermsReading) -> Text:
    return text("{t}{d}", t=_terms(r), d=window(r, " For this order that ended on {d}."))


def _ahead(r: TermsReading) -> Text:
    known = r.m.of("shipment.delivered") or r.versions[0].data.get("window_from") == "order.placed"
    later = " The day on which it begins is not known." if known else " No delivery is known yet."
    return text("{t}{l}", t=_terms(r), l=plain(later))


HEADLINES: dict[str, Callable[[TermsReading], Text]] = {
    "no_terms": lambda r: plain("No terms on returns are known to be in force for this."),
    "version_unsure": lambda r: text("It depends on the day of the order, which is not known: {e}.", e=_either(r)),
    "window_over": _ended,
    "window_open": lambda r: text("{t}{d}", t=_terms(r), d=window(r, " For this order that is until {d}.")),
    "window_ahead": _ahead,
    "order_unknown": lambda r: text("{t} No order is known for {x}.", t=_terms(r), x=asked_about(r)),
    "in_force_now": _terms,
}  # fmt: skip

NEXT: dict[str, tuple[str, str]] = {
    "sources_disagree": ("Find out which source is right", "rep"),
    "no_terms": ("Ask who keeps the terms", "rep"), "version_unsure": ("Find out when the order was placed", "rep"),
    "window_over": ("Nothing is due", "nobody"), "window_open": ("The customer registers a return", "customer"),
    "window_ahead": ("The parcel is delivered", "carrier"), "order_unknown": ("Ask for an order number", "rep"),
    "in_force_now": ("Nothing is due", "nobody"),
}  # fmt: skip


def next_step(r: TermsReading, name: str) -> Next:
    what, who = NEXT[name]
    if r.cancelled and name in ("window_open", "window_ahead"):
        return Next(plain("Nothing is due"), "nobody")
    if name == "window_ahead" and r.m.of("shipment.delivered"):
        return Next(plain("Find out when it was delivered"), "rep")
    return Next(plain(what), who, trimmed(window(r, " by {d}")) if name == "window_open" else Text())


def hint(r: TermsReading, name: str) -> Text:
    terms = r.returns_policy
    marked = "excluded_categories" in ((terms.fact.data.get("clauses") or {}) if terms else {})
    if terms and marked and terms.fact.data.get("excluded_categories") and name.startswith("window"):
        return text("{c} leaves some things out: look at what was ordered before you say yes.",
                    c=v.clause(terms.fact, "excluded_categories"))  # fmt: skip
    return Text()
