"""The policies of the demo, with their former versions. Texts name their terms, so that an edit shows in both."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

RETURNS = """# Returns

## §1 Window
An item can be returned within {window_days} days of the day on which its parcel was delivered.

## §2 Inspection
The warehouse inspects a return within {inspection_days} business days of receiving it.

## §3 What is not taken back
Opened hygiene products and gift cards.

## §4 The way back
A parcel that is sent back reaches us within {arrival_days} business days.
"""
REFUNDS = """# Refunds

## §1 When money is due
No refund is made before the return has passed inspection. A parcel that the carrier has lost is refunded at once.

## §2 Our part
Finance sends the refund within {refund_days} business days.

## §3 The bank's part
A card refund shows after {bank_days[card][0]} to {bank_days[card][1]} business days, a bank transfer after
{bank_days[bank_transfer][0]} to {bank_days[bank_transfer][1]}, a gift card is filled within {bank_days[gift_card][1]}.
Don't promise an earlier day.

## §4 Who is right
Where systems differ about money, finance decides.
"""
CANCELLATIONS = """# Cancellations

## §1 Refund
A paid order that was cancelled before it was sent is refunded within {refund_days} business days.

## §2 Until when
An order can be cancelled within {cancel_days} business days, as long as it has not been sent.
"""
DELIVERY = """# Delivery

## §1 Time
A parcel arrives {days[0]} to {days[1]} business days after the order.

## §2 Our part
An order is given to the carrier within {dispatch_days} business day.

## §3 When a parcel counts as lost
A parcel that is {lost_days} business days late counts as lost.
"""


def documents(today: date) -> list[tuple[dict[str, Any], str]]:
    """Terms and text of every version, oldest first."""
    long_ago = date(today.year - 2, 1, 1)
    # Before every named order, within the months that the seed covers: some orders fall under the older terms.
    change = (today - timedelta(days=65)).replace(day=1)
    before = change - timedelta(days=1)
    first = _head("1", long_ago, before)
    second = _head("2", change, None)
    returns = {"window_from": "shipment.delivered", "inspection_days": 2,
               "arrival_days": 5, "exclusions": ["hygiene products", "gift cards"],
               "excluded_categories": ["hygiene", "gift_cards"],
               "clauses": {"window_days": "§1", "inspection_days": "§2", "exclusions": "§3",
                           "excluded_categories": "§3", "arrival_days": "§4"}}  # fmt: skip
    bank = {"card": [5, 10], "gift_card": [0, 1], "bank_transfer": [1, 3]}
    refunds = {"bank_days": bank, "early_refund": "lost_parcel", "decides": {"money": "finance"},
               "clauses": {"early_refund": "§1", "refund_days": "§2", "bank_days": "§3", "decides": "§4"}}  # fmt: skip
    return [
        (_terms("RT-7", "policy.returns", "Returns", first, window_days=14, **returns), RETURNS),
        (_terms("RT-7", "policy.returns", "Returns", second, window_days=30, **returns), RETURNS),
        (_terms("RF-12", "policy.refunds", "Refunds", first, refund_days=5, **refunds), REFUNDS),
        (_terms("RF-12", "policy.refunds", "Refunds", second, refund_days=3, **refunds), REFUNDS),
        (_terms("CN-3", "policy.cancellations", "Cancellations", _head("1", long_ago, None), refund_days=5,
                cancel_days=2, clauses={"refund_days": "§1", "cancel_days": "§2"}), CANCELLATIONS),
        (_terms("DL-2", "policy.delivery", "Delivery", _head("1", long_ago, None), days=[2, 5],
                dispatch_days=1, lost_days=5,
                clauses={"days": "§1", "dispatch_days": "§2", "lost_days": "§3"}), DELIVERY),
    ]  # fmt: skip


def _head(version: str, start: date, end: date | None) -> dict[str, Any]:
    ends = {"in_force_to": end.isoformat()} if end else {}
    return {"version": version, "in_force_from": start.isoformat(), **ends}


def _terms(document: str, kind: str, title: str, head: dict[str, Any], **terms: Any) -> dict[str, Any]:
    common = {"zone": "Europe/Helsinki", "calendar": "FI", "applies_from": "order.placed"}
    return {"document": document, "kind": kind, "title": title, **head, **common, **terms}
