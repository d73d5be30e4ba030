"""Evidence in, answer out: the matter is chosen, its situation found, and everything said about it put together."""

from __future__ import annotations

from datetime import datetime

from cases.answers import Answer, Choice, State, Text, Value, text
from cases.questions.refund_status import claims, conflicts, letters, reply
from cases.questions.refund_status import gaps as missing
from cases.questions.refund_status import sentences as say
from cases.questions.refund_status import values as v
from cases.questions.refund_status.matter import Matter, amount, candidates
from cases.questions.refund_status.reading import Reading
from cases.questions.refund_status.situations import Situation, situation
from connectors.host.views import Evidence, FactView

RULES = "1"
NO_RETURN = ("early_refund_due", "early_refund_not_allowed", "outside_window")


def compose(evidence: Evidence, person: str) -> Answer:
    found = candidates(evidence)
    if len(found) > 1:
        return _which_one(evidence, found, person)
    r = Reading(evidence, found[0] if found else Matter(()), person)
    return _answer(r, situation(r))


def _answer(r: Reading, s: Situation) -> Answer:
    gaps = missing.gaps(r, s.domains, s.closed)
    state = _state(r, s, gaps)
    disagreement = conflicts.conflict(r) if s.name == "sources_disagree" else None
    decides = reply.decides(r) if disagreement else None
    silent = state == "unknown"
    return Answer(
        question="refund-status", rules=RULES, state=state, situation="unknown" if silent else s.name,
        headline=_unknown(r) if silent else _headline(r, s, gaps, state),
        steps=() if silent else claims.steps(r, s.name),
        claims=(*claims.claims(r), *((decides,) if decides else ())), gaps=gaps,
        next=None if silent else say.next_step(r, s.name), flags=_flags(r, s),
        witnesses=disagreement.witnesses if disagreement else (), details=details(r),
        draft=() if silent else letters.draft(r, s.name),
        draft_unverified=() if silent else reply.unverified(r, s.name),
        hint=say.hint(r, s.name), changes_at=_changes_at(r, s),
    )  # fmt: skip


def _state(r: Reading, s: Situation, gaps: tuple[missing.Gap, ...]) -> State:
    if s.name == "sources_disagree":
        return "conflict"
    open_ = [g for g in gaps if g.can_change]
    if s.name == "nothing_found" and not _looked_everywhere(r, bool(open_)):
        return "unknown"
    if s.name in NO_RETURN and not r.looked("order", "return.requested"):
        return "unknown"
    return "partial" if open_ else "answered"


def _looked_everywhere(r: Reading, open_: bool) -> bool:
    return bool(r.looked("order", "order.placed")) and not open_


def _unknown(r: Reading) -> Text:
    asked = [s for s in r.evidence.sources if s.asked and s.domain != "policy"]
    if asked and all(s.status == "never" for s in asked):
        return Text(("Not read yet: the sources are asked when the case is opened.",))
    waiting = [s for s in r.evidence.sources if s.status == "waiting"]
    if waiting or not r.evidence.checks:
        return Text(("We can’t say yet: the sources are still being asked.",))
    return Text(("We can’t say yet: a source that would know has not answered.",))


def _headline(r: Reading, s: Situation, gaps: tuple[missing.Gap, ...], state: State) -> Text:
    found = say.HEADLINES[s.name](r)
    if state != "partial":
        return found
    return Text((*found.parts, missing.unconfirmed(r, gaps)))


def _flags(r: Reading, s: Situation) -> tuple[str, ...]:
    shown = [f for c in claims.claims(r) for f in c.facts]
    facts = [f for f in r.m.facts if f.id in shown]
    used = [x for x in r.evidence.sources if x.domain in missing.DOMAINS]
    refund = r.paid or (r.refunds[-1] if r.refunds else None)
    worth, full = (refund.money if refund else None), r.worth
    less = worth is not None and full is not None and worth < full[0]
    method = refund.last.data.get("method") if refund else (r.captured and r.captured.data.get("method")) or (
        r.order and r.order.data.get("method"))  # fmt: skip
    own = {f.source for f in r.m.facts}
    found = {
        "partial_refund": less, "gift_card": method == "gift_card",
        "day_only": any(f.precision == "day" for f in facts),
        "time_unknown": any(f.precision == "unknown" for f in facts),
        "late_changed": any(f.id in r.evidence.superseded for f in facts),
        "stale": any(x.status == "stale" and (x.name in own or x.domain in s.domains) for x in used),
        "source_down": any(x.status == "down" for x in used),
    }  # fmt: skip
    return tuple(name for name, holds in found.items() if holds)


