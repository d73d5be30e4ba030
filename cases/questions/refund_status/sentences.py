"""The headline, who is next, and what must not be promised. Fixed words hold no digit and no month name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from cases.answers import Next, Text, text
from cases.questions.common import values as v
from cases.questions.common.money import bank, by_gift_card, sent_headline, shown_by_now, went_back, window_over
from cases.questions.common.policy import Terms
from cases.questions.common.reading import Reading
from cases.questions.common.saying import asked_about, nothing_found, plain, reason, ruled, trimmed, when, window
from cases.questions.refund_status.conflicts import paid_too_much
from connectors.host.views import FactView


def due(r: Reading, day: date | None, fact: FactView | None, terms: Terms | None, field: str) -> Text:
    """`` by Thu 19 Nov`` by a rule, or nothing."""
    return ruled(r, " by {d}", day, fact, terms, field)


def refund_due(r: Reading) -> Text:
    if r.approval:
        return due(r, r.refund_due, r.approval, r.refunds_policy, "refund_days")
    return due(r, r.cancel_due, r.cancelled, r.cancel_policy, "refund_days")


def owed_fact(r: Reading) -> FactView | None:
    """The fact that says how much is due: finance's approval, the return as registered, or what was paid."""
    asked = r.m.last("return.requested")
    told = (r.approval, asked, r.captured if r.cancelled else None)
    return next((f for f in told if f is not None and f.data.get("amount")), None)


def _owed(r: Reading) -> Text:
    """The amount that is due, where finance or the shop says one."""
    fact = owed_fact(r)
    return text("{a}", a=v.money(fact)) if fact else plain("The refund")


def _failed(r: Reading) -> Text:
    fact = r.refunds[-1].last
    return text("The refund of {a} failed{on}{why}.", a=v.money(fact), on=when(r, fact), why=reason(fact))


def _twice(r: Reading) -> Text:
    found = paid_too_much(r)
    assert found
    currency = str(found[0][0].data["amount"]["currency"])
    total = v.total(found[1], currency, "sum of refunds paid", tuple(found[0]))
    return text("More went back than was due: {t} in all. Finance must look at it.", t=total)


def _submitted(r: Reading) -> Text:
    fact = r.latest("submitted")
    assert fact
    return text(
        "{a} was handed to the bank{on}. It is not confirmed as sent yet.", a=v.money(fact.last), on=when(r, fact.last)
    )


def _approved(r: Reading) -> Text:
    by = refund_due(r)
    if not r.approval:
        return text("The order was cancelled{on}. {a} should be sent{by}.", on=when(r, r.cancelled), a=_owed(r),
                    by=by or plain(" soon"))  # fmt: skip
    if r.approval is r.passed:
        return text("The return passed inspection. {a} should be sent{by}.", a=_owed(r), by=by or plain(" soon"))
    return text("{a} is approved and should be sent{by}.", a=_owed(r), by=by or plain(" soon"))


def _approved_late(r: Reading) -> Text:
    late = plain(" Finance is late.") if r.absence("refund.paid") else Text()
    words = "The return passed inspection. {a}" if r.approval is r.passed else "{a} was approved and"
    return text(words + " should have been sent{by}.{late}", a=_owed(r), by=refund_due(r), late=late)


def _rejected(r: Reading) -> Text:
    fact = r.rejected
    assert fact
    return text("The return did not pass inspection{on}{why}. No refund is due as it stands.", on=when(r, fact),
                why=reason(fact))  # fmt: skip


def _inspection(r: Reading) -> Text:
    by = due(r, r.inspection_due, r.received, r.returns_policy, "inspection_days")
    return text("The parcel arrived{on}. Inspection is due{by}.", on=when(r, r.received), by=by or plain(" next"))


def _inspection_late(r: Reading) -> Text:
    by = due(r, r.inspection_due, r.received, r.returns_policy, "inspection_days")
    return text("The parcel arrived{on}. It should have been inspected{by}.", on=when(r, r.received), by=by)


def _credit(r: Reading) -> Text:
    fact = r.m.last("credit_note.issued")
    assert fact
    return text("A credit note of {a} was issued{on}, but no money has moved.", a=v.money(fact), on=when(r, fact))


def _travelling(r: Reading) -> Text:
    sent = when(r, r.m.last("return.dispatched"))
    missing = r.absence("return.received")
    return text("The return is on its way{on}.{n}", on=text(", sent{d}", d=sent) if sent else sent,
                n=plain(" It has not reached the warehouse yet.") if missing else Text())  # fmt: skip


def _announced(r: Reading) -> Text:
    """That nothing is on its way is said only where the warehouse was asked completely."""
    missing = plain(" The parcel is not on its way yet.") if r.absence("return.received") else Text()
    return text("The return was registered{on}.{n}", on=when(r, r.m.last("return.requested")), n=missing)


def _lost(r: Reading) -> Text:
    fact = r.captured or r.order
    assert fact
    return text("The carrier lost the parcel{on}. {a} is due back at once.", on=when(r, r.lost),
                a=v.money(fact, "/amount" if fact is r.captured else "/total"))  # fmt: skip


