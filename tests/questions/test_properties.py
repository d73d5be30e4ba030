"""What holds for every answer, whatever the facts."""

from __future__ import annotations

import random
import re
from dataclasses import asdict, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases import questions
from cases.answers import Answer, Text, Value
from connectors.host.views import Evidence, FactView
from connectors.sdk import Ref
from connectors.sdk.kinds import KINDS
from tests.examples import examples
from tests.questions.conftest import AT, EUR, ORDER, PAYMENT, RETURN, VISA, Cast
from tests.questions.stories import rules

HALF = {"amount": "40.00", "currency": "EUR"}
MONTHS = re.compile(r"\d|\b(jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec|january|february|march|april|june|july|"
                    r"august|september|october|november|december)\b", re.IGNORECASE)  # fmt: skip
CARDS, SHIRT = ({"name": n, "quantity": 1, "category": c} for n, c in (("Cards of May", "gift_cards"), ("Shirt", "")))
DATA: dict[str, dict[str, Any]] = {
    "order.placed": {"number": "48-1193", "total": EUR, "items": [CARDS, SHIRT]},
    "order.changed": {"status": "refunded", "refunded": EUR},
    "return.inspected": {"result": "passed"}, "shipment.dispatched": {"carrier": "Posti 24", "tracking": "FI7"},
    "invoice.issued": {"amount": EUR, "number": "IN-204"},
    "dispute.closed": {"outcome": "won"}, "payment.failed": {"amount": EUR},
}  # fmt: skip
TOLD = [k for k in KINDS if not k.startswith(("policy.", "subscription."))]
REFS = [(), (ORDER,), (RETURN,), (PAYMENT,), (RETURN, ORDER), (ORDER, PAYMENT), (Ref("refund", "re_1"), PAYMENT),
        (Ref("refund", "re_2"), PAYMENT), (Ref("return", "RMA-2"), ORDER), (Ref("order", "48-2"),),
        (Ref("order", "48-2"), RETURN)]  # fmt: skip
EACH = pytest.mark.parametrize("question", questions.names())
STATUSES = st.sampled_from(["on_time", "late", "stale", "down", "waiting", "never"])


@st.composite
def casts(draw: Any) -> Cast:
    cast = Cast()
    if draw(st.booleans()):
        cast.back(draw(st.sampled_from([0, 13, date(2026, 11, 13)])), draw(st.sampled_from([0, 16])))
    elif draw(st.booleans()):
        cast.bought(draw(st.integers(-20, 21)))
    carried = draw(st.booleans()) and bool(cast.carried())
    for n in range(draw(st.integers(0, 8))):
        kind = draw(st.sampled_from(TOLD))
        data = DATA.get(kind) or {"amount": draw(st.sampled_from([EUR, HALF])), "method": "card", "card": VISA}
        if kind == "return.inspected":
            data = {"result": draw(st.sampled_from(["passed", "failed"])), "reason": "Worn on 3 March"}
        if kind == "shipment.exception":
            data = {"reason": "Lost in May 2026", "lost": draw(st.booleans())}
        when = draw(st.one_of(st.none(), st.integers(-20, 22), st.just(date(2026, 11, 12))))
        source = draw(st.sampled_from(["", "", "shop", "warehouse", "finance", *(["carrier"] if carried else [])]))
        cast.tell(kind, when, data, draw(st.sampled_from(REFS)), source, f"x{n}")
    cast.status = {name: draw(STATUSES) for name in draw(st.sets(st.sampled_from(["shop", "warehouse", "finance"])))}
    if draw(st.booleans()):
        cast.seeds = (Ref("email", "maya@example.com"),)
    return cast


def evidence_of(cast: Cast, question: str) -> Evidence:
    cast.question = question
    return cast.evidence()


calm = settings(max_examples=examples(8), deadline=None, suppress_health_check=list(HealthCheck))


def texts(answer: Answer) -> list[Text]:
    found = [answer.headline, answer.hint, *(c.text for c in (*answer.claims, *answer.draft))]
    found += [t for s in answer.steps for t in (s.label, s.when)] + [c.text for c in answer.choices]
    found += [g.last_known for g in answer.gaps] + [w.text for w in answer.witnesses]
    return [*found, answer.next.what, answer.next.by] if answer.next else found


