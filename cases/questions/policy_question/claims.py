"""Claims and steps: sentences that each rest on a fact or a check."""

from __future__ import annotations

from cases.answers import Claim, Step, Text, text
from cases.questions.common import claims as say
from cases.questions.common import values as v
from cases.questions.common.saying import Way, trimmed, walked, window
from cases.questions.policy_question.quoting import days, quote, where
from cases.questions.policy_question.reading import TermsReading

KINDS = ("order.placed", "order.cancelled", "shipment.delivered", "return.requested")


def claims(r: TermsReading, name: str) -> tuple[Claim, ...]:
    """What the terms say, word by word, and from when their days are counted."""
    found = [*_terms(r), *say.latest(r, *KINDS)]
    if name == "order_unknown":
        found += say.none(r, "order.none", "The shop knows of no such order.", "order.placed")
    if name == "no_terms" and r.searched:
        words = Text(("No terms on returns are in force for this.",))
        found.append(Claim("policy.none", words, "policy", (), r.searched))
    return tuple(found)


def _terms(r: TermsReading) -> list[Claim]:
    """Of every version that could apply: its days, where they stand, and the clause itself."""
    found: list[Claim] = []
    for fact in r.versions:
        if fact.data.get("window_days") is None:
            continue
        said = text("Returns: {n} ({w}).", n=days(fact), w=where(r, fact))
        found.append(Claim("policy.window_days", said, "policy", (fact.id,), (), "window_days"))
        if words := quote(fact):
            read = text("{c} reads: “{q}”", c=v.clause(fact, "window_days"), q=words)
            found.append(Claim("policy.quote", read, "policy", (fact.id,), (), "clause quoted"))
    return found


def steps(r: TermsReading, name: str) -> tuple[Step, ...]:
    """Ordered, delivered, the last day."""
    if not name.startswith("window") or r.cancelled:
        return ()
    by = trimmed(window(r, " by {d}"))
    way: Way = [("placed", "Ordered", r.order, Text()),
                ("delivered", "Delivered", r.m.last("shipment.delivered"), Text()),
                ("registered", "Return registered", r.m.last("return.requested"), by)]  # fmt: skip
    return walked(r, way)
