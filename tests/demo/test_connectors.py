"""The demo connectors against the running systems: refs followed, times read, absences complete."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from connectors.sdk import BadCredentials, Fact, Ref, TryAgain
from connectors.sdk.kinds import KINDS, problem
from tests.demo.conftest import CONNECTORS, Systems


def kinds_of(facts: list[Fact]) -> set[str]:
    return {f.kind for f in facts}


def one(facts: list[Fact], kind: str) -> Fact:
    return next(f for f in facts if f.kind == kind)


@pytest.mark.parametrize("name", CONNECTORS)
def test_check_says_that_the_key_works_or_that_it_does_not(systems: Systems, name: str) -> None:
    assert systems.connector(name).check().endswith(".")
    with pytest.raises(BadCredentials):
        systems.connector(name, token="not-its-key").check()


@pytest.mark.parametrize("name", CONNECTORS)
def test_a_system_that_is_down_or_busy_is_to_be_tried_again(systems: Systems, name: str) -> None:
    for fault in ("down", "rate_limit"):
        systems.control(name, fault)
        with pytest.raises(TryAgain):
            systems.connector(name).check()
        systems.control(name, "up")


def test_the_shop_leads_from_an_order_to_its_return_payment_and_person(systems: Systems) -> None:
    placed = one(systems.facts("shop", "order:48-1193"), "order.placed")
    assert {"return:RMA-77120", "email:maya@post.example", "market:FI"} <= set(map(str, placed.refs))
    assert placed.data["total"] == {"amount": "84.90", "currency": "EUR"}


@pytest.mark.parametrize("ref", ["return:RMA-77120", "email:Maya@Post.example", "demo_shop.customer:C-20417"])
def test_the_shop_finds_an_order_by_what_a_customer_may_have(systems: Systems, ref: str) -> None:
    placed = [f for f in systems.facts("shop", ref) if f.kind == "order.placed"]
    assert "48-1193" in {f.data["number"] for f in placed}


@pytest.mark.parametrize("ref", ["email:ines+shop@mail.example", "email:nobody@x.example", "order:a/b?c#d", "order:☃"])
def test_plus_slashes_and_snowmen_in_a_reference_are_asked_as_they_are(systems: Systems, ref: str) -> None:
    assert bool(systems.facts("shop", ref)) == ("ines" in ref)


@pytest.mark.parametrize(("name", "ref"), [("shop", "order:no"), ("warehouse", "return:no"), ("finance", "payment:no")])
def test_nothing_found_is_a_complete_absence(systems: Systems, name: str, ref: str) -> None:
    found = list(systems.connector(name).lookup([Ref.parse(ref)]))
    assert [(f.ref, list(f.rows), f.complete) for f in found] == [(Ref.parse(ref), [], True)]


def test_the_warehouse_tells_wall_clock_times_of_its_own_zone(systems: Systems) -> None:
    received = one(systems.facts("warehouse", "return:RMA-77120"), "return.received")
    assert isinstance(received.occurred, datetime) and str(received.occurred.tzinfo) == "Europe/Helsinki"


def test_a_day_stays_a_day_and_a_lost_log_leaves_the_time_unknown(systems: Systems) -> None:
    days = systems.facts("warehouse", f"return:{systems.rma('day_only')}")
    assert type(one(days, "return.received").occurred) is date
    lost = one(systems.facts("warehouse", f"return:{systems.rma('time_unknown')}"), "return.received")
    assert lost.occurred is None and lost.implied


def test_finance_reads_minor_units_and_epoch_seconds(systems: Systems) -> None:
    maya = systems.world.named["paid"]
    paid = one(systems.facts("finance", f"payment:{maya.payment}"), "refund.paid")
    assert paid.data["amount"] == {"amount": "84.90", "currency": "EUR"}
    assert paid.occurred == maya.refunds[0].history[-1][1].astimezone(UTC)
    assert paid.data["bank_reference"] == "74430011632209185571204"


def test_the_lines_of_a_partial_refund_sum_up_to_it(systems: Systems) -> None:
    story = systems.world.named["partial_refund"]
    data = one(systems.facts("finance", f"payment:{story.payment}"), "refund.paid").data
    cents = [int(x["amount"]["amount"].replace(".", "")) for x in data["lines"]]
    assert sum(cents) == int(data["amount"]["amount"].replace(".", "")) and min(cents) == -490


def test_every_fact_of_every_named_case_keeps_its_schema(systems: Systems) -> None:
    seen: set[str] = set()
    for story in systems.world.named.values():
        refs = {"shop": f"order:{story.number}", "finance": f"payment:{story.payment}"}
        facts = [f for name, ref in refs.items() for f in systems.facts(name, ref)]
        facts += [f for r in story.returns for f in systems.facts("warehouse", f"return:{r.number}")]
        assert [problem(f.kind, f.data, f.said) for f in facts] == [""] * len(facts)
        seen |= kinds_of(facts)
    assert {"order.cancelled", "order.changed", "shipment.exception", "dispute.opened", "credit_note.issued",
            "refund.failed", "return.inspected"} <= seen  # fmt: skip


@pytest.mark.parametrize("name", CONNECTORS)
def test_what_a_connector_covers_are_kinds_that_there_are(name: str) -> None:
    cls = CONNECTORS[name][0]
    assert set(cls.covers) == set(cls.accepts)
    assert {k for kinds in cls.covers.values() for k in kinds} <= set(KINDS)


@pytest.mark.parametrize(
    ("name", "do", "situation"), [("shop", "refunded", "paid"), ("warehouse", "ship", "announced")]
)
def test_polling_begins_now_and_then_brings_each_change(systems: Systems, name: str, do: str, situation: str) -> None:
    connector = systems.connector(name)
    (start,) = connector.changes(None)
    assert not start.rows
    systems.control(name, do, f"order:{systems.order(situation)}")
    pages: list[Any] = list(connector.changes(start.cursor))
    assert {row.type for p in pages for row in p.rows} >= {"return"}
    assert [list(p.rows) for p in connector.changes(pages[-1].cursor)] == [[]]


def test_the_shops_rows_carry_the_order_of_their_versions(systems: Systems) -> None:
    connector, ref = systems.connector("shop"), Ref("order", systems.order("in_transit"))
    before = max(r.version for f in connector.lookup([ref]) for r in f.rows)
    systems.control("shop", "refunded", str(ref))
    assert {r.version for f in connector.lookup([ref]) for r in f.rows} == {before + 1}
