"""Tryton, by recordings of a real Tryton 8.0; the running program itself is in tests/peers."""

import copy
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from connectors.sdk import BadCredentials, BadSettings, Connector, Fact, Ref, Refused, Row, TryAgain, Undone, Unreadable
from connectors.sdk.testing import Asked, Behaviour, say
from tests.contrib.conftest import Make, ask, fact, facts, undone

DENIED = {"status": 400, "message": 'You are not allowed to access "…".', "description": "Within groups: Stock"}
Tryton = Callable[..., Connector]


@pytest.fixture
def tryton(replayed: Make) -> Tryton:
    return lambda **settings: replayed("tryton", database="erp", **settings)


def but_for(model: str, elsewise: Any) -> Behaviour:
    """Tryton that denies one model and answers the same about all others."""

    def behave(sock: Any, asked: Asked) -> None:
        denied = asked.path.endswith("/" + model)
        say(400 if denied else 200, DENIED if denied else elsewise)(sock, asked)

    return behave


SALE = {"id": 4, "number": "4", "reference": "48-1193", "state": "processing", "origin": None, "lines": [],
        "sale_date": {"__class__": "date", "year": 2026, "month": 11, "day": 3}, "currency": {"code": "EUR"},
        "total_amount": {"__class__": "Decimal", "decimal": "84.90"}, "shipments": [], "shipment_returns": [2],
        "invoices": [], "party": {"id": 7, "name": "Maya Laine"}}  # fmt: skip


def test_the_check_says_what_can_be_read(tryton: Tryton) -> None:
    assert tryton().check() == "Tryton answers; sales, customer shipments, customer returns and invoices can be read."


def test_a_sale_is_an_order_under_the_customers_own_number(tryton: Tryton) -> None:
    placed = fact(tryton(), "order:WEB-ELI", "order.placed")
    assert placed.data["total"] == {"amount": "120.00", "currency": "USD"}
    assert placed.data["items"][0]["price"] == {"amount": "120.00", "currency": "USD"}
    assert {str(r) for r in placed.refs} == {"order:WEB-ELI", "tryton.customer:4", "email:eli@example.com"}
    assert type(placed.occurred) is date


def test_a_return_put_into_stock_was_received_and_inspected_by_somebody_at_a_time(tryton: Tryton) -> None:
    received = fact(tryton(), "order:WEB-ELI", "return.received")
    inspected = fact(tryton(), "order:WEB-ELI", "return.inspected")
    assert received.data["by"] == "Administrator" and inspected.data["result"] == "passed"
    assert isinstance(received.occurred, datetime) and isinstance(inspected.occurred, datetime)
    assert received.occurred < inspected.occurred


def test_put_into_stock_need_not_mean_inspected(tryton: Tryton) -> None:
    connector = tryton(done_means_inspected=False)
    assert "return.inspected" not in {f.kind for f in facts(connector, ask(connector, "order:WEB-ELI").rows)}


def test_a_return_announced_is_not_received(tryton: Tryton) -> None:
    connector = tryton()
    found = ask(connector, "order:WEB-BEN")
    kinds = {f.kind for f in facts(connector, found.rows)}
    assert "return.requested" in kinds and "return.received" not in kinds
    assert "return.received" in (found.kinds or ()) and found.complete


def test_a_credit_note_is_money_owed_and_no_refund(tryton: Tryton) -> None:
    connector = tryton()
    found = facts(connector, ask(connector, "order:WEB-ELI").rows)
    (note,) = [f for f in found if f.kind == "credit_note.issued"]
    assert note.data["amount"] == {"amount": "120.00", "currency": "USD"} and type(note.occurred) is date
    assert not [f for f in found if f.kind.startswith("refund.")]


