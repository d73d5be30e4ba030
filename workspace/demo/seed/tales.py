"""What the customers of the past ordered and what became of it, in business days before today.

``k`` is the day on which the customer asked; what is told at ``k - 1`` and less came after.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from workspace.demo.seed.situations import CLOSED, back, bought
from workspace.demo.seed.story import Refund, Return, Story

LABEL = Decimal("4.90")


class Past(Story):
    """An order whose systems changed their minds: what they said before is told, too."""

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.notes: list[datetime] = []
        self.corrections: dict[str, tuple[datetime, Decimal]] = {}
        """By refund: when finance corrected its amount, and what it was until then."""
        self.feed_lag = timedelta(0)
        """So long the warehouse's feed dates an arrival by the day on which it was read in, one too late."""

    def shop_says_refunded(self, ago: int) -> Story:
        super().shop_says_refunded(ago)
        assert self.refunded_note
        self.notes.append(self.refunded_note)
        return self

    def label_taken_off(self, ago: int) -> Past:
        """Finance takes the return label off a refund that it had approved in full."""
        refund = self.refunds[-1]
        self.corrections[refund.id] = (self._at(ago, "approved"), refund.amount)
        refund.amount -= LABEL
        return self

    def then(self, at: datetime) -> Past:
        """The same order as its systems knew it at a moment."""
        was = copy(self)
        was.shop_times = [t for t in self.shop_times if t <= at] or [self.placed_at]
        was.parcels = [_parcel(p, at) for p in self.parcels if p["sent_at"] <= at]
        was.cancelled_at = _by(self.cancelled_at, at)
        was.notes = [t for t in self.notes if t <= at]
        was.refunded_note = was.notes[-1] if was.notes else None
        was.returns = [_return(r, at, self.feed_lag) for r in self.returns if r.at <= at]
        was.refunds = [self._refund(r, at) for r in self.refunds if r.history[0][1] <= at]
        was.credits, was.disputes = [t for t in self.credits if t <= at], [t for t in self.disputes if t <= at]
        was.status = "placed"
        for status, so in (("shipped", was.parcels), ("delivered", [p for p in was.parcels if p["delivered_at"]]),
                           ("cancelled", was.cancelled_at), ("refunded", was.notes)):  # fmt: skip
            was.status = status if so else was.status
        return was

    def _refund(self, refund: Refund, at: datetime) -> Refund:
        history = [(status, when) for status, when in refund.history if when <= at]
        ended = dict(history)
        corrected, before = self.corrections.get(refund.id, (None, refund.amount))
        amount = before if corrected and corrected > at else refund.amount
        return replace(
            refund, history=history, amount=amount, arn=refund.arn if "paid" in ended else None,
            failure=refund.failure if "failed" in ended else None,
        )  # fmt: skip


def _by(when: datetime | None, at: datetime) -> datetime | None:
    return when if when is not None and when <= at else None


def _parcel(parcel: dict[str, Any], at: datetime) -> dict[str, Any]:
    problem = parcel["problem"] if parcel["problem"] and parcel["problem"][0] <= at else None
    return {**parcel, "delivered_at": _by(parcel["delivered_at"], at), "problem": problem}


def _return(one: Return, at: datetime, lag: timedelta) -> Return:
    log = [told for entry in one.log for told in [_logged(entry, at, lag)] if told["at"] <= at]
    state = log[-1]["state"] if log else "announced"
    done = state == "inspected"
    return replace(one, log=log, state=state, result=one.result if done else None,
                   why_failed=one.why_failed if done else None, cancelled_at=_by(one.cancelled_at, at))  # fmt: skip


def _logged(entry: dict[str, Any], at: datetime, lag: timedelta) -> dict[str, Any]:
    if entry["state"] == "received" and at < entry["at"] + lag:
        return {**entry, "at": entry["at"] + timedelta(days=1)}
    return entry


