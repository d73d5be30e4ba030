"""The headline, who is next, and what must not be promised. Fixed words hold no digit and no month name."""

from __future__ import annotations

from collections.abc import Callable

from cases.answers import Next, Text, text
from cases.questions.common import values as v
from cases.questions.common.saying import asked_about, nothing_found, plain, trimmed, when, window
from cases.questions.return_eligibility.reading import ItemsReading


def clause(r: ItemsReading, name: str) -> Text:
    """`` (RT-7 §3)``, or nothing."""
    terms = r.returns_policy
    return text(" ({c})", c=v.clause(terms.fact, name)) if terms and terms.clause(name) else Text()


def number(r: ItemsReading) -> Text:
    """`` RMA-77120``, or nothing."""
    fact = r.registered
    return text(" {n}", n=v.ref(fact, "return")) if fact and fact.ref("return") else Text()


def excluded(r: ItemsReading) -> Text:
    return text("Not taken back: {i}{c}.", i=r.named(r.excluded), c=clause(r, "excluded_categories"))


def _days(r: ItemsReading) -> Text:
    """How long, where no day can be given."""
    terms = r.returns_policy
    days = terms.get("window_days") if terms else None
    if not terms or not days:
        return Text()
    start = "of the order" if terms.get("window_from") == "order.placed" else "of the delivery"
    unit = "day" if days == 1 else "days"
    said = text(
        f" It can be returned within {{n}} {unit} {start}", n=v.said(terms.fact, "/window_days", type_="number")
    )
    return text("{s}{c}.", s=said, c=clause(r, "window_days"))


def _registered(r: ItemsReading) -> Text:
    return text("Return{n} was registered{on}.", n=number(r), on=when(r, r.registered))


def _back(r: ItemsReading) -> Text:
    return text("Return{n} arrived{on}.", n=number(r), on=when(r, r.received))


def _rest(r: ItemsReading) -> Text:
    return text("Return{n} is registered for a part. The rest can be returned{d}: {i}.", n=number(r),
                d=window(r, " until {d}"), i=r.named(r.rest))  # fmt: skip


def _partly(r: ItemsReading) -> Text:
    return text("The order can be returned{d}, but not all of it. {e}", d=window(r, " until {d}"), e=excluded(r))


def _unknown_day(r: ItemsReading) -> Text:
    day = plain("The day of delivery is not known.") if not r.awaited else plain("How long is not known.")
    return text("{d}{l}", d=day, l=_days(r))


def _nothing(r: ItemsReading) -> Text:
    return text("No order is known for {x}.", x=asked_about(r)) if r.m.facts else nothing_found(r)


HEADLINES: dict[str, Callable[[ItemsReading], Text]] = {
    "cancelled": lambda r: text("There is nothing to return: the order was cancelled{on}.", on=when(r, r.cancelled)),
    "rest_returnable": _rest, "already_back": _back, "already_registered": _registered,
    "lost": lambda r: text("There is nothing to return: the carrier lost the parcel{on}.", on=when(r, r.gone)),
    "not_returnable": excluded,
    "not_delivered": lambda r: text("The parcel has not been delivered yet.{d}", d=_days(r)),
    "window_over": lambda r: text("The time for returning it is over: it ended{d}.", d=window(r, " on {d}")),
    "partly_returnable": _partly,
    "returnable": lambda r: text("It can be returned{d}.", d=window(r, " until {d}")),
    "day_unknown": _unknown_day, "nothing_found": _nothing,
}  # fmt: skip

NEXT: dict[str, tuple[str, str]] = {
    "sources_disagree": ("Find out which source is right", "rep"), "cancelled": ("Nothing is due", "nobody"),
    "rest_returnable": ("The customer registers a return", "customer"),
    "already_back": ("The warehouse inspects the return", "warehouse"),
    "already_registered": ("The customer sends the parcel", "customer"),
    "lost": ("Agree on a new parcel or the money back", "rep"), "not_returnable": ("Nothing is due", "nobody"),
    "not_delivered": ("The carrier delivers the parcel", "carrier"), "window_over": ("Nothing is due", "nobody"),
    "partly_returnable": ("The customer registers a return", "customer"),
    "returnable": ("The customer registers a return", "customer"),
    "day_unknown": ("Ask when the parcel came", "rep"), "nothing_found": ("Ask for an order number", "rep"),
}  # fmt: skip


def next_step(r: ItemsReading, name: str) -> Next:
    what, who = NEXT[name]
    if name == "already_back" and (r.inspected or r.paid):
        return Next(plain("Tell how the inspection went"), "rep")
    due = window(r, " by {d}") if name in ("returnable", "partly_returnable", "rest_returnable") else Text()
    return Next(plain(what), who, trimmed(due))


def hint(r: ItemsReading, name: str) -> Text:
    if name in ("returnable", "partly_returnable", "rest_returnable") and r.refunds_policy:
        return text("{c}: don’t promise a refund before the inspection is passed.",
                    c=v.clause(r.refunds_policy.fact, "early_refund"))  # fmt: skip
    return Text()