def test_refunds_that_tryton_itself_pays_are_read_where_asked_for(tryton: Tryton) -> None:
    connector = tryton(read=("sales", "returns", "refund_payments"))
    found = facts(connector, ask(connector, "order:WEB-ELI").rows)
    refunds = [f for f in found if f.kind.startswith("refund.")]
    assert [f.kind for f in refunds] == ["refund.approved", "refund.submitted", "refund.paid"]
    assert {Ref("refund", "4"), Ref("credit_note", "4")} <= set(refunds[-1].refs)


@pytest.mark.parametrize("ref", ["return:2", "credit_note:4", "tryton.customer:4", "email:eli@example.com"])
def test_a_row_reads_the_same_whichever_ref_led_to_it(tryton: Tryton, ref: str) -> None:
    connector = tryton()
    first = {(r.type, r.id): list(connector.read(r)) for r in ask(connector, "order:WEB-ELI").rows}
    again = {(r.type, r.id): list(connector.read(r)) for r in ask(connector, ref).rows}
    assert again and all(first[key] == said for key, said in again.items())


@pytest.mark.parametrize("ref", ["order:48-1193", "return:77", "email:nobody_at%all@example.com", "tryton.customer:x"])
def test_nothing_is_complete_nothing(tryton: Tryton, ref: str) -> None:
    found = ask(tryton(), ref)
    assert not found.rows and found.complete


def test_a_prefix_keeps_trytons_numbers_apart_from_others(tryton: Tryton) -> None:
    connector = tryton(number_prefix="WH-")
    assert Ref("return", "WH-2") in fact(connector, "return:WH-2", "return.received").refs
    assert not ask(connector, "return:2").rows


# -- rights ------------------------------------------------------------------------------------------


def test_sales_denied_is_a_refusal_and_never_nothing(facing: Make) -> None:
    connector = facing("tryton", but_for("sale.sale", []), database="erp")
    with pytest.raises(Refused, match="does not let this service user read sales"):
        ask(connector, "order:48-1193")


def test_returns_denied_leaves_the_rest_and_says_so(facing: Make) -> None:
    connector = facing("tryton", but_for("stock.shipment.out.return", [SALE]), database="erp")
    found = ask(connector, "order:48-1193")
    assert [r.type for r in found.rows] == ["sale"]
    assert not found.complete and "customer returns" in found.reason


def test_a_field_left_out_is_hidden_and_not_empty(facing: Make) -> None:
    hidden = {k: v for k, v in SALE.items() if k != "shipment_returns"}
    connector = facing("tryton", say(200, [hidden]), database="erp", read=("sales", "returns"))
    assert not ask(connector, "order:48-1193").complete


def test_record_rules_that_hide_rows_make_every_answer_incomplete(tryton: Tryton) -> None:
    assert not ask(tryton(sees_all=False), "order:48-1193").complete


def test_without_the_log_the_day_remains(facing: Make) -> None:
    shipment = {"id": 2, "number": "2", "state": "received", "create_date": None, "incoming_moves": [],
                "effective_date": {"__class__": "date", "year": 2026, "month": 11, "day": 9}}  # fmt: skip
    records = {"sale.sale": [SALE], "stock.shipment.out.return": [shipment]}

    def behave(sock: Any, asked: Asked) -> None:
        model = asked.path.rpartition("/")[2]
        say(*((200, records[model]) if model in records else (400, DENIED)))(sock, asked)

    connector = facing("tryton", behave, database="erp", read=("sales", "returns"))
    received = fact(connector, "order:48-1193", "return.received")
    assert received.occurred == date(2026, 11, 9) and "by" not in received.data


@pytest.mark.parametrize(
    ("answer", "error"),
    [(say(401, "<h1>Unauthorized</h1>", {"Content-Type": "text/html"}), BadCredentials),
     (say(500, "<h1>'nope'</h1>", {"Content-Type": "text/html"}), TryAgain), (say(200, {"id": 1}), Unreadable),
     (say(200, [1, 2]), Unreadable), (say(200, "<html>", {"Content-Type": "text/html"}), Unreadable)],
)  # fmt: skip
def test_a_call_that_goes_wrong_is_never_nothing(facing: Make, answer: Behaviour, error: type[Exception]) -> None:
    with pytest.raises(error):
        ask(facing("tryton", answer, database="erp"), "order:48-1193")


