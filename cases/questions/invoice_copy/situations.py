"""The ordered table of situations: the first that holds is the answer's."""

from __future__ import annotations

from cases.answers import text
from cases.questions.common import values as v
from cases.questions.common.conflicts import Conflict, witness
from cases.questions.common.matter import Matter, amount
from cases.questions.common.saying import when
from cases.questions.common.situations import Situation
from cases.questions.invoice_copy.reading import CREDIT, INVOICE, PaperReading, number
from connectors.host.views import FactView

BOTH = ("order", "finance")
ISSUED = "the paper was issued, whatever the shop says since"


def conflict(r: PaperReading) -> Conflict | None:
    """One paper, printed with two amounts by two sources."""
    told = r.m.of(INVOICE, CREDIT)
    for n, one in enumerate(told):
        for two in told[n + 1 :]:
            same = (one.kind, number(one)) == (two.kind, number(two)) and number(one)
            if same and one.source != two.source and _money(one) != _money(two):
                sides = tuple(witness(f, text("{a}{on}", a=v.money(f), on=when(r, f))) for f in (one, two))
                return Conflict("two sources give one paper differently", sides)
    return None


def _money(fact: FactView) -> object:
    return amount(fact.data.get("amount")), (fact.data.get("amount") or {}).get("currency")


def rank(matter: Matter) -> int:
    """Every order can be meant: a paper is asked for long after."""
    return 0


TABLE = (
    Situation("sources_disagree", conflict, ("finance",), "the disagreement is about the paper"),
    Situation("invoice_and_credit_note", lambda r: r.invoices and r.credits, ("finance",), ISSUED),
    Situation("several_invoices", lambda r: len(r.invoices) > 1, ("finance",), ISSUED),
    Situation("issued", lambda r: r.invoices, ("finance",), ISSUED),
    Situation("credit_note_only", lambda r: r.credits, ("finance",), ISSUED, absent=(INVOICE,)),
    Situation("cancelled", lambda r: r.cancelled, BOTH, "", absent=(INVOICE,)),
    Situation("not_issued", lambda r: r.order, BOTH, "", absent=(INVOICE,)),
    Situation("nothing_found", lambda r: True, ("order",), "finance knows no order that the shop does not",
              absent=("order.placed",), whole=True),
)  # fmt: skip
