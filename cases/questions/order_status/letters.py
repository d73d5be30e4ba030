"""The reply to the customer for each situation: for one who is known, and for anybody."""

from __future__ import annotations

from collections.abc import Callable

from cases.answers import Claim, Text, text
from cases.questions.common import values as v
from cases.questions.common.saying import ASK, NOT_FOUND, Sentences, cannot_find, plain, promise, reason, say, when
from cases.questions.order_status import sentences
from cases.questions.order_status.reading import OrderReading


def draft(r: OrderReading, name: str) -> tuple[Claim, ...]:
    """What may be sent; empty where a person must decide first."""
    write = _LETTERS.get(name)
    return tuple(c for c in write(r) if c.facts or c.checks) if write else ()


def _way(key: str, said: Text, *facts: object) -> Claim:
    return say(key, said, *facts, domain="order")  # type: ignore[arg-type]


def _arrives(r: OrderReading, words: str = "It should be with you by {d}.") -> Sentences:
    yield from promise("arrives", words, r, r.last_day, r.order, r.delivery_policy, "days")


def _tracking(r: OrderReading) -> Sentences:
    if r.sent and r.sent.data.get("tracking"):
        number = v.said(r.sent, "/tracking", type_="ref")
        yield _way("tracking", text("You can follow it with the carrier under {n}.", n=number), r.sent)


def _sent(r: OrderReading) -> Sentences:
    said = text("We sent your parcel{on}{c}.", on=when(r, r.sent, long=True), c=sentences.carrier(r.sent))
    yield _way("sent", said, r.sent or r.parcels[-1].facts[-1])


def _on_its_way(r: OrderReading) -> Sentences:
    yield from _sent(r)
    yield from _arrives(r)
    yield from _tracking(r)


def _if_lost(r: OrderReading) -> Sentences:
    """What happens if it does not come, by the policy: only while that day is not over."""
    then = " counts as lost and we refund it." if r.refunds_lost else " counts as lost."
    for found in promise("lost_by", "If it has not come by {d}, it" + then, r, r.lost_on, r.order, r.delivery_policy,
                         "lost_days"):  # fmt: skip
        terms = r.refunds_policy.fact if r.refunds_lost and r.refunds_policy else None
        yield say("lost_by", found.text, terms, domain="policy", rule=found.rule)


def _late(r: OrderReading) -> Sentences:
    yield from _sent(r)
    said = sentences.by(r, "It should have reached you by {d}, and I am sorry that it is late.", long=True)
    yield say("late", said, domain="policy", rule="delivery days")
    yield _way("asking", plain("We are asking the carrier where it is."), r.sent or r.parcels[-1].facts[-1])
    yield from _if_lost(r)


def _refunded(r: OrderReading) -> Sentences:
    if r.paid:
        on = when(r, r.paid.last, long=True)
        yield say("paid", text("We sent your refund of {a}{on}.", a=v.money(r.paid.last), on=on), r.paid.last)
    elif r.refunds_lost and r.refunds_policy:
        said = plain("You get your money back; if you would rather have a new parcel, please tell us.")
        yield say("refund", said, r.refunds_policy.fact, domain="policy")


def _lost(r: OrderReading) -> Sentences:
    parcel = r.parcel("lost")
    assert parcel
    yield _way("lost", plain("I am sorry: the carrier has lost your parcel."), parcel.lost)
    yield from _refunded(r)


def _counts(r: OrderReading) -> Sentences:
    said = sentences.lost_by(
        r, "Your parcel has not arrived by {d}, so it counts as lost, and I am sorry for that.", True
    )
    yield say("lost", said, *(p.sent for p in r.parcels), domain="policy", rule="lost days")
    yield from _refunded(r)


def _problem(r: OrderReading) -> Sentences:
    parcel = r.parcel("problem")
    assert parcel and parcel.problem
    said = text("The carrier reported a problem with your parcel{on}{why}.", on=when(r, parcel.problem, long=True),
                why=reason(parcel.problem))  # fmt: skip
    yield _way("problem", said, parcel.problem)
    yield _way("settling", plain("We are settling it with them and write to you when it moves on."), parcel.problem)


