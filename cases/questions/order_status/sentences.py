"""The headline, who is next, and what must not be promised. Fixed words hold no digit and no month name."""

from __future__ import annotations

from collections.abc import Callable

from cases.answers import Next, Text, text
from cases.questions.common import values as v
from cases.questions.common.saying import asked_about, nothing_found, plain, reason, ruled, trimmed, when
from cases.questions.order_status.reading import OrderReading
from connectors.host.views import FactView


def by(r: OrderReading, words: str = " by {d}", long: bool = False) -> Text:
    """The last day on which the policy expects the parcel."""
    return ruled(r, words, r.last_day, r.order, r.delivery_policy, "days", long=long)


def send_by(r: OrderReading, words: str = " by {d}") -> Text:
    return ruled(r, words, r.dispatch_due, r.order, r.delivery_policy, "dispatch_days")


def lost_by(r: OrderReading, words: str, long: bool = False) -> Text:
    return ruled(r, words, r.lost_on, r.order, r.delivery_policy, "lost_days", long=long)


def carrier(fact: FactView | None) -> Text:
    """`` with Posti``, or nothing."""
    return text(" with {c}", c=v.said(fact, "/carrier")) if fact and fact.data.get("carrier") else Text()


def _sent(r: OrderReading) -> Text:
    return text("The parcel was sent{on}{c}.", on=when(r, r.sent), c=carrier(r.sent))


def _on_its_way(r: OrderReading) -> Text:
    return text("{s}{b}", s=_sent(r), b=by(r, " It should arrive by {d}."))


def _late(r: OrderReading) -> Text:
    return text("{s}{b}{l}", s=_sent(r), b=by(r, " It should have arrived by {d}."),
                l=lost_by(r, " If it has not come by {d}, it counts as lost."))  # fmt: skip


def _counts_as_lost(r: OrderReading) -> Text:
    return text(
        "{s}{l}", s=_sent(r), l=lost_by(r, " It has not arrived, and was waited for until {d}: it counts as lost.")
    )


def _lost(r: OrderReading) -> Text:
    parcel = r.parcel("lost")
    assert parcel and parcel.lost
    back = Text()
    if r.paid:
        back = text(" {a} went back{on}.", a=v.money(r.paid.last), on=when(r, r.paid.last))
    elif r.refunds_lost and r.refunds_policy:
        back = text(" It is refunded at once ({c}).", c=v.clause(r.refunds_policy.fact, "early_refund"))
    return text("The carrier lost the parcel{on}.{b}", on=when(r, parcel.lost), b=back)


def _problem(r: OrderReading) -> Text:
    parcel = r.parcel("problem")
    assert parcel and parcel.problem
    return text("The carrier reports a problem{on}{why}.", on=when(r, parcel.problem), why=reason(parcel.problem))


def _partly(r: OrderReading) -> Text:
    rest = " The rest should have arrived by {d}." if r.over(r.last_day) else " The rest should arrive by {d}."
    return text("A part of the order was delivered{on}.{r}", on=when(r, r.delivered), r=by(r, rest) or plain(
        " The rest is on its way."))  # fmt: skip


def _cancelled(r: OrderReading) -> Text:
    none = plain(" No parcel was sent.") if r.absence("shipment.dispatched") else Text()
    return text("The order was cancelled{on}.{n}", on=when(r, r.cancelled), n=none)


def _cancelled_but_sent(r: OrderReading) -> Text:
    sent = r.sent or r.delivered
    return text("The order was cancelled{on}, but a parcel was sent{s}.", on=when(r, r.cancelled), s=when(r, sent))


def _unpaid(r: OrderReading) -> Text:
    assert r.unpaid
    return text("The payment of {a} failed{on}. The order waits for it.", a=v.money(r.unpaid), on=when(r, r.unpaid))


def _to_be_sent(r: OrderReading) -> Text:
    soon = send_by(r, " It should be sent by {d}.") or plain(" It has not been sent yet.")
    return text("The order was placed{on}.{s}{b}", on=when(r, r.order), s=soon, b=by(r, " It should arrive by {d}."))


def _overdue(r: OrderReading) -> Text:
    return text("The order was placed{on}.{s}", on=when(r, r.order), s=send_by(r, " It should have been sent by {d}."))


def _nothing(r: OrderReading) -> Text:
    return text("No parcel is known for {x}.", x=asked_about(r)) if r.m.facts else nothing_found(r)


HEADLINES: dict[str, Callable[[OrderReading], Text]] = {
    "cancelled_but_sent": _cancelled_but_sent, "cancelled": _cancelled, "lost": _lost, "carrier_problem": _problem,
    "partly_delivered": _partly,
    "delivered": lambda r: text("The parcel was delivered{on}.", on=when(r, r.delivered)),
    "counts_as_lost": _counts_as_lost, "late": _late, "on_its_way": _on_its_way, "payment_failed": _unpaid,
    "sending_overdue": _overdue, "to_be_sent": _to_be_sent, "nothing_found": _nothing,
}  # fmt: skip

NEXT: dict[str, tuple[str, str]] = {
    "sources_disagree": ("Find out which source is right", "rep"),
    "cancelled_but_sent": ("Agree on what happens to the parcel", "rep"),
    "cancelled": ("Nothing is due", "nobody"),
    "lost": ("Agree on a new parcel or the money back", "rep"),
    "carrier_problem": ("Settle it with the carrier", "rep"),
    "partly_delivered": ("The carrier delivers the rest", "carrier"),
    "delivered": ("The customer says whether it was found", "customer"),
    "counts_as_lost": ("Agree on a new parcel or the money back", "rep"),
    "late": ("The carrier finds the parcel", "carrier"),
    "on_its_way": ("The carrier delivers the parcel", "carrier"),
    "payment_failed": ("The customer pays the order", "customer"),
    "sending_overdue": ("The shop sends the parcel", "shop"), "to_be_sent": ("The shop sends the parcel", "shop"),
    "nothing_found": ("Ask for an order number", "rep"),
}  # fmt: skip


def next_step(r: OrderReading, name: str) -> Next:
    what, who = NEXT[name]
    due = Text()
    if name in ("on_its_way", "partly_delivered"):
        due = trimmed(by(r, " was due by {d}" if r.over(r.last_day) else " by {d}"))
    elif name == "late":
        due = trimmed(lost_by(r, " by {d}") or by(r, " was due by {d}"))
    elif name in ("to_be_sent", "sending_overdue"):
        due = trimmed(send_by(r, " was due by {d}" if name == "sending_overdue" else " by {d}"))
    elif name in ("lost", "counts_as_lost") and r.paid:
        what, who = "The bank shows the refund", "bank"
    return Next(plain(what), who, due)


def hint(r: OrderReading, name: str) -> Text:
    """No day before the first that the policy gives."""
    if name not in ("on_its_way", "to_be_sent") or r.arrival is None or r.over(r.arrival[0]):
        return Text()
    words = text("{c}: don’t promise a day before", c=v.clause(r.delivery_policy.fact, "days"))  # type: ignore[union-attr]
    return text("{w}{d}", w=words, d=ruled(r, " {d}.", r.arrival[0], r.order, r.delivery_policy, "days"))
