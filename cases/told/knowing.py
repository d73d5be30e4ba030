"""What is known, as typed values: from facts, and from the answer's sentences, which rest on facts by rule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from cases import formats
from cases.answers import Answer, Claim
from cases.told.amounts import same
from cases.told.reading import read, zone_of
from cases.told.shapes import Known, Said
from cases.told.statuses import family_in
from connectors.host.views import Evidence, FactView

IMPLIED = {
    "refund.paid": ("refund.approved", "refund.submitted"), "refund.submitted": ("refund.approved",),
    "return.inspected": ("return.received",), "return.received": ("return.dispatched", "return.requested"),
    "return.dispatched": ("return.requested",), "return.approved": ("return.requested",),
    "shipment.delivered": ("shipment.dispatched",), "return.rejected": ("return.received",),
}  # fmt: skip
"""What is so, too, where a fact of this kind is known."""
UNDONE = {
    "refund.approved": ("refund.cancelled",), "refund.submitted": ("refund.failed", "refund.cancelled"),
    "refund.paid": ("refund.failed", "refund.cancelled"), "return.approved": ("return.rejected", "return.cancelled"),
    "return.requested": ("return.cancelled",), "shipment.lost": ("shipment.delivered",),
}  # fmt: skip
"""What is so no longer, once a later fact of one of these kinds is about the same record."""
STAGES = {"refund.approved": 1, "refund.submitted": 2, "refund.paid": 3}
MAIN = ("amount", "total", "refunded")
"""Fields that say how much a thing is; others (lines, shipping, prices) are parts of it."""


def zone_name(evidence: Evidence) -> str:
    """The zone in which the case's days are counted: its policy's, else its first source's."""
    named = [str(f.data.get("zone") or f.zone) for f in evidence.facts if f.kind.startswith("policy.")]
    return (named or [f.zone for f in evidence.facts] or ["UTC"])[0]


def about(question: str) -> str:
    """The noun that "it" stands for in a case of this question."""
    return family_in(question.replace("-", " "))


def known(evidence: Evidence, answer: Answer) -> tuple[Known, ...]:
    """Everything typed that may be said now, whatever the order in which facts came."""
    zone = zone_name(evidence)
    own = sorted((f for f in evidence.facts if not f.kind.startswith("policy.")), key=lambda f: f.id)
    matters = _matters(own)
    found = [k for f in own for k in _of_fact(f, own, zone, matters)]
    found += _sums(found)
    said = {(k.type, k.value, k.topic) for k in found}
    by_rule = _of_answer(answer, evidence, zone, {f.id: f for f in evidence.facts}, matters)
    found += [k for k in by_rule if k.mode == "will" or k.type == "status" or not k.facts or _new(k, answer) or
              (k.type, k.value, k.topic) in said]  # fmt: skip
    return tuple(dict.fromkeys(found))


def _new(one: Known, answer: Answer) -> bool:
    """Whether a rule made this value of the facts that it cites, so that none of them says it by itself."""
    return any(
        v.rule and v.text and v.text in one.text for c in (*answer.claims, *answer.draft) for v in c.text.values
        if v.type == one.type
    )  # fmt: skip


def _matters(facts: Iterable[FactView]) -> dict[int, tuple[str, ...]]:
    """By fact: every reference of the matter it belongs to."""
    groups: list[tuple[set[str], list[int]]] = []
    for fact in facts:
        refs, ids = {str(r) for r in fact.refs if r.is_matter}, [fact.id]
        apart = []
        for group in groups:
            if group[0] & refs:
                refs, ids = refs | group[0], ids + group[1]
            else:
                apart.append(group)
        groups = [*apart, (refs, ids)]
    return {i: tuple(sorted(refs)) for refs, ids in groups for i in ids}


# -- facts ----------------------------------------------------------------------------------------------
def _kinds(fact: FactView) -> tuple[tuple[str, bool], ...]:
    """The topics of a fact, and whether it says yes or no to them."""
    if fact.kind == "return.inspected":
        return (fact.kind, True), ("return.passed", fact.data.get("result") == "passed")
    if fact.kind == "shipment.exception" and fact.data.get("lost"):
        return (fact.kind, True), ("shipment.lost", True)
    return ((fact.kind, True),)


def _of_fact(
    fact: FactView, facts: Iterable[FactView], zone: str, matters: Mapping[int, tuple[str, ...]]
) -> Iterator[Known]:
    day = fact.occurred.astimezone(zone_of(zone)).date() if fact.occurred else fact.day
    for topic, says in _kinds(fact):
        undoing = _undone(topic, fact, facts)
        base = Known(
            "status", "yes" if says and undoing is None else "no", topic, facts=((undoing or fact).id,),
            refs=matters[fact.id],
            text=(undoing or fact).said.split(",")[0], source=(undoing or fact).source_title, domain=fact.domain,
            when=(undoing or fact).occurred, day=day, stage=STAGES.get(topic, 0),
        )  # fmt: skip
        yield base
        if undoing is None and says:
            yield from (replace(base, topic=t, stage=0) for t in IMPLIED.get(topic, ()))
        if undoing is None and day is not None:
            yield replace(base, type="date", value=f"{day}/{day}", text=formats.long_day(day))
        if undoing is None or topic in ("refund.failed", "refund.cancelled"):
            yield from _amounts(fact, base)


