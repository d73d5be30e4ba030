"""Where is my exchange?"""

from __future__ import annotations

from connectors.sdk import Ref
from tests.questions.conftest import EUR, ORDER, RETURN, Cast
from tests.questions.stories import Story, home, nothing
from tests.questions.test_situations import two_orders as two_returns

QUESTION = "exchange-status"
NEW = Ref("order", "48-2001")


def replaced(c: Cast, day: int = 20, sent: int = 0) -> Cast:
    """The return has arrived, and the shop placed an order that names it."""
    c.back(13, 16).tell("order.placed", day, {"number": "48-2001", "total": EUR}, (NEW, RETURN), key="2")
    if sent:
        c.tell("shipment.dispatched", sent, {"tracking": "FI9"}, (NEW,), key="FI9")
    return c


def delivered(c: Cast) -> Cast:
    replaced(c, 17, 18).tell("shipment.delivered", 20, {"tracking": "FI9"}, (NEW,), key="FI9")
    return c


def lost(c: Cast, source: str = "") -> Cast:
    data = {"reason": "Lost", "lost": True, "tracking": "FI9"}
    (delivered(c.carried()) if source else replaced(c, 17, 18)).tell(
        "shipment.exception", 21 if not source else 20, data, (NEW,), source, "FI9"
    )
    return c


def called_off(c: Cast) -> Cast:
    replaced(c).tell("order.cancelled", 21, {}, (NEW,))
    return c


def failed(c: Cast) -> Cast:
    c.back(13, 0).tell("return.inspected", 16, {"result": "failed", "reason": "Soles worn"})
    return c


def posted(c: Cast) -> Cast:
    c.back(0, 0).tell("return.dispatched", 18)
    return c


def return_off(c: Cast) -> Cast:
    c.back(0, 0).tell("return.cancelled", 14, {}, (RETURN, ORDER))
    return c


STORIES: dict[str, Story] = {
    "which_one": (two_returns, "Maya has several orders or returns that could be meant. Ask which one."),
    "sources_disagree": (lambda c: lost(c, "carrier"), "Don’t answer yet: two sources disagree on the parcel."),
    "replacement_cancelled": (called_off, "The replacement 48-2001 was cancelled on Sat 21 Nov."),
    "replacement_problem": (lost, "The carrier lost the replacement 48-2001 on Sat 21 Nov."),
    "replacement_delivered": (delivered, "The replacement 48-2001 was delivered on Fri 20 Nov."),
    "replacement_sent": (lambda c: replaced(c, 17, 18), "The replacement 48-2001 was sent on Wed 18 Nov."),
    "replacement_placed": (replaced, "The replacement 48-2001 was ordered on Fri 20 Nov and has not been sent yet. It "
                           "should be sent by Mon 23 Nov."),
    "return_not_passed": (failed, "The return did not pass inspection on Mon 16 Nov: “Soles worn”. No replacement"),
    "refunded_instead": (lambda c: c.back().refund("paid", 17), "It goes back as money: a refund of €84.90 was sent on "
                         "Tue 17 Nov. No replacement order is known."),
    "return_received": (lambda c: c.back(18, 19), "The return arrived on Wed 18 Nov and passed inspection on Thu 19 "
                        "Nov. No replacement order is known."),
    "return_under_way": (posted, "The return was sent on Wed 18 Nov. No replacement order is known."),
    "return_registered": (lambda c: c.back(0, 0), "The return was registered on Mon 9 Nov. No replacement order is"),
    "return_cancelled": (return_off, "The return was cancelled on Sat 14 Nov."),
    "no_exchange": (lambda c: home(c).bought().delivered(),
                    "No return is registered for this order, and no replacement order is known."),
    "nothing_found": (nothing, "Nothing was found for 48-1193. We looked until 14:00."),
}  # fmt: skip