def _changes_at(r: Reading, s: Situation) -> datetime | None:
    instants = [r.end(d) for d in s.days(r) if d is not None] + missing.ages_out(r, s.domains)
    return min((t for t in instants if t > r.at), default=None)


def details(r: Reading) -> dict[str, Value]:
    found: dict[str, Value | Text] = {}
    if r.order:
        if r.order.ref("order"):
            found["order"] = v.ref(r.order, "order")
        if amount(r.order.data.get("total")) is not None:
            found["order_total"] = v.money(r.order, "/total")
        for n, item in enumerate((r.order.data.get("items") or [])[:1]):
            found["item"] = Value("text", item["name"], item["name"], fact=r.order.id, pointer=f"/items/{n}/name")
    if r.captured and r.day(r.captured):
        found["paid_on"] = v.when(r.captured, r.zone, r.today, True)
    if r.paid:
        fact = r.paid.last
        found["amount"] = v.money(fact)
        if fact.data.get("bank_reference"):
            found["bank_reference"] = v.said(fact, "/bank_reference", type_="ref")
        if brand := v.pointed(fact.data, "/card/last4"):
            name = str(v.pointed(fact.data, "/card/brand") or "Card")
            found["card"] = v.said(fact, "/card/last4", f"{name[:1].upper()}{name[1:]} ending {brand}")
        if fact.data.get("method"):
            method = str(fact.data["method"])
            found["method"] = v.said(fact, "/method", method.replace("_", " ").capitalize())
    return {k: x for k, x in found.items() if isinstance(x, Value)}


def _which_one(evidence: Evidence, found: list[Matter], person: str) -> Answer:
    choices = tuple(c for m in found if (c := _choice(evidence, m, person)))
    r = Reading(evidence, Matter(()), person)
    whose = v.name(person) if person else Text(("The customer",))
    return Answer(
        question="refund-status", rules=RULES, state="choose", situation="which_one",
        headline=text("{p} has several orders or returns that could be meant. Ask which one.", p=whose),
        gaps=missing.gaps(r, ("order", "warehouse", "finance"), "policies know no orders"),
        choices=choices, next=say.Next(Text(("Ask which one is meant",)), "rep"),
        draft_unverified=(Text(("Which order or return do you mean?",)),),
        claims=tuple(c for m in found for c in claims.claims(Reading(evidence, m, person)) if c.key in
                     ("order.placed", "return.requested")),
    )  # fmt: skip


def _choice(evidence: Evidence, matter: Matter, person: str) -> Choice | None:
    r = Reading(evidence, matter, person)
    back, order = matter.last("return.requested"), r.order
    fact = back or order or matter.facts[0]
    scheme = "return" if back and back.ref("return") else "order" if fact.ref("order") else ""
    own = next((x for x in fact.refs if x.scheme == scheme), None) or next((x for x in fact.refs if x.is_matter), None)
    if own is None:
        return None
    words = "{w} {n}{i}, registered{on}" if back else "{w} {n}{i}, placed{on}" if order else "{w} {n}{on}"
    label = own.scheme.replace("_", " ").capitalize()
    number, on = v.ref(fact, own.scheme), say.when(r, fact)
    return Choice(str(own), text(words, w=Text((label,)), n=number, i=_what(back, order), on=on))


def _what(*told: FactView | None) -> Text:
    """``, Trail shoes``: the first item that one of these names, so that two returns can be told apart."""
    for fact in told:
        items = (fact.data.get("items") or []) if fact else []
        if fact and items and items[0].get("name"):
            name = items[0]["name"]
            return text(", {i}", i=Value("text", name, name, fact=fact.id, pointer="/items/0/name"))
    return Text()
