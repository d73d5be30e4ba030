"""Claims, steps and the reply: sentences that each rest on a fact or a check."""

from __future__ import annotations

from cases.answers import Claim, Step, Text, Value, text
from cases.questions.refund_status import sentences as say
from cases.questions.refund_status import values as v
from cases.questions.refund_status.reading import Reading
from connectors.host.views import FactView

WORDS = {
    "order.placed": "Order placed{on}.", "order.cancelled": "Order cancelled{on}.",
    "payment.captured": "The customer paid {a}{on}.", "shipment.delivered": "Parcel delivered{on}.",
    "shipment.exception": "The carrier reports a problem{on}.", "return.requested": "Return registered{on}.",
    "return.cancelled": "Return cancelled{on}.", "return.dispatched": "Return sent{on}.",
    "return.received": "Return received{on}.", "return.rejected": "Return rejected{on}.",
    "refund.approved": "Refund of {a} approved{on}.", "refund.submitted": "Refund of {a} handed to the bank{on}.",
    "refund.paid": "Refund of {a} sent{on}.", "refund.failed": "Refund of {a} failed{on}.",
    "refund.cancelled": "Refund of {a} cancelled{on}.", "dispute.opened": "Dispute over {a} opened{on}.",
    "dispute.closed": "Dispute closed{on}.", "credit_note.issued": "Credit note of {a} issued{on}.",
}  # fmt: skip


def _about(r: Reading, fact: FactView) -> Claim:
    words = WORDS.get(fact.kind, "")
    if fact.kind == "return.inspected":
        words = "Inspection passed{on}." if fact.data.get("result") == "passed" else "Inspection failed{on}."
    if fact.kind == "order.changed":
        told = text("The shop says that {a} was refunded{on}.", a=v.money(fact, "/refunded"), on=say.when(r, fact))
        return Claim("order.refunded", told, fact.domain, (fact.id,))
    if fact.kind == "shipment.exception" and fact.data.get("lost"):
        words = "The carrier lost the parcel{on}."
    if "{a}" in words:
        said = text(words, a=v.money(fact), on=say.when(r, fact))
    else:
        said = text(words, on=say.when(r, fact))
    return Claim(fact.kind, said, fact.domain, (fact.id,))


def claims(r: Reading) -> tuple[Claim, ...]:
    """What the sources say, by domain; what finance does not know is said only where it was asked completely."""
    chosen: list[FactView] = []
    for refund in r.refunds:
        chosen.append(refund.last)
    for kind in (*WORDS, "return.inspected"):
        if not kind.startswith("refund.") and (fact := r.m.last(kind)):
            chosen.append(fact)
    if (told := r.m.last("order.changed")) and told.data.get("refunded"):
        chosen.append(told)
    unique = {f.id: f for f in chosen}.values()
    found = [_about(r, f) for f in sorted(unique, key=lambda f: (f.sort_at, f.id), reverse=True)]
    if not r.refunds and (checks := r.looked("finance", "refund.paid")):
        found.insert(0, Claim("refund.none", Text(("Finance has no refund for this.",)), "finance", (), checks))
    if r.has_return and not r.received and (checks := r.looked("warehouse", "return.received")):
        said = Text(("The warehouse has not received the return.",))
        found.insert(0, Claim("return.not_received", said, "warehouse", (), checks))
    sent = next((n for n, c in enumerate(found, 1) if r.paid and r.paid.last.id in c.facts), 0)
    return (*found[:sent], *_fees(r), *_traced(r), *found[sent:], *_terms(r), *_looked(r))


def _traced(r: Reading) -> list[Claim]:
    """The bank's reference, once the money should have been seen."""
    if not r.paid or not say.shown_by_now(r) or not r.paid.last.data.get("bank_reference"):
        return []
    said = text("Bank reference {n}.", n=v.said(r.paid.last, "/bank_reference", type_="ref"))
    return [Claim("refund.reference", said, "finance", (r.paid.last.id,))]


def _looked(r: Reading) -> list[Claim]:
    if r.m.facts:
        return []
    done = [c for c in r.evidence.checks if c.outcome == "nothing" and c.complete]
    return [Claim("nothing", text("Asked at {t}: nothing known.", t=v.clock(c, r.zone)), c.domain, (), (c.id,))
            for c in sorted(done, key=lambda c: c.id)]  # fmt: skip


