"""Did my return arrive?"""

from __future__ import annotations

from tests.questions.conftest import Cast
from tests.questions.stories import Story, home, nothing
from tests.questions.test_situations import two_orders as two_returns

QUESTION = "return-status"


def way(c: Cast, posted: int) -> Cast:
    c.back(0, 0).tell("return.dispatched", posted)
    return c


def failed(c: Cast) -> Cast:
    c.back(13, 0).tell("return.inspected", 16, {"result": "failed", "reason": "Soles worn"})
    return c


def called_off(c: Cast, received: int = 0) -> Cast:
    c.back(received, 0).tell("return.cancelled", 14)
    return c


STORIES: dict[str, Story] = {
    "which_one": (two_returns, "Maya has several orders or returns that could be meant. Ask which one."),
    "sources_disagree": (lambda c: called_off(c, 13), "Don’t answer yet: two sources disagree on the return."),
    "inspection_failed": (failed, "arrived on Fri 13 Nov and did not pass inspection on Mon 16 Nov: “Soles worn”."),
    "refunded": (lambda c: c.back().refund("paid", 17), "The return arrived on Fri 13 Nov. €84.90 went back to Maya’s "
                 "Visa on Tue 17 Nov. The bank should show it between 24 Nov and 1 Dec."),
    "refund_failed": (lambda c: c.back().refund("failed", 19, reason="Account closed"), "The return arrived on Fri "
                      "13 Nov. The refund of €84.90 failed on Thu 19 Nov: “Account closed”."),
    "refund_overdue": (lambda c: c.back(9, 10), "The refund should have been sent by Fri 13 Nov."),
    "inspection_passed": (lambda c: c.back(18, 19), "arrived on Wed 18 Nov and passed inspection on Thu 19 Nov. The "
                          "refund should be sent by Tue 24 Nov."),
    "inspection_overdue": (lambda c: c.back(13, 0), "It should have been inspected by Tue 17 Nov."),
    "arrived": (lambda c: c.back(20, 0), "The return arrived on Fri 20 Nov. Inspection is due by Tue 24 Nov."),
    "arrival_overdue": (lambda c: way(c, 11), "The return was sent on Wed 11 Nov. It should have arrived by Wed 18 "
                        "Nov. It has not reached the warehouse."),
    "in_transit": (lambda c: way(c, 18), "The return was sent on Wed 18 Nov. It should arrive by Wed 25 Nov."),
    "announced": (lambda c: c.back(0, 0), "registered on Mon 9 Nov. Nothing has reached the warehouse yet."),
    "return_cancelled": (called_off, "The return was cancelled on Sat 14 Nov."),
    "no_return": (lambda c: home(c).bought().delivered(), "No return is registered for this order. One can be "
                  "registered until Sat 5 Dec."),
    "nothing_found": (nothing, "Nothing was found for 48-1193. We looked until 14:00."),
}  # fmt: skip