@dataclass(frozen=True)
class Tale:
    """One way in which a case goes: its question, the customer's words, and what the systems come to hold."""

    question: str
    messages: tuple[str, ...]
    tell: Callable[[Past, int], Any]
    placed: int = 16
    """So many business days before the customer asked."""
    products: tuple[int, ...] = ()


def _there(s: Past, k: int) -> Story:
    """Bought, sent back, arrived and passed."""
    return back(bought(s, k + 14, k + 12), k + 9, k + 8, k + 5, k + 4)


def _ends(s: Story, k: int) -> Any:
    """The refund goes its way after the customer asked."""
    return s.submitted(k - 1).paid(k - 1)


def _paid(s: Past, k: int) -> Any:
    return _there(s, k).refunded(k + 3, k + 2, k + 2)


def _soon(s: Past, k: int) -> Any:
    return _ends(_there(s, k).approved(k + 1), k)


def _slow(s: Past, k: int) -> Any:
    back(bought(s, k + 19, k + 17), k + 14, k + 13, k + 10, k + 9).approved(k + 8)
    return s.submitted(k - 3).paid(k - 3)


def _failed(s: Past, k: int) -> Any:
    _there(s, k).approved(k + 3).submitted(k + 3).failed(k + 2, CLOSED)
    return s.refunded(k - 1, k - 1, k - 2)


def _uninspected(s: Past, k: int) -> Any:
    bought(s, k + 14, k + 12).returned(k + 8).in_transit(k + 7).received(k + 4)
    return s.inspected(k - 3).approved(k - 3).submitted(k - 3).paid(k - 4)


def _disagree(s: Past, k: int) -> Any:
    _there(s, k).shop_says_refunded(k + 2)
    s.refunded(k - 1, k - 1, k - 2)
    return s.shop_says_refunded(k - 2)


def _corrected(s: Past, k: int) -> Any:
    _there(s, k).approved(k + 1)
    s.label_taken_off(k - 1)
    return s.submitted(k - 1).paid(k - 2)


def _late(s: Past, k: int) -> Any:
    return s.sent(k + 7).delivered(k - 2)


def _cancel(s: Past, k: int) -> Any:
    return s.cancelled(k).refunded(k - 1, k - 1, k - 1)


def _arrived(s: Past, k: int) -> Any:
    bought(s, k + 12, k + 10).returned(k + 6).in_transit(k + 4).received(k + 1)
    return s.inspected(k - 1).approved(k - 1).submitted(k - 1).paid(k - 1)


def _lagged(s: Past, k: int) -> Any:
    """It has arrived, and the warehouse's feed names the wrong day."""
    s.feed_lag = timedelta(days=4)
    bought(s, k + 14, k + 12).returned(k + 6).in_transit(k + 5).received(k + 2)
    return s.inspected(k - 3).approved(k - 4).submitted(k - 4).paid(k - 5)


def _not_passed(s: Past, k: int) -> Any:
    return bought(s, k + 12, k + 10).returned(k + 6).in_transit(k + 5).received(k + 3).inspected(k + 1, "Worn outside")


def _kept(s: Past, k: int) -> Any:
    return bought(s, k + 7, k + 5)


def _call(s: Past, k: int) -> Any:
    return back(bought(s, k + 12, k + 10), k + 6, k + 5, k + 2, k + 1)


WHERE = ("Where is my refund?", "I sent it back and have seen no money yet.", "When do I get my money back?",
         "Has my refund been paid?")  # fmt: skip