def _undone(topic: str, fact: FactView, facts: Iterable[FactView]) -> FactView | None:
    """The fact that took this one back: later, of an undoing kind, and about the same thing."""
    family = topic.split(".")[0]
    mine = _own(fact, family)
    later = [
        f for f in facts
        if f.kind in UNDONE.get(topic, ()) and f.sort_at >= fact.sort_at and _own(f, family) & mine
    ]  # fmt: skip
    return min(later, key=lambda f: (f.sort_at, f.id), default=None)


def _own(fact: FactView, family: str) -> set[str]:
    """What the fact calls its own thing: its refund, its return …, else its record."""
    return set(fact.ref_values(family)) or {f"{fact.record_type}/{fact.record_id}"}


def _amounts(fact: FactView, base: Known) -> Iterator[Known]:
    if base.topic != fact.kind:
        return
    stage = STAGES.get(fact.kind, 0)
    for name in MAIN:
        money = fact.data.get(name)
        if isinstance(money, Mapping) and "amount" in money:
            topic = "refund.shop" if name == "refunded" else fact.kind
            yield _money(base, topic, money, stage)
    for line in (
        *(fact.data.get("lines") or ()),
        *(fact.data.get("items") or ()),
        {"amount": fact.data.get("shipping")},
    ):
        money = line.get("amount") or line.get("price")
        if isinstance(money, Mapping) and "amount" in money:
            yield _money(base, f"{fact.kind}/part", money, 0)


def _money(base: Known, topic: str, money: Mapping[str, Any], stage: int) -> Known:
    amount, currency = str(money["amount"]), str(money.get("currency", ""))
    return replace(base, type="amount", value=amount, unit=currency, topic=topic, stage=stage,
                   text=formats.money(amount, currency))  # fmt: skip


def _sums(found: Iterable[Known]) -> list[Known]:
    """What the refunds of one stage come to together."""
    amounts = [k for k in found if k.type == "amount" and k.stage and k.topic in STAGES]
    sums: list[Known] = []
    for key in sorted({(k.topic, k.unit, k.refs) for k in amounts}):
        several = [k for k in amounts if (k.topic, k.unit, k.refs) == key]
        if len(several) > 1:
            total = f"{sum(Decimal(k.value) for k in several):f}"
            facts = tuple(sorted({f for k in several for f in k.facts}))
            sums.append(replace(several[0], topic=f"{key[0]}/sum", value=total, facts=facts, stage=0,
                                text=formats.money(total, key[1])))  # fmt: skip
    return sums


# -- the answer's sentences -----------------------------------------------------------------------------
def _of_answer(
    answer: Answer, evidence: Evidence, zone: str, facts: Mapping[int, FactView], matters: Mapping[int, tuple[str, ...]]
) -> Iterator[Known]:
    """Expected days, negated statuses and reckoned sums: what no single fact says by itself."""
    family = about(answer.question)
    for claim in (*answer.claims, *answer.draft):
        said = str(claim.text)
        for one in read(said, evidence.at, zone, about=_noun(claim) or family).said:
            if one.hedged or (one.type == "status" and (one.value == "yes" or one.mode == "will")):
                continue
            value, unit, ids = _value(claim, one)
            where = tuple(sorted({r for i in ids for r in matters.get(i, ())}))
            by = next((facts[i].source_title for i in ids if i in facts), "") or claim.rule
            yield Known(
                one.type, value, one.topic, unit, one.mode, ids, claim.checks, where, _printed(one, value), said, by,
                claim.domain, stage=STAGES.get(one.topic, 0) if one.type == "amount" and one.mode == "was" else 0,
            )  # fmt: skip


def _noun(claim: Claim) -> str:
    return family_in(claim.key.replace(".", " ").replace("_", " "))


def _value(claim: Claim, said: Said) -> tuple[str, str, tuple[int, ...]]:
    """The canonical value where the sentence declares one at this place, and the facts that it comes from."""
    for value in claim.text.values:
        if value.type == said.type and value.text and value.text in said.text:
            ids = {value.fact} if value.fact is not None else {i["fact"] for i in value.inputs if "fact" in i}
            exact = value.value if said.type == "amount" and same(value.value, said.value) else said.value
            return exact, value.unit if said.type == "amount" else "", tuple(sorted(ids)) or claim.facts
    return said.value, said.unit if said.type == "amount" else "", claim.facts


def _printed(said: Said, value: str) -> str:
    return span_text(value) if said.type == "date" else said.text


def span_text(value: str, at: date | None = None) -> str:
    """``by Friday 20 November``, ``between … and …``, ``on …``: days as a letter says them."""
    first, _, last = value.partition("/")
    days = [formats.long_day(date.fromisoformat(d), at) if d not in ("", "..") else "" for d in (first, last)]
    if days[0] == days[1]:
        return f"on {days[0]}"
    if not days[0]:
        return f"by {days[1]}"
    return f"between {days[0]} and {days[1]}" if days[1] else f"from {days[0]}"
