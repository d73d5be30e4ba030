"""Claims, steps and the reply: sentences that each rest on a fact or a check."""

from __future__ import annotations

from cases import formats
from cases.answers import Claim, Step, Text, Value, text
from cases.questions.common import values as v
from cases.questions.common.claims import WORDS, about, looked, newest_first, none, term
from cases.questions.common.reading import Reading
from cases.questions.common.saying import short
from cases.questions.refund_status import reply
from cases.questions.refund_status import sentences as say
from connectors.host.views import FactView

OTHERS = ("shipment.dispatched", "payment.failed")
"""Of the common kinds, those that say nothing of a refund."""


def claims(r: Reading, name: str) -> tuple[Claim, ...]:
    """What the sources say, by domain; what finance does not know is said only where it was asked completely."""
    chosen = [refund.last for refund in r.refunds]
    for kind in (*WORDS, "return.inspected"):
        if not kind.startswith("refund.") and kind not in OTHERS and (fact := r.m.last(kind)):
            chosen.append(fact)
    if (told := r.m.last("order.changed")) and told.data.get("refunded"):
        chosen.append(told)
    found = [about(r, f) for f in newest_first(chosen)]
    if not r.refunds:
        found[:0] = none(r, "refund.none", "Finance has no refund for this.", "refund.paid")
    if r.has_return and not r.received:
        found[:0] = none(r, "return.not_received", "The warehouse has not received the return.", "return.received")
    sent = next((n for n, c in enumerate(found, 1) if r.paid and r.paid.last.id in c.facts), 0)
    decides = reply.decides(r) if name == "sources_disagree" else None
    said = (*found[:sent], *_fees(r), *_traced(r), *found[sent:], *_terms(r), *looked(r))
    return (*said, decides) if decides else said


def _traced(r: Reading) -> list[Claim]:
    """The bank's reference, once the money should have been seen."""
    if not r.paid or not say.shown_by_now(r) or not r.paid.last.data.get("bank_reference"):
        return []
    said = text("Bank reference {n}.", n=v.said(r.paid.last, "/bank_reference", type_="ref"))
    return [Claim("refund.reference", said, "finance", (r.paid.last.id,))]


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
        found += term(r, terms, field, words) if matters else []
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
                  Value("amount", money["amount"], formats.money(money["amount"], money["currency"]),
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
        made[-1] = Step("sent", Text(("Sent to bank",)), "failed", short(r, refund.last))
    where = "On {p} gift card" if say.by_gift_card(r) else "In {p} account"
    return (*made, Step("arrived", text(where, p=v.own(r.person)), "todo", _arrives(r)))


def _sending(r: Reading) -> str:
    return "Sent" if say.by_gift_card(r) else "Sent to bank"


def _step(r: Reading, key: str, label: str, fact: FactView | None, n: int, last: int) -> Step:
    if key == "inspected" and r.rejected:
        return Step(key, Text((label,)), "failed", short(r, r.rejected))
    state = "todo" if n > last else "now" if n == last else "done"
    return Step(key, Text((label,)), state, short(r, fact) if fact else _expected(r, key))  # type: ignore[arg-type]


def _expected(r: Reading, key: str) -> Text:
    if key == "inspected":
        return say.due(r, r.inspection_due, r.received, r.returns_policy, "inspection_days")
    return say.refund_due(r) if key == "sent" else Text()


def _arrives(r: Reading) -> Text:
    if not (r.paid and r.bank_days and r.refunds_policy):
        return Text()
    rule = f"{r.refunds_policy.clause('bank_days')}: bank days"
    return text("{d}", d=v.ruled_range(r.bank_days, rule, (r.paid.last, r.refunds_policy.fact), r.today))
