"""The ordered table of situations: the first that holds is the answer's."""

from __future__ import annotations

from cases.answers import Witness, text
from cases.questions.common import values as v
from cases.questions.common.conflicts import Conflict, witness
from cases.questions.common.matter import Matter, amount
from cases.questions.common.saying import when
from cases.questions.common.situations import Situation
from cases.questions.double_charge.reading import ChargeReading, charges, currency, one_charge_each
from connectors.host.views import FactView

MONEY = ("finance",)
BOTH = ("order", "finance")
TAKEN = "the money was taken, whatever the shop says since"


def conflict(r: ChargeReading) -> Conflict | None:
    """One payment with two amounts, or charges that may be one, told by two sources."""
    for charge in r.charges:
        for other in charge.facts[:-1]:
            if _money(other) != _money(charge.fact) and other.source != charge.fact.source:
                return Conflict("two sources give one payment differently", _sides(r, other, charge.fact))
    for n, one in enumerate(r.charges):
        for two in r.charges[n + 1 :]:
            if one.fact.source != two.fact.source and _money(one.fact) == _money(two.fact):
                return Conflict("two sources seem to tell of the same payment", _sides(r, one.fact, two.fact))
    return None


def _money(fact: FactView) -> tuple[object, str]:
    return amount(fact.data.get("amount")), currency(fact.data.get("amount"))


def _sides(r: ChargeReading, *facts: FactView) -> tuple[Witness, ...]:
    return tuple(witness(f, text("{a} taken{on}", a=v.money(f), on=when(r, f))) for f in facts)


def rank(matter: Matter) -> int:
    """0 it was charged more than once, 1 once or never."""
    return 0 if len(charges(matter)) > 1 else 1


def together(found: list[Matter]) -> Matter | None:
    return one_charge_each(found, lambda m: m.last("order.placed"))


TABLE = (
    Situation("sources_disagree", conflict, MONEY, "the disagreement is about money"),
    Situation("two_orders", lambda r: r.several_orders and len(r.charges) > 1 and not r.too_much, BOTH, ""),
    Situation("disputed", lambda r: r.too_much and r.dispute, BOTH, ""),
    Situation("given_back", lambda r: r.too_much and r.covers(r.back("paid")), (*BOTH, "policy"), "",
              lambda r: [r.bank_days[1] if r.bank_days else None]),
    Situation("refund_failed", lambda r: r.too_much and r.failed_refund, BOTH, ""),
    Situation("refund_under_way", lambda r: r.too_much and r.back("approved", "submitted", "paid"),
              (*BOTH, "policy"), "", lambda r: [r.refund_due, r.bank_days[1] if r.bank_days else None]),
    Situation("charged_twice", lambda r: r.too_much and r.alike, BOTH, "policies take no money",
              absent=("refund.paid",)),
    Situation("charged_more", lambda r: r.too_much, BOTH, "policies take no money", absent=("refund.paid",)),
    Situation("in_parts", lambda r: r.in_parts, BOTH, "policies take no money"),
    Situation("several_charges", lambda r: len(r.charges) > 1, BOTH, "policies take no money"),
    Situation("attempt_failed", lambda r: r.charges and r.attempt, MONEY, TAKEN, absent=("payment.captured",)),
    Situation("charged_once", lambda r: r.charges, MONEY, TAKEN, absent=("payment.captured",)),
    Situation("not_charged", lambda r: r.order, BOTH, "policies take no money", absent=("payment.captured",)),
    Situation("nothing_found", lambda r: True, ("order",), "finance knows no order that the shop does not",
              absent=("order.placed",), whole=True),
)  # fmt: skip
