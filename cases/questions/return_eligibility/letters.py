"""The reply to the customer for each situation: for one who is known, and for anybody."""

from __future__ import annotations

from collections.abc import Callable

from cases.answers import Claim, Text, text
from cases.questions.common import values as v
from cases.questions.common.saying import ASK, NOT_FOUND, Sentences, cannot_find, plain, say, when, window
from cases.questions.return_eligibility import sentences
from cases.questions.return_eligibility.reading import ItemsReading

WRONG = "If something is wrong with it, please tell us what, and we look into it."


def draft(r: ItemsReading, name: str) -> tuple[Claim, ...]:
    """What may be sent; empty where a person must decide first."""
    write = _LETTERS.get(name)
    return tuple(c for c in write(r) if c.facts or c.checks) if write else ()


def _window(r: ItemsReading, words: str) -> Claim:
    return say("window", window(r, words, long=True), domain="policy", rule="return window")


def _inspection(r: ItemsReading) -> Sentences:
    """What happens then: as long as the policy says, and no day, since nothing has come yet."""
    terms = r.returns_policy
    days = terms.get("inspection_days") if terms else None
    if terms and days:
        unit = "day" if days == 1 else "days"
        said = text(f"Once it has reached us, we inspect it within {{n}} working {unit}.",
                    n=v.said(terms.fact, "/inspection_days", type_="number"))  # fmt: skip
        yield say("inspection", said, domain="policy", rule="inspection days")


def _returnable(r: ItemsReading) -> Sentences:
    yield _window(r, "Yes, you can return it: please register the return by {d}.")
    yield from _inspection(r)


def _excluded(r: ItemsReading) -> Claim:
    """By its clause, so that nobody has to argue about it."""
    assert r.order and r.returns_policy
    said = text(
        "Our terms leave this out of returns: {i}{c}.",
        i=r.named(r.excluded),
        c=sentences.clause(r, "excluded_categories"),
    )
    return say("excluded", said, r.order, r.returns_policy.fact, domain="policy", rule="excluded_categories")


def _partly(r: ItemsReading) -> Sentences:
    yield _window(r, "Yes, you can return a part of it: please register the return by {d}.")
    yield _excluded(r)
    yield from _inspection(r)


def _not_returnable(r: ItemsReading) -> Sentences:
    yield _excluded(r)
    yield say("wrong", plain(WRONG), r.order, domain="order")


def _rest(r: ItemsReading) -> Sentences:
    yield _registered_already(r)
    said = text("You can return the rest as well{d}: {i}.", d=window(r, " until {d}", long=True), i=r.named(r.rest))
    yield say("rest", said, domain="policy", rule="return window")


def _registered_already(r: ItemsReading) -> Claim:
    said = text("Your return{n} was registered{on}.", n=sentences.number(r), on=when(r, r.registered, long=True))
    return say("registered", said, r.registered or r.m.facts[-1], domain="order")


def _registered(r: ItemsReading) -> Sentences:
    yield _registered_already(r)
    if checks := r.absence("return.received"):
        yield Claim("reply.send", plain("Please send the parcel, if you have not yet."), "warehouse", (), checks)


def _back(r: ItemsReading) -> Sentences:
    said = text("Your return{n} reached us{on}.", n=sentences.number(r), on=when(r, r.received, long=True))
    yield say("back", said, r.received, domain="warehouse")


def _cancelled(r: ItemsReading) -> Sentences:
    said = text("Your order was cancelled{on}, so there is nothing to return.", on=when(r, r.cancelled, long=True))
    yield say("cancelled", said, r.cancelled, domain="order")


def _lost(r: ItemsReading) -> Sentences:
    said = "I am sorry: the carrier has lost your parcel, so there is nothing to return. Would you like a new parcel, "
    yield say("lost", plain(said + "or your money back?"), r.gone, domain="order")


def _not_delivered(r: ItemsReading) -> Sentences:
    checks = r.absence("shipment.delivered")
    yield Claim("reply.not_delivered", plain("Your parcel has not been delivered yet."), "order", (), checks)
    terms = r.returns_policy
    days = terms.get("window_days") if terms else None
    if terms and days:
        unit = "day" if days == 1 else "days"
        said = text(f"From the day on which it comes you have {{n}} {unit} to return it.",
                    n=v.said(terms.fact, "/window_days", type_="number"))  # fmt: skip
        yield say("window", said, domain="policy", rule="return window")


def _over(r: ItemsReading) -> Sentences:
    yield _window(r, "The time for returning this order ended on {d}.")
    yield say("wrong", plain(WRONG), r.order, domain="order")


def _unknown_day(r: ItemsReading) -> Sentences:
    yield say("day", plain("Whether you can still return it depends on the day it came. When was that?"), r.order,
              domain="order")  # fmt: skip


_LETTERS: dict[str, Callable[[ItemsReading], Sentences]] = {
    "cancelled": _cancelled, "rest_returnable": _rest, "already_back": _back, "already_registered": _registered,
    "lost": _lost, "not_returnable": _not_returnable, "not_delivered": _not_delivered, "window_over": _over,
    "partly_returnable": _partly, "returnable": _returnable, "day_unknown": _unknown_day, "nothing_found": cannot_find,
}  # fmt: skip
"""``sources_disagree`` and ``which_one`` promise nothing."""

PLAIN = {
    "cancelled": "Your order was cancelled, so there is nothing to return.",
    "rest_returnable": "A return is registered for a part of your order. You can return the rest as well.",
    "already_back": "Your return has reached us already.", "already_registered": "Your return is registered already.",
    "lost": "The carrier has lost your parcel, so there is nothing to return. We put it right.",
    "not_returnable": "Our terms leave this out of returns. " + WRONG,
    "not_delivered": "Your parcel has not been delivered yet. You can return it once it has come.",
    "window_over": "The time for returning this order is over. " + WRONG,
    "partly_returnable": "You can return a part of your order. Our terms leave the rest out.",
    "returnable": "Yes, you can still return it.",
    "day_unknown": "Whether you can still return it depends on the day it came. When was that?",
    "nothing_found": "We can’t " + NOT_FOUND,
}  # fmt: skip


def unverified(r: ItemsReading, name: str) -> tuple[Text, ...]:
    """What may be said to anybody: no amount, no date, no reference."""
    if name == "nothing_found":
        return (plain(ASK if r.m.facts else PLAIN[name]),)
    return (plain(PLAIN[name]), plain(ASK)) if name in PLAIN else ()
