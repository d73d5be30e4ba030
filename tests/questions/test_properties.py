"""What holds for every answer, whatever the facts."""

from __future__ import annotations

import random
import re
from dataclasses import asdict, replace
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.answers import Answer, Text, Value
from connectors.host.views import FactView
from connectors.sdk import Ref
from connectors.sdk.kinds import KINDS
from tests.questions.conftest import AT, EUR, ORDER, PAYMENT, RETURN, VISA, Cast

HALF = {"amount": "40.00", "currency": "EUR"}
MONTHS = re.compile(r"\d|\b(jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec|january|february|march|april|june|july|"
                    r"august|september|october|november|december)\b", re.IGNORECASE)  # fmt: skip
DATA: dict[str, dict[str, Any]] = {
    "order.placed": {"number": "48-1193", "total": EUR}, "order.changed": {"status": "refunded", "refunded": EUR},
    "return.inspected": {"result": "passed"}, "shipment.exception": {"reason": "Lost in May 2026", "lost": True},
    "dispute.closed": {"outcome": "won"}, "payment.failed": {"amount": EUR},
}  # fmt: skip
TOLD = [k for k in KINDS if not k.startswith(("policy.", "subscription.", "invoice."))]
REFS = [(), (ORDER,), (RETURN,), (PAYMENT,), (RETURN, ORDER), (ORDER, PAYMENT), (Ref("refund", "re_1"), PAYMENT),
        (Ref("refund", "re_2"), PAYMENT), (Ref("return", "RMA-2"), ORDER), (Ref("order", "48-2"),)]  # fmt: skip
STATUSES = st.sampled_from(["on_time", "late", "stale", "down", "waiting", "never"])


@st.composite
def casts(draw: Any) -> Cast:
    cast = Cast()
    if draw(st.booleans()):
        cast.back(draw(st.sampled_from([0, 13, date(2026, 11, 13)])), draw(st.sampled_from([0, 16])))
    for n in range(draw(st.integers(0, 8))):
        kind = draw(st.sampled_from(TOLD))
        data = DATA.get(kind) or {"amount": draw(st.sampled_from([EUR, HALF])), "method": "card", "card": VISA}
        if kind == "return.inspected":
            data = {"result": draw(st.sampled_from(["passed", "failed"])), "reason": "Worn on 3 March"}
        when = draw(st.one_of(st.none(), st.integers(-20, 22), st.just(date(2026, 11, 12))))
        source = draw(st.sampled_from(["", "", "shop", "warehouse", "finance"]))
        cast.tell(kind, when, data, draw(st.sampled_from(REFS)), source, f"x{n}")
    cast.status = {name: draw(STATUSES) for name in draw(st.sets(st.sampled_from(["shop", "warehouse", "finance"])))}
    if draw(st.booleans()):
        cast.seeds = (Ref("email", "maya@example.com"),)
    return cast


calm = settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))


def texts(answer: Answer) -> list[Text]:
    found = [answer.headline, answer.hint, *(c.text for c in (*answer.claims, *answer.draft))]
    found += [t for s in answer.steps for t in (s.label, s.when)] + [c.text for c in answer.choices]
    found += [g.last_known for g in answer.gaps] + [w.text for w in answer.witnesses]
    return [*found, answer.next.what, answer.next.by] if answer.next else found


@calm
@given(casts(), st.randoms())
def test_facts_in_any_order_give_the_same_answer(cast: Cast, chance: random.Random) -> None:
    shuffled = list(cast.facts)
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


@calm
@given(casts())
def test_every_value_stands_in_its_fact_or_names_its_rule(cast: Cast) -> None:
    answer, facts = cast.ask(), {f.id: f for f in cast.facts}
    for value in [v for t in texts(answer) for v in t.values] + list(answer.details.values()):
        if value.fact is None:
            assert value.rule
        else:
            assert at_pointer(facts[value.fact], value) == value.value


@calm
@given(casts())
def test_fixed_words_hold_no_digit_and_no_month(cast: Cast) -> None:
    answer = cast.ask()
    for said in texts(answer):
        assert not MONTHS.search(" ".join(p for p in said.parts if isinstance(p, str))), said
    assert not MONTHS.search(" ".join(map(str, answer.draft_unverified)))


@calm
@given(casts())
def test_every_claim_rests_on_a_fact_or_a_check(cast: Cast) -> None:
    answer = cast.ask()
    assert all(c.facts or c.checks for c in (*answer.claims, *answer.draft))


@calm
@given(casts(), st.floats(0, 0.999))
def test_nothing_changes_before_changes_at(cast: Cast, part: float) -> None:
    answer = cast.ask()
    until = answer.changes_at or AT + timedelta(days=30)
    later = cast.ask(at=AT + (until - AT) * part)
    assert (later.situation, str(later.headline)) == (answer.situation, str(answer.headline))


@calm
@given(casts())
def test_due_days_are_instants_at_which_the_situation_is_looked_at_again(cast: Cast) -> None:
    """The same with sources that never age, so that only due days are left."""
    evidence = cast.evidence()
    ageless = replace(evidence, sources=tuple(replace(s, checked_at=None) for s in evidence.sources))
    from cases import questions

    answer = questions.compose("refund-status", ageless)
    until = answer.changes_at or AT + timedelta(days=60)
    later = questions.compose("refund-status", replace(ageless, at=until - timedelta(seconds=1)))
    assert (later.situation, str(later.headline)) == (answer.situation, str(answer.headline))