TALES: dict[str, Tale] = {
    "paid": Tale("refund-status", WHERE, _paid),
    "caught": Tale("refund-status", ("How much did you pay back, and when?", *WHERE), _paid),
    "overridden": Tale("refund-status", WHERE, _paid),
    "soon": Tale("refund-status", ("My return has passed, hasn't it? When is the money sent?", *WHERE), _soon),
    "undated": Tale("refund-status", WHERE, _soon),
    "withdrawn": Tale("refund-status", WHERE, _soon),
    "again": Tale("refund-status", WHERE, _soon),
    "slow": Tale("refund-status", ("It was approved over a week ago. Where is the money?", *WHERE), _slow, 21),
    "renegotiated": Tale("refund-status", ("Approved, and still nothing on my account.",), _slow, 21),
    "broken": Tale("refund-status", ("Can somebody please tell me where my refund is?",), _slow, 21),
    "kind": Tale("refund-status", ("I am waiting for my money. What is going on?", *WHERE), _soon),
    "failed": Tale("refund-status", ("The refund was promised and never came.",), _failed),
    "uninspected": Tale("refund-status", ("You have had my parcel for days. Has anybody opened it?",
                                          "My return was signed for last week. What happens now?"), _uninspected),
    "disagree": Tale("refund-status", ("Your site says refunded, but my bank has nothing.",), _disagree),
    "corrected": Tale("refund-status", ("Did my return pass, and how much do I get?",), _corrected),
    "outage": Tale("refund-status", ("Has my refund been sent?", *WHERE), _soon),
    "passed_on": Tale("refund-status", ("Two people told me two things. Where is my refund?",), _slow, 21),
    "lost_parcel": Tale("refund-status", ("The carrier says my parcel is lost. I want my money.",),
                        lambda s, k: s.sent(k + 9).lost(k + 1).refunded(k - 1, k - 1, k - 2), 10),
    "return_lost": Tale("return-status", ("I sent it back two weeks ago. Has it arrived?",),
                        lambda s, k: bought(s, k + 16, k + 14).returned(k + 11).in_transit(k + 10), 18),
    "arrived": Tale("return-status", ("Has my parcel reached you?", "Is my return there?"), _arrived, 14),
    "call": Tale("return-status", ("Is my return through yet? Please call me.",), _call, 14),
    "late_parcel": Tale("order-status", ("My order was to be here last week. Where is it?",
                                         "Nothing has come. Is it lost?"), _late, 8),
    "on_its_way": Tale("order-status", ("Where is my parcel?", "When will it be here?"),
                       lambda s, k: bought(s, k + 1, k - 1), 2),
    "cancel": Tale("cancellation", ("Please cancel my order.", "I ordered the wrong size. Can I cancel?"), _cancel, 1),
    "eligible": Tale("return-eligibility", ("They are too small. Can I return them?", "Until when can I return it?"),
                     _kept, 8),
    "too_late": Tale("return-eligibility", ("I have had them for weeks. Can I still return them?",),
                     lambda s, k: bought(s, k + 27, k + 25), 28),
    "delivered": Tale("order-status", ("It says delivered. When was that?", "Has my parcel been handed over?"),
                      lambda s, k: bought(s, k + 4, k + 2), 5),
    "lagged": Tale("return-status", ("My return was signed for. Do you have it?", "Did my parcel arrive at yours?"),
                   _lagged),
    "not_passed": Tale("refund-status", ("Why is there no refund for my return?", *WHERE), _not_passed, 14),
    "called_off": Tale("refund-status", ("I cancelled. Has the money been sent?", *WHERE),
                       lambda s, k: s.cancelled(k + 4).refunded(k + 3, k + 2, k + 2), 5),
    "dark": Tale("return-status", ("Is my return there yet?", "Has anybody looked at my return?"), _arrived, 14),
    "policy": Tale("policy-question", ("How long do I have to send something back?", "Who pays for the way back?",
                                       "How long does a refund take?"), _kept, 8),
    "invoice": Tale("invoice-copy", ("Please send me the invoice once more.", "I need the invoice for my taxes."),
                    _kept, 8),
    "charge": Tale("double-charge", ("Was I charged twice for this?", "My card shows two payments."), _kept, 8),
    "exchange": Tale("exchange-status", ("I wanted to exchange it. Where is the new one?",), _soon),
}  # fmt: skip
