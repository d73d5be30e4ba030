"""The ordered table of situations: the first that holds is the answer's."""

from __future__ import annotations

from cases.questions.common.conflicts import Conflict, inspected_differently, received_and_cancelled
from cases.questions.common.matter import Matter
from cases.questions.common.reading import Reading
from cases.questions.common.situations import Situation
from cases.questions.return_status.reading import ReturnReading

BACK = ("order", "warehouse")
TERMS = (*BACK, "policy")
AFTER = ("finance", "policy")
INSPECTED = "the inspection is finished"
NO_MONEY = "money does not move before it has arrived"


def conflict(r: Reading) -> Conflict | None:
    return received_and_cancelled(r) or inspected_differently(r)


def rank(matter: Matter) -> int:
    """0 a return is under way, 1 it was paid back, 2 there is none."""
    if not matter.returns:
        return 2
    paid = [x for x in matter.refunds if x.status == "paid"]
    return 1 if len(paid) >= len(matter.returns) else 0


def _passed(r: ReturnReading) -> bool:
    return bool(r.passed and not r.rejected)


TABLE = (
    Situation("sources_disagree", conflict, BACK, "the disagreement is about the return"),
    Situation("inspection_failed", lambda r: r.rejected and not r.paid, ("warehouse", "finance"), INSPECTED),
    Situation("refunded", lambda r: r.here and r.paid, AFTER, "the return has arrived and the money has left",
              lambda r: [r.bank_days[1] if r.bank_days else None]),
    Situation("refund_failed", lambda r: r.here and r.failed, ("finance",), INSPECTED),
    Situation("refund_overdue", lambda r: _passed(r) and not r.latest("submitted") and r.over(r.refund_due),
              ("warehouse", *AFTER), "the return has arrived"),
    Situation("inspection_passed", _passed, ("warehouse", *AFTER), "the return has arrived", lambda r: [r.refund_due]),
    Situation("inspection_overdue", lambda r: r.received and r.over(r.inspection_due), TERMS, NO_MONEY),
    Situation("arrived", lambda r: r.here, TERMS, NO_MONEY, lambda r: [r.inspection_due]),
    Situation("arrival_overdue", lambda r: r.posted and r.over(r.arrival_due), TERMS, NO_MONEY),
    Situation("in_transit", lambda r: r.posted and r.has_return, TERMS, NO_MONEY, lambda r: [r.arrival_due]),
    Situation("announced", lambda r: r.has_return, BACK, NO_MONEY),
    Situation("return_cancelled", lambda r: r.m.of("return.cancelled"), BACK, "the return was cancelled"),
    Situation("no_return", lambda r: r.order, ("order", "policy"), "nothing was sent back", lambda r: [r.window_end],
              absent=("return.requested",)),
    Situation("nothing_found", lambda r: True, BACK, "money and policies know no returns", absent=("order.placed",),
              whole=True),
)  # fmt: skip