def test_a_module_that_is_not_installed_is_named_by_the_check(facing: Make) -> None:
    with pytest.raises(BadSettings, match="no sales"):
        facing("tryton", say(500, "'sale.sale'", {"Content-Type": "text/html"}), database="erp").check()


# -- rows --------------------------------------------------------------------------------------------


@pytest.fixture
def returned(tryton: Tryton) -> Iterator[tuple[Connector, dict[str, Any]]]:
    """The body of Eli's return, to be changed."""
    connector = tryton()
    (row,) = [r for r in ask(connector, "order:WEB-ELI").rows if r.type == "return"]
    yield connector, copy.deepcopy(dict(row.body))


def kinds_of(connector: Connector, body: dict[str, Any]) -> set[str]:
    return {f.kind for f in connector.read(Row("return", "2", body)) if isinstance(f, Fact)}


def test_a_return_received_waits_for_its_inspection(returned: tuple[Connector, dict[str, Any]]) -> None:
    connector, body = returned
    body["return"]["state"] = "received"
    assert kinds_of(connector, body) == {"return.requested", "return.received"}
    assert "return.inspected" in undone(connector, Row("return", "2", body))


def test_a_return_cancelled_keeps_what_happened_before(returned: tuple[Connector, dict[str, Any]]) -> None:
    connector, body = returned
    body["return"]["state"] = "cancelled"
    assert kinds_of(connector, body) == {"return.requested", "return.cancelled"}
    assert Undone("return.received") not in list(connector.read(Row("return", "2", body)))


@pytest.mark.parametrize(
    "wrong", [{"state": "teleported"}, {"number": "x" * 400}, {"create_date": "yesterday"},
              {"incoming_moves": [{"product": 1}]},
              {"create_date": {"__class__": "datetime", "year": 2026, "month": 13, "day": 1}}, {"number": "a\x00b"}],
)  # fmt: skip
def test_a_hostile_return_is_malformed(returned: tuple[Connector, dict[str, Any]], wrong: dict[str, Any]) -> None:
    connector, body = returned
    body["return"] |= wrong
    with pytest.raises((ValueError, KeyError, TypeError)):
        list(connector.read(Row("return", "2", body)))


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "1e30", "ten", None])
def test_an_amount_that_is_none_is_malformed(tryton: Tryton, amount: object) -> None:
    sale = (
        SALE | {"total_amount": {"__class__": "Decimal", "decimal": amount}}
        if amount != 84.9
        else SALE | {"total_amount": amount}
    )
    row = Row("sale", "4", {"sale": sale, "orders": [{"order": "48-1", "party": 7, "emails": []}], "log": []})
    with pytest.raises(ValueError):
        list(tryton().read(row))


def test_strange_but_lawful_text_survives(tryton: Tryton) -> None:
    sale = SALE | {"party": {"id": 7, "name": "Zoë 🛒 <script>"}}
    row = Row("sale", "4", {"sale": sale, "orders": [{"order": "48/1 «é»", "party": 7, "emails": ["a+b@example.com"]}]})
    (placed,) = facts(tryton(), [row])
    assert placed.data["customer_name"] == "Zoë 🛒 <script>" and Ref("order", "48/1 «é»") in placed.refs
    assert placed.occurred == date(2026, 11, 3)


def test_times_are_utc(returned: tuple[Connector, dict[str, Any]]) -> None:
    connector, body = returned
    (requested,) = [
        f for f in connector.read(Row("return", "2", body)) if isinstance(f, Fact) and f.kind == "return.requested"
    ]
    assert isinstance(requested.occurred, datetime) and requested.occurred.tzinfo is UTC