def _delivered(r: OrderReading) -> Sentences:
    yield _way("delivered", text("Your parcel was delivered{on}.", on=when(r, r.delivered, long=True)), r.delivered)
    asked = "If you can’t find it, please ask your neighbours, and tell us: then we ask the carrier where it was left."
    yield _way("look", plain(asked), r.delivered)


def _partly(r: OrderReading) -> Sentences:
    said = text(
        "A part of your order was delivered{on}, and the rest is on its way.", on=when(r, r.delivered, long=True)
    )
    yield _way("partly", said, r.delivered, r.sent)
    yield from _arrives(r, "The rest should be with you by {d}.")
    yield from _tracking(r)


def _cancelled(r: OrderReading) -> Sentences:
    said = text("Your order was cancelled{on}, so no parcel is on its way.", on=when(r, r.cancelled, long=True))
    if not r.absence("shipment.dispatched"):
        said = text("Your order was cancelled{on}.", on=when(r, r.cancelled, long=True))
    yield _way("cancelled", said, r.cancelled)


def _unpaid(r: OrderReading) -> Sentences:
    assert r.unpaid
    said = text("Your payment of {a} did not go through{on}, so your order is waiting.", a=v.money(r.unpaid),
                on=when(r, r.unpaid, long=True))  # fmt: skip
    yield say("unpaid", said, r.unpaid)
    yield say("pay", plain("Once it is paid, we send it."), r.unpaid)


def _to_be_sent(r: OrderReading) -> Sentences:
    on = when(r, r.order, long=True)
    yield _way("placed", text("We received your order{on} and are preparing it.", on=on), r.order)
    yield from promise("send", "We send it by {d}.", r, r.dispatch_due, r.order, r.delivery_policy, "dispatch_days")
    yield from _arrives(r)


def _overdue(r: OrderReading) -> Sentences:
    said = "Your order should have left us by now, and I am sorry that it is late. We are looking into it."
    yield _way("late", plain(said), r.order)


_LETTERS: dict[str, Callable[[OrderReading], Sentences]] = {
    "cancelled": _cancelled, "lost": _lost, "carrier_problem": _problem, "partly_delivered": _partly,
    "delivered": _delivered, "counts_as_lost": _counts, "late": _late, "on_its_way": _on_its_way,
    "payment_failed": _unpaid, "sending_overdue": _overdue, "to_be_sent": _to_be_sent, "nothing_found": cannot_find,
}  # fmt: skip
"""``sources_disagree``, ``cancelled_but_sent`` and ``which_one`` promise nothing."""

PLAIN = {
    "cancelled": "Your order was cancelled.",
    "lost": "The carrier has lost your parcel. I am sorry, and we put it right.",
    "carrier_problem": "The carrier reported a problem with your parcel, and we are settling it with them.",
    "partly_delivered": "A part of your order was delivered, and the rest is on its way.",
    "delivered": "Your parcel was delivered. If you can’t find it, please ask your neighbours, and tell us.",
    "counts_as_lost": "Your parcel has not arrived in time, so it counts as lost. I am sorry, and we put it right.",
    "late": "Your parcel is on its way, and later than it should be. We are asking the carrier where it is.",
    "on_its_way": "Your parcel is on its way to you.",
    "payment_failed": "Your payment did not go through, so your order is waiting. Once it is paid, we send it.",
    "sending_overdue": "Your order should have left us by now. I am sorry that it is late; we are looking into it.",
    "to_be_sent": "We received your order and are preparing it.",
    "nothing_found": "We can’t " + NOT_FOUND,
}  # fmt: skip


def unverified(r: OrderReading, name: str) -> tuple[Text, ...]:
    """What may be said to anybody: no amount, no date, no reference."""
    if name == "nothing_found":
        return (plain(ASK if r.m.facts else PLAIN[name]),)
    return (plain(PLAIN[name]), plain(ASK)) if name in PLAIN else ()
