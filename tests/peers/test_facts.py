"""What the connectors learn from the running programs, step by step."""

from datetime import date, datetime

import pytest

from tests.peers.conftest import Erp, Till, look

pytestmark = pytest.mark.peers


def test_an_order_is_one_in_tryton_and_in_stripe(connected: None, erp: Erp, till: Till, number: str) -> None:
    erp.staff.send(erp.staff.buy(number, f"maya{number}@example.com"))
    till.checkout.pay(number, f"maya{number}@example.com", 8490)
    seen = look(f"order:{number}")
    assert seen.fact("order.placed").data["total"] == {"amount": "84.90", "currency": "EUR"}
    assert type(seen.fact("order.placed").day) is date
    assert seen.fact("payment.captured").data["card"] == {"brand": "visa", "last4": "4242"}
    assert {"shipment.dispatched", "policy.returns", "policy.refunds"} <= seen.kinds
    assert seen.check("tryton", f"order:{number}").complete and seen.check("stripe", f"order:{number}").complete


def test_an_email_address_leads_to_the_order_and_its_payment(
    connected: None, erp: Erp, till: Till, number: str
) -> None:
    erp.staff.buy(number, f"Maya_{number}@Example.com")
    till.checkout.pay(number, f"maya_{number}@example.com", 8490)
    seen = look(f"email:maya_{number}@example.com")
    assert {"order.placed", "payment.captured"} <= seen.kinds
    assert seen.fact("order.placed").ref("order") == number


def test_a_return_is_told_by_who_received_it_and_when(connected: None, erp: Erp, number: str) -> None:
    order = erp.staff.buy(number, f"maya{number}@example.com")
    erp.staff.send(order)
    erp.staff.announce_return(order)
    assert "return.received" not in look(f"order:{number}").kinds
    erp.staff.receive(order)
    received = look(f"order:{number}").fact("return.received")
    assert received.data["by"] == "Staff" and isinstance(received.occurred, datetime)
    erp.staff.put_into_stock(order)
    erp.staff.credit(order)
    seen = look(f"order:{number}")
    assert seen.fact("return.inspected").data["result"] == "passed"
    assert seen.fact("credit_note.issued").data["amount"] == {"amount": "84.90", "currency": "EUR"}


def test_a_return_is_found_by_its_own_number(connected: None, erp: Erp, number: str) -> None:
    order = erp.staff.buy(number, f"maya{number}@example.com")
    erp.staff.send(order)
    erp.staff.announce_return(order)
    own = look(f"order:{number}").fact("return.requested").ref("return")
    assert look(f"return:{own}").fact("order.placed").ref("order") == number


def test_refunds_are_told_one_by_one_however_the_list_is_ordered(
    connected: None, erp: Erp, till: Till, number: str
) -> None:
    erp.staff.buy(number, f"maya{number}@example.com")
    payment = till.checkout.pay(number, f"maya{number}@example.com", 8490)
    refunds = {till.checkout.refund(payment, cents) for cents in (1000, 2500)}
    paid = look(f"order:{number}").evidence.of("refund.paid")
    assert {f.ref("refund") for f in paid} == refunds
    assert sorted(f.data["amount"]["amount"] for f in paid) == ["10.00", "25.00"]


def test_asking_again_learns_nothing_new(connected: None, erp: Erp, till: Till, number: str) -> None:
    order = erp.staff.buy(number, f"maya{number}@example.com")
    erp.staff.send(order)
    erp.staff.announce_return(order)
    till.checkout.refund(till.checkout.pay(number, f"maya{number}@example.com", 8490), 1000)
    first = look(f"order:{number}").evidence.facts
    again = look(f"email:maya{number}@example.com", f"order:{number}").evidence.facts
    assert {f.id for f in first} == {f.id for f in again}


def test_an_order_that_nobody_knows_is_nothing_by_complete_checks(connected: None, number: str) -> None:
    seen = look(f"order:{number}")
    for source in ("tryton", "stripe"):
        check = seen.check(source, f"order:{number}")
        assert (check.outcome, check.complete) == ("nothing", True)