@EACH
@calm
@given(casts(), st.randoms())
def test_facts_in_any_order_give_the_same_answer(question: str, cast: Cast, chance: random.Random) -> None:
    cast.question, shuffled = question, list(cast.facts)
    chance.shuffle(shuffled)
    assert asdict(cast.ask(facts=shuffled)) == asdict(cast.ask(facts=cast.facts))


def at_pointer(fact: FactView, value: Value) -> Any:
    if value.pointer == "/occurred":
        local = fact.occurred.astimezone(ZoneInfo(value.unit)).date() if value.unit and fact.occurred else fact.day
        return local.isoformat() if local else None
    if value.pointer.startswith("/refs/"):
        return fact.ref(value.pointer.removeprefix("/refs/"))
    found: Any = fact.data
    for part in value.pointer.strip("/").split("/"):
        found = found[int(part)] if isinstance(found, list) else found[part]
    return found["amount"] if isinstance(found, dict) else str(found)


@EACH
@calm
@given(casts())
def test_every_value_stands_in_its_fact_or_names_its_rule(question: str, cast: Cast) -> None:
    cast.question = question
    answer, facts, checks = cast.ask(), {f.id: f for f in cast.facts}, {c.id for c in cast.evidence().checks}
    for value in [v for t in texts(answer) for v in t.values] + list(answer.details.values()):
        if value.fact is None:
            assert value.rule
            assert all(i["fact"] in facts if "fact" in i else i["check"] in checks for i in value.inputs)
        else:
            assert at_pointer(facts[value.fact], value) == value.value


@EACH
@calm
@given(casts())
def test_fixed_words_hold_no_digit_and_no_month(question: str, cast: Cast) -> None:
    cast.question = question
    answer = cast.ask()
    for said in texts(answer):
        assert not MONTHS.search(" ".join(p for p in said.parts if isinstance(p, str))), said
    assert not MONTHS.search(" ".join(map(str, answer.draft_unverified)))


@EACH
@calm
@given(casts())
def test_every_claim_rests_on_a_fact_or_on_checks_that_are_complete(question: str, cast: Cast) -> None:
    cast.question = question
    answer, checks = cast.ask(), {c.id: c for c in cast.evidence().checks}
    for claim in (*answer.claims, *answer.draft):
        assert claim.facts or claim.checks
        assert all(checks[n].complete and checks[n].outcome in ("found", "nothing") for n in claim.checks)


@EACH
@calm
@given(casts())
def test_a_situation_that_rests_on_an_absence_has_a_complete_check(question: str, cast: Cast) -> None:
    cast.question = question
    answer, row = cast.ask(), {s.name: s for s in rules(question).table}
    proven = {kind for c in cast.evidence().checks if c.complete for kind in c.kinds}
    if answer.situation in row:
        assert set(row[answer.situation].absent) <= proven


@EACH
@calm
@given(casts(), st.floats(0, 0.999))
def test_nothing_changes_before_changes_at(question: str, cast: Cast, part: float) -> None:
    cast.question = question
    answer = cast.ask()
    until = answer.changes_at or AT + timedelta(days=30)
    later = cast.ask(at=AT + (until - AT) * part)
    assert (later.situation, str(later.headline)) == (answer.situation, str(answer.headline))


@EACH
@calm
@given(casts())
def test_due_days_are_instants_at_which_the_situation_is_looked_at_again(question: str, cast: Cast) -> None:
    """The same with sources that never age, so that only due days are left."""
    evidence = evidence_of(cast, question)
    ageless = replace(evidence, sources=tuple(replace(s, checked_at=None) for s in evidence.sources))
    answer = questions.compose(question, ageless)
    until = answer.changes_at or AT + timedelta(days=60)
    later = questions.compose(question, replace(ageless, at=until - timedelta(seconds=1)))
    assert (later.situation, str(later.headline)) == (answer.situation, str(answer.headline))


def test_no_rule_reads_a_clock() -> None:
    folder = Path(questions.__file__).parent
    clocks = re.compile(r"\b(now|today|utcnow|monotonic)\(\)|import time\b|timezone\.now")
    assert [p.name for p in folder.rglob("*.py") if clocks.search(p.read_text(encoding="utf-8"))] == []
