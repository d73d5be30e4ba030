"""An answer put together: the matter is chosen, its situation found, and the question asked what it says of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cases.answers import Answer, Choice, Claim, Next, State, Step, Text, Value, text
from cases.questions.common import claims, saying
from cases.questions.common import gaps as missing
from cases.questions.common import values as v
from cases.questions.common.conflicts import Conflict
from cases.questions.common.matter import Matter, amount, candidates
from cases.questions.common.reading import Reading
from cases.questions.common.situations import Situation, first
from connectors.host.views import Evidence, FactView


def _nothing(r: Any, *_: Any) -> Any:
    return Text()


@dataclass(frozen=True)
class Rules:
    """One question. Every function takes its reading of the matter and, but for headlines, the situation's name."""

    question: str
    version: str
    domains: tuple[str, ...]
    """Domains that it hears: what is missing of others is not spoken of."""
    open: Callable[[Any], Mapping[str, str]]
    """By domain, what can't be confirmed while it is missing: ``whether money was sent``."""
    table: tuple[Situation, ...]
    headlines: Mapping[str, Callable[[Any], Text]]
    claims: Callable[[Any, str], tuple[Claim, ...]]
    steps: Callable[[Any, str], tuple[Step, ...]]
    next: Callable[[Any, str], Next]
    draft: Callable[[Any, str], tuple[Claim, ...]]
    unverified: Callable[[Any, str], tuple[Text, ...]]
    rank: Callable[[Matter], int]
    """Of the matters found, those of the lowest rank can be meant."""
    reading: Callable[[Evidence, Matter, str], Any] = Reading
    conflict: Callable[[Any], Conflict | None] = lambda r: None
    """The disagreement behind the situation ``sources_disagree``."""
    hint: Callable[[Any, str], Text] = _nothing
    details: Callable[[Any], Mapping[str, Value]] = lambda r: {}
    flags: Callable[[Any], Mapping[str, object]] = lambda r: {}
    """Flags beside those that every question has."""
    by_return: bool = False
    """Whether each return of an order is a matter of its own."""
    together: Callable[[list[Matter]], Matter | None] = lambda found: None
    """One matter of all that could be meant, where the answer is that there are several."""

    @property
    def situations(self) -> tuple[str, ...]:
        """Every situation that its answers can be in."""
        return ("which_one", *(s.name for s in self.table), "unknown")


def compose(rules: Rules, evidence: Evidence, person: str) -> Answer:
    """What may be said at ``evidence.at``. Pure."""
    found = candidates(evidence, rules.rank, by_return=rules.by_return)
    if len(found) > 1 and (one := rules.together(found)):
        found = [one]
    if len(found) > 1:
        return _which_one(rules, evidence, found, person)
    r = rules.reading(evidence, found[0] if found else Matter(()), person)
    return _answer(rules, r, first(rules.table, r))


def _answer(rules: Rules, r: Any, s: Situation) -> Answer:
    gaps = missing.gaps(r, s.domains, s.closed, rules.domains)
    state = _state(r, s, gaps)
    disagreement = rules.conflict(r) if state == "conflict" else None
    said, silent = rules.claims(r, s.name), state == "unknown"
    return Answer(
        question=rules.question, rules=rules.version, state=state, situation="unknown" if silent else s.name,
        headline=_unknown(r) if silent else _headline(rules, r, s, gaps, state),
        steps=() if silent else rules.steps(r, s.name), claims=said, gaps=gaps,
        next=None if silent else rules.next(r, s.name), flags=_flags(rules, r, s, said),
        witnesses=disagreement.witnesses if disagreement else (), details={**details(r), **rules.details(r)},
        draft=() if silent else rules.draft(r, s.name),
        draft_unverified=() if silent else rules.unverified(r, s.name),
        hint=Text() if silent else rules.hint(r, s.name), changes_at=_changes_at(r, s),
    )  # fmt: skip


