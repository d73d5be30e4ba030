"""Claims and steps: sentences that each rest on a fact or a check."""

from __future__ import annotations

from cases.answers import Claim, Step, Text, text
from cases.questions.common import claims as say
from cases.questions.common.saying import Way, walked
from cases.questions.invoice_copy.reading import CREDIT, INVOICE, PaperReading
from cases.questions.invoice_copy.sentences import begun
from connectors.host.views import FactView

KINDS = ("order.placed", "order.cancelled", "payment.captured")


def claims(r: PaperReading, name: str) -> tuple[Claim, ...]:
    """Every paper with its number, day and amount; and what was ordered and paid."""
    facts = [*r.invoices, *r.credits, *filter(None, map(r.m.last, KINDS))]
    found = [_about(r, f) for f in say.newest_first(facts)]
    if not r.invoices and r.m.facts:
        found[:0] = say.none(r, "invoice.none", "Finance has issued no invoice for this.", INVOICE)
    return (*found, *say.looked(r))


def _about(r: PaperReading, fact: FactView) -> Claim:
    if fact.kind in (INVOICE, CREDIT):
        return Claim(fact.kind, begun(text("{p} was issued.", p=r.named(fact))), fact.domain, (fact.id,))
    return say.about(r, fact)


def steps(r: PaperReading, name: str) -> tuple[Step, ...]:
    """Ordered, paid, invoiced, credited."""
    if name in ("sources_disagree", "nothing_found", "cancelled"):
        return ()
    way: Way = [("placed", "Ordered", r.order, Text()), ("paid", "Paid", r.captured, Text()),
                ("invoiced", "Invoice issued", r.invoices[-1] if r.invoices else None, Text())]  # fmt: skip
    if r.credits:
        way.append(("credited", "Credit note issued", r.credits[-1], Text()))
    return walked(r, way)
