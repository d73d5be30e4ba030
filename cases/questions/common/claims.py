"""What a source says, as one sentence that rests on one fact; and terms as sentences that rest on their policy."""

from __future__ import annotations

from collections.abc import Iterable

from cases.answers import Claim, Text, text
from cases.questions.common import saying
from cases.questions.common import values as v
from cases.questions.common.policy import Terms
from cases.questions.common.reading import Reading, tellers
from connectors.host.views import FactView

WORDS = {
    "order.placed": "Order placed{on}.", "order.cancelled": "Order cancelled{on}.",
    "payment.captured": "The customer paid {a}{on}.", "payment.failed": "A payment of {a} failed{on}.",
    "shipment.dispatched": "Parcel sent{on}.", "shipment.delivered": "Parcel delivered{on}.",
    "shipment.exception": "The carrier reports a problem{on}.", "return.requested": "Return registered{on}.",
    "return.cancelled": "Return cancelled{on}.", "return.dispatched": "Return sent{on}.",
    "return.received": "Return received{on}.", "return.rejected": "Return rejected{on}.",
    "refund.approved": "Refund of {a} approved{on}.", "refund.submitted": "Refund of {a} handed to the bank{on}.",
    "refund.paid": "Refund of {a} sent{on}.", "refund.failed": "Refund of {a} failed{on}.",
    "refund.cancelled": "Refund of {a} cancelled{on}.", "dispute.opened": "Dispute over {a} opened{on}.",
    "dispute.closed": "Dispute closed{on}.", "credit_note.issued": "Credit note of {a} issued{on}.",
}  # fmt: skip


def about(r: Reading, fact: FactView) -> Claim:
    """The claim of one fact, under its kind as key."""
    words = WORDS.get(fact.kind, "")
    if fact.kind == "return.inspected":
        words = "Inspection passed{on}." if fact.data.get("result") == "passed" else "Inspection failed{on}."
    if fact.kind == "order.changed":
        told = text("The shop says that {a} was refunded{on}.", a=v.money(fact, "/refunded"), on=saying.when(r, fact))
        return Claim("order.refunded", told, fact.domain, (fact.id,))
    if fact.kind == "shipment.exception" and fact.data.get("lost"):
        words = "The carrier lost the parcel{on}."
    if "{a}" in words:
        said = text(words, a=v.money(fact), on=saying.when(r, fact))
    else:
        said = text(words, on=saying.when(r, fact))
    return Claim(fact.kind, said, fact.domain, (fact.id,))


def newest_first(facts: Iterable[FactView]) -> list[FactView]:
    unique = {f.id: f for f in facts}.values()
    return sorted(unique, key=lambda f: (f.sort_at, f.id), reverse=True)


def latest(r: Reading, *kinds: str) -> list[Claim]:
    """The latest fact of each kind, newest first."""
    return [about(r, f) for f in newest_first(filter(None, map(r.m.last, kinds)))]


def none(r: Reading, key: str, words: str, kind: str) -> list[Claim]:
    """That a kind is not there, where a complete check says so."""
    checks = r.absence(kind)
    return [Claim(key, Text((words,)), tellers(kind)[0], (), checks)] if checks else []


def term(r: Reading, terms: Terms | None, field: str, words: str, type_: str = "number") -> list[Claim]:
    """A term as it is written, with ``{n}`` and its clause ``{c}``; of every version that could apply."""
    found: list[Claim] = []
    for fact in (terms.fact, *terms.also) if terms else ():
        if (count := fact.data.get(field)) is not None:
            counted = words.replace(" days ", " day ") if count == 1 else words
            said = text(counted, n=v.said(fact, f"/{field}", type_=type_), c=v.clause(fact, field))
            found.append(Claim(f"policy.{field}", said, "policy", (fact.id,), (), field))
    return found


def looked(r: Reading) -> list[Claim]:
    """Where nothing at all is known: who was asked, and when."""
    if r.m.facts:
        return []
    done = [c for c in r.evidence.checks if c.outcome == "nothing" and c.complete]
    return [Claim("nothing", text("Asked at {t}: nothing known.", t=v.clock(c, r.zone)), c.domain, (), (c.id,))
            for c in sorted(done, key=lambda c: c.id)]  # fmt: skip
