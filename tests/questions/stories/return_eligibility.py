"""Can I return this?"""

from __future__ import annotations

from connectors.sdk import Ref
from tests.questions.conftest import EUR, ORDER, RETURN, Cast
from tests.questions.stories import Story, home, nothing

QUESTION = "return-eligibility"
SHIRT = {"name": "Linen shirt", "quantity": 1, "category": "clothing"}
CARD = {"name": "Gift card", "quantity": 1, "category": "gift_cards"}
SOCKS = {"name": "Wool socks", "quantity": 1, "category": "clothing"}


def kept(c: Cast, *items: object, day: int = 5) -> Cast:
    """An order of these items that was delivered and not sent back."""
    data = {"number": "48-1193", "total": EUR, "items": list(items or (SHIRT,))}
    home(c).tell("order.placed", day - 3, data)
    return c.sent(day - 2).delivered(day)


def two_orders(c: Cast) -> Cast:
    kept(c).seeds = (Ref("email", "maya@example.com"),)
    other = (Ref("order", "48-2000"),)
    c.tell("order.placed", 1, {"number": "48-2000", "total": EUR}, other)
    c.tell("shipment.delivered", 4, {"tracking": "FI9"}, other, key="FI9")
    return c


def two_days(c: Cast) -> Cast:
    """By the shop the window is over, by the carrier it is not."""
    kept(c, day=-10).carried().tell("shipment.delivered", -7, {"tracking": "FI7"}, source="carrier")
    return c


def registered(c: Cast, *items: object, received: int = 0) -> Cast:
    kept(c, SHIRT, SOCKS).tell("return.requested", 9, {"amount": EUR, "items": list(items or (SHIRT, SOCKS))})
    c.quiet = set()
    if received:
        c.tell("return.received", received, {}, (RETURN, ORDER))
    return c


def lost(c: Cast) -> Cast:
    home(c).bought(16).sent(17).tell("shipment.exception", 20, {"reason": "Lost", "lost": True}, key="FI7")
    return c


def cancelled(c: Cast) -> Cast:
    home(c).bought(16).tell("order.cancelled", 17)
    return c


def some_day(c: Cast) -> Cast:
    home(c).tell("order.placed", 2, {"number": "48-1193", "total": EUR})
    return c.sent(3).delivered(None)


STORIES: dict[str, Story] = {
    "which_one": (two_orders, "Maya has several orders that could be meant. Ask which one."),
    "sources_disagree": (two_days, "two sources disagree on the day of delivery"),
    "cancelled": (cancelled, "There is nothing to return: the order was cancelled on Tue 17 Nov."),
    "rest_returnable": (lambda c: registered(c, SHIRT), "Return RMA-77120 is registered for a part. The rest can be "
                        "returned until Sat 5 Dec: Wool socks."),
    "already_back": (lambda c: registered(c, received=13), "Return RMA-77120 arrived on Fri 13 Nov."),
    "already_registered": (registered, "Return RMA-77120 was registered on Mon 9 Nov."),
    "lost": (lost, "There is nothing to return: the carrier lost the parcel on Fri 20 Nov."),
    "not_returnable": (lambda c: kept(c, CARD), "Not taken back: Gift card (RT-7 §3)."),
    "not_delivered": (lambda c: home(c).bought(18).sent(19),
                      "The parcel has not been delivered yet. It can be returned within 30 days of the delivery"),
    "window_over": (lambda c: kept(c, day=-10), "The time for returning it is over: it ended on Fri 20 Nov."),
    "partly_returnable": (lambda c: kept(c, SHIRT, CARD), "The order can be returned until Sat 5 Dec, but not all of "
                          "it. Not taken back: Gift card (RT-7 §3)."),
    "returnable": (kept, "It can be returned until Sat 5 Dec."),
    "day_unknown": (some_day, "The day of delivery is not known. It can be returned within 30 days of the delivery"),
    "nothing_found": (nothing, "Nothing was found for 48-1193. We looked until 14:00."),
}  # fmt: skip
