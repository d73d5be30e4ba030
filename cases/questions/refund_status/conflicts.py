"""Where sources disagree, or one refund seems to have been made twice."""

from __future__ import annotations

from decimal import Decimal

from cases.answers import Text, Witness, text
from cases.questions.common import values
from cases.questions.common.conflicts import Conflict, received_and_cancelled, witness
from cases.questions.common.matter import Refund, amount
from cases.questions.common.reading import Reading
from connectors.host.views import FactView


def conflict(r: Reading) -> Conflict | None:
    """The first disagreement found, or None."""
    return _says_refunded(r) or _refunds_differ(r) or received_and_cancelled(r)


def _says_refunded(r: Reading) -> Conflict | None:
    """Another system says that money went back, while finance, asked completely, knows of none."""
    told = [f for f in r.m.of("order.changed") if amount(f.data.get("refunded"))]
    # Checks say what was looked for; an order without a payment ref leaves finance unasked and proves nothing.
    checks = r.absence("refund.paid")
    if not told or not checks or any(x.last.domain == "finance" and x.status == "paid" for x in r.m.refunds):
        return None
    fact = told[-1]
    other = witness(fact, text("Says {a} was refunded", a=values.money(fact, "/refunded")))
    names = {c.id: c for c in r.evidence.checks}
    first = names[checks[0]]
    none = Witness(first.source, first.source_title, "finance", Text(("No refund has been paid",)), (), checks)
    return Conflict("two sources disagree on the refund", (none, other))


def _shares(one: Refund, two: Refund) -> bool:
    def known(x: Refund) -> set[tuple[str, str]]:
        banks = {("bank", str(f.data["bank_reference"])) for f in x.facts if f.data.get("bank_reference")}
        return banks | {("refund", v) for f in x.facts for v in f.ref_values("refund")}

    return bool(known(one) & known(two))


def _refunds_differ(r: Reading) -> Conflict | None:
    found = r.m.refunds
    for n, one in enumerate(found):
        for two in found[n + 1 :]:
            if one.last.source == two.last.source:
                continue
            same = (one.money, one.currency) == (two.money, two.currency)
            if _shares(one, two) == same:
                continue  # the same refund with two witnesses, or two different ones
            both = {f.data.get("bank_reference") for x in (one, two) for f in x.facts} - {None}
            if same and len(both) > 1:
                continue  # two bank references: two payments
            why = "two sources possibly tell of the same refund" if same else "two sources disagree on the amount"
            said = [witness(x.last, text("Refund of {a}", a=values.money(x.last))) for x in (one, two)]
            return Conflict(why, tuple(said))
    return None


def paid_too_much(r: Reading) -> tuple[list[FactView], Decimal] | None:
    """Payments and their sum where they exceed what came in; rightful parts of a whole don't."""
    paid = [x for x in r.refunds if x.status == "paid" and x.money is not None]
    unique: list[Refund] = []
    for x in paid:
        if not any(_shares(x, y) for y in unique):
            unique.append(x)
    if not unique or len({x.currency for x in unique}) > 1:
        return None
    total = sum((x.money or Decimal(0) for x in unique), Decimal(0))
    limit = r.worth
    asked = [amount(f.data.get("amount")) for f in r.m.of("return.requested")]
    returned = sum((a for a in asked if a is not None), Decimal(0)) if asked and None not in asked else None
    over_all = limit is not None and total > limit[0]
    over_return = len(unique) > 1 and returned is not None and total > returned and not r.cancelled
    return ([x.last for x in unique], total) if over_all or over_return else None