def _not_allowed(r: Reading) -> Text:
    return text("No refund is due until a return has been registered and inspected.{w}",
                w=window(r, " A return can be registered until {d}."))  # fmt: skip


def _outside(r: Reading) -> Text:
    return text("No return was registered in time.{w}", w=window(r, " The window closed on {d}."))


def _nothing(r: Reading) -> Text:
    if not r.m.facts:
        return nothing_found(r)
    if r.cancelled and not r.captured:
        return text("The order was cancelled{on}, and no payment is known.", on=when(r, r.cancelled))
    return text("No refund is under way for {x}.", x=asked_about(r))


def _disputed(r: Reading) -> Text:
    assert r.dispute
    whose = v.own(r.person) if r.person else plain("The customer’s")
    return text("{p} bank opened a dispute over {a}{on}. No refund is made while it runs.", p=whose,
                a=v.money(r.dispute), on=when(r, r.dispute))  # fmt: skip


HEADLINES: dict[str, Callable[[Reading], Text]] = {
    "refunded_twice": _twice, "disputed": _disputed, "refund_failed": _failed,
    "paid_window_over": window_over, "paid": went_back, "submitted": _submitted,
    "approved_overdue": _approved_late,
    "approved": _approved, "inspection_failed": _rejected, "inspection_overdue": _inspection_late,
    "inspection_due": _inspection, "credit_note_only": _credit,
    "cancelled_refund_overdue": lambda r: text("The order was cancelled{on}. {a} should have gone back{by}.",
                                               on=when(r, r.cancelled), a=_owed(r), by=refund_due(r)),
    "cancelled_refunded": lambda r: text("The order was cancelled. {p}",
                                         p=sent_headline(r)),
    "in_transit": _travelling, "announced": _announced, "early_refund_due": _lost,
    "early_refund_not_allowed": _not_allowed, "outside_window": _outside, "nothing_found": _nothing,
}  # fmt: skip

NEXT: dict[str, tuple[str, str]] = {
    "sources_disagree": ("Finance says which source is right", "finance"),
    "refunded_twice": ("Finance looks at the payments", "finance"),
    "disputed": ("The bank decides the dispute", "bank"),
    "refund_failed": ("Finance sends the refund again", "finance"),
    "paid_window_over": ("The bank traces the refund by its reference", "bank"),
    "paid": ("The bank shows the refund", "bank"), "cancelled_refunded": ("The bank shows the refund", "bank"),
    "submitted": ("The bank confirms the refund", "bank"),
    "approved_overdue": ("Finance sends the refund", "finance"), "approved": ("Finance sends the refund", "finance"),
    "inspection_failed": ("Say why, and agree on what happens to the item", "rep"),
    "inspection_overdue": ("The warehouse inspects the return", "warehouse"),
    "inspection_due": ("The warehouse inspects the return", "warehouse"),
    "credit_note_only": ("Finance pays the credit note out", "finance"),
    "cancelled_refund_overdue": ("Finance sends the refund", "finance"),
    "in_transit": ("The carrier delivers the return", "carrier"),
    "announced": ("The customer sends the parcel", "customer"),
    "early_refund_due": ("Finance sends the refund", "finance"),
    "early_refund_not_allowed": ("The customer registers a return", "customer"),
    "outside_window": ("Nothing is due", "nobody"), "nothing_found": ("Ask for an order number", "rep"),
}  # fmt: skip


SENT = ("paid", "cancelled_refunded")


def next_step(r: Reading, name: str) -> Next:
    name = "paid_window_over" if name in SENT and shown_by_now(r) else name
    what, who = ("The gift card is filled", "finance") if name in SENT and by_gift_card(r) else NEXT[name]
    by = Text()
    if name in SENT and r.paid and (span := bank(r, r.paid.last)):
        by = text("by {d}", d=span[1])
    elif name in ("approved", "approved_overdue", "cancelled_refund_overdue"):
        by = refund_due(r)
    elif name in ("inspection_due", "inspection_overdue"):
        by = due(r, r.inspection_due, r.received, r.returns_policy, "inspection_days")
    elif name == "early_refund_not_allowed":
        by = window(r, "by {d}")
    by = trimmed(by)
    return Next(plain(what), who, text("was due {b}", b=by) if by and name.endswith("_overdue") else by)


def hint(r: Reading, name: str) -> Text:
    if name in SENT and r.paid and r.refunds_policy and (span := bank(r, r.paid.last)):
        if by_gift_card(r) or shown_by_now(r):
            return Text()
        return text("{c}: don’t promise a day before {d}.", c=v.clause(r.refunds_policy.fact, "bank_days"), d=span[0])
    if name.startswith(("approved", "submitted")) and r.refunds_policy:
        return text("{c}: don’t promise the day on which the bank shows it.",
                    c=v.clause(r.refunds_policy.fact, "bank_days"))  # fmt: skip
    if name in ("inspection_due", "inspection_overdue") and r.refunds_policy:
        return text("{c}: don’t promise a refund before the inspection is passed.",
                    c=v.clause(r.refunds_policy.fact, "early_refund"))  # fmt: skip
    return Text()