def _terms(r: Reading) -> list[Claim]:
    """The terms that this matter turns on; none where nothing is known that they could apply to."""
    found: list[Claim] = []
    if not r.m.facts:
        return found
    if (p := r.refunds_policy) and r.lost and p.get("early_refund"):
        said = text("A parcel that the carrier has lost is refunded at once ({c}).", c=v.clause(p.fact, "early_refund"))
        found.append(Claim("policy.early_refund", said, "policy", (p.fact.id,), (), "early_refund"))
    if (p := r.refunds_policy) and r.paid:
        method = str(r.paid.last.data.get("method") or "card")
        if (p.get("bank_days") or {}).get(method):
            words = "A gift card is filled within {n} working days ({c})." if say.by_gift_card(r) else (
                "Banks take {n} working days to show it ({c}).")  # fmt: skip
            said = text(words, n=v.business_days(p.fact, method), c=v.clause(p.fact, "bank_days"))
            found.append(Claim("policy.bank_days", said, "policy", (p.fact.id,), (), "bank_days"))
    may_return = bool(r.order) and not (r.has_return or r.cancelled or r.lost or r.dispute)
    pairs = ((r.refunds_policy, "refund_days", "Finance sends a refund within {n} working days ({c}).",
              bool(r.approval) and not r.paid),
             (r.returns_policy, "inspection_days", "A return is inspected within {n} working days ({c}).",
              r.has_return and not r.inspected and not r.rejected),
             (r.returns_policy, "window_days", "A return can be registered within {n} days ({c}).", may_return),
             (r.cancel_policy, "refund_days", "A cancelled order is refunded within {n} working days ({c}).",
              bool(r.cancelled) and not r.paid))  # fmt: skip
    for terms, field, words, matters in pairs:
        for fact in (terms.fact, *terms.also) if terms and matters else ():
            if fact.data.get(field) is not None:
                said = text(words, n=v.said(fact, f"/{field}", type_="number"), c=v.clause(fact, field))
                found.append(Claim(f"policy.{field}", said, "policy", (fact.id,), (), field))
    return found


def _fees(r: Reading) -> list[Claim]:
    """The sum of a refund explained by its lines."""
    fact = r.refunds[-1].last if r.refunds else None
    lines = (fact.data.get("lines") or []) if fact else []
    if not fact or not lines:
        return []
    parts: list[str | Value] = ["The refund is made of "]
    for n, line in enumerate(lines):
        money, at = line["amount"], f"/lines/{n}"
        label = Value("text", line["label"], line["label"], fact=fact.id, pointer=f"{at}/label")
        parts += [", " if n else "", label, " ",
                  Value("amount", money["amount"], say.v.formats.money(money["amount"], money["currency"]),
                        money["currency"], fact.id, f"{at}/amount")]  # fmt: skip
    return [Claim("refund.lines", Text((*parts, ".")), "finance", (fact.id,))]


# -- steps --------------------------------------------------------------------------------------------
def steps(r: Reading, name: str) -> tuple[Step, ...]:
    """The way to the end: what is done, where it stands, what is expected."""
    if name in ("nothing_found", "which_one", "outside_window", "early_refund_not_allowed", "disputed"):
        return ()
    refund = r.refunds[-1] if r.refunds else None
    sent = r.paid.last if r.paid else None
    approved = refund.of("refund.approved") if refund else None
    done: list[tuple[str, str, FactView | None]] = []
    if r.has_return:
        done += [("received", "Parcel received", r.received), ("inspected", "Inspected", r.inspected or r.rejected)]
    elif r.cancelled:
        done += [("cancelled", "Cancelled", r.cancelled)]
    elif r.lost:
        done += [("lost", "Parcel lost", r.lost)]
    if name == "inspection_failed":  # nothing follows by itself
        return tuple(_step(r, *step, n, len(done)) for n, step in enumerate(done))
    done += [("approved", "Approved", approved)]
    handed = r.latest("submitted") if name == "submitted" else None
    done += [("submitted", "Handed to bank", handed.last)] if handed else [("sent", _sending(r), sent)]
    last = max((n for n, x in enumerate(done) if x[2]), default=-1)
    made = [_step(r, key, label, fact, n, last) for n, (key, label, fact) in enumerate(done)]
    if name == "refund_failed" and refund:
        made[-1] = Step("sent", Text(("Sent to bank",)), "failed", _short(r, refund.last))
    where = "On {p} gift card" if say.by_gift_card(r) else "In {p} account"
    return (*made, Step("arrived", text(where, p=v.own(r.person)), "todo", _arrives(r)))


def _sending(r: Reading) -> str:
    return "Sent" if say.by_gift_card(r) else "Sent to bank"


def _step(r: Reading, key: str, label: str, fact: FactView | None, n: int, last: int) -> Step:
    if key == "inspected" and r.rejected:
        return Step(key, Text((label,)), "failed", _short(r, r.rejected))
    state = "todo" if n > last else "now" if n == last else "done"
    return Step(key, Text((label,)), state, _short(r, fact) if fact else _expected(r, key))  # type: ignore[arg-type]


def _short(r: Reading, fact: FactView) -> Text:
    return text("{d}", d=v.when(fact, r.zone, r.today, True)) if r.day(fact) else Text()


def _expected(r: Reading, key: str) -> Text:
    if key == "inspected":
        return say.due(r, r.inspection_due, r.received, r.returns_policy, "inspection_days")
    return say.refund_due(r) if key == "sent" else Text()


def _arrives(r: Reading) -> Text:
    if not (r.paid and r.bank_days and r.refunds_policy):
        return Text()
    rule = f"{r.refunds_policy.clause('bank_days')}: bank days"
    return text("{d}", d=v.ruled_range(r.bank_days, rule, (r.paid.last, r.refunds_policy.fact), r.today))