def _state(r: Reading, s: Situation, gaps: tuple[missing.Gap, ...]) -> State:
    if s.name == "sources_disagree":
        return "conflict"
    open_ = any(g.can_change for g in gaps)
    if not all(r.absence(kind) for kind in s.absent) or (s.whole and open_):
        return "unknown"
    return "partial" if open_ else "answered"


def _unknown(r: Reading) -> Text:
    asked = [s for s in r.evidence.sources if s.asked and s.domain != "policy"]
    if asked and all(s.status == "never" for s in asked):
        return Text(("Not read yet: the sources are asked when the case is opened.",))
    waiting = [s for s in r.evidence.sources if s.status == "waiting"]
    if waiting or not r.evidence.checks:
        return Text(("We can’t say yet: the sources are still being asked.",))
    return Text(("We can’t say yet: a source that would know has not answered.",))


def _headline(rules: Rules, r: Any, s: Situation, gaps: tuple[missing.Gap, ...], state: State) -> Text:
    if s.name == "sources_disagree" and (found := rules.conflict(r)):
        return saying.plain(f"Don’t answer yet: {found.why}.")
    said = rules.headlines[s.name](r)
    return Text((*said.parts, missing.unconfirmed(gaps, rules.open(r)))) if state == "partial" else said


def _flags(rules: Rules, r: Reading, s: Situation, said: tuple[Claim, ...]) -> tuple[str, ...]:
    shown = {f for c in said for f in c.facts}
    facts = [f for f in r.m.facts if f.id in shown]
    used = [x for x in r.evidence.sources if x.domain in rules.domains]
    own = {f.source for f in r.m.facts}
    found = {
        **rules.flags(r),
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
    """What the page shows by itself for any question: the order, its sum, its first item, when it was paid."""
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
    return {k: x for k, x in found.items() if isinstance(x, Value)}


# -- several could be meant --------------------------------------------------------------------------
def _which_one(rules: Rules, evidence: Evidence, found: list[Matter], person: str) -> Answer:
    readings = [Reading(evidence, m, person) for m in found]
    choices = tuple(c for r in readings if (c := _choice(rules, r)))
    whose = v.name(person) if person else Text(("The customer",))
    several, one = ("orders or returns", "order or return") if rules.by_return else ("orders", "order")
    domains = tuple(d for d in rules.domains if d != "policy")
    told = ("order.placed", "return.requested") if rules.by_return else ("order.placed",)
    return Answer(
        question=rules.question, rules=rules.version, state="choose", situation="which_one",
        headline=text(f"{{p}} has several {several} that could be meant. Ask which one.", p=whose),
        gaps=missing.gaps(Reading(evidence, Matter(()), person), domains, "policies know no orders", rules.domains),
        choices=choices, next=Next(Text(("Ask which one is meant",)), "rep"),
        draft_unverified=(Text((f"Which {one} do you mean?",)),),
        claims=tuple(c for r in readings for c in claims.latest(r, *told)),
    )  # fmt: skip


def _choice(rules: Rules, r: Reading) -> Choice | None:
    back, order = (r.m.last("return.requested") if rules.by_return else None), r.order
    fact = back or order or r.m.facts[0]
    scheme = "return" if back and back.ref("return") else "order" if fact.ref("order") else ""
    own = next((x for x in fact.refs if x.scheme == scheme), None) or next((x for x in fact.refs if x.is_matter), None)
    if own is None:
        return None
    words = "{w} {n}{i}, registered{on}" if back else "{w} {n}{i}, placed{on}" if order else "{w} {n}{on}"
    label = own.scheme.replace("_", " ").capitalize()
    number, on = v.ref(fact, own.scheme), saying.when(r, fact)
    return Choice(str(own), text(words, w=Text((label,)), n=number, i=_what(back, order), on=on))


def _what(*told: FactView | None) -> Text:
    """``, Trail shoes``: the first item that one of these names, so that two matters can be told apart."""
    for fact in told:
        items = (fact.data.get("items") or []) if fact else []
        if fact and items and items[0].get("name"):
            name = items[0]["name"]
            return text(", {i}", i=Value("text", name, name, fact=fact.id, pointer="/items/0/name"))
    return Text()
