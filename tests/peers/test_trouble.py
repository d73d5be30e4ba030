"""Rights withheld, a wrong key, a program stopped while it is asked, and started again."""

import pytest

from connectors.host.services import gather, source_check
from connectors.sdk import BadCredentials, Ref, Refused
from tests.peers.conftest import Connect, Erp, Till, look

pytestmark = pytest.mark.peers


def test_every_source_says_that_its_settings_work(connected: None) -> None:
    assert source_check(name="tryton").startswith("Tryton answers")
    assert source_check(name="stripe").startswith("Stripe answers, in test mode")
    assert "on cancellations, delivery, refunds, returns" in source_check(name="policies")


def test_a_user_without_rights_to_sales_is_a_refusal_and_never_nothing(connect: Connect, erp: Erp, number: str) -> None:
    erp.staff.buy(number, f"maya{number}@example.com")
    connect("blind")
    check = look(f"order:{number}").check("tryton", f"order:{number}")
    assert (check.outcome, check.complete) == ("refused", False)
    assert "may" in check.reason or "does not let" in check.reason
    with pytest.raises(Refused, match="sales"):
        source_check(name="tryton")


def test_a_part_withheld_leaves_the_rest_and_names_what_is_missing(connect: Connect, erp: Erp, number: str) -> None:
    erp.staff.buy(number, f"maya{number}@example.com")
    connect(read=["sales", "returns", "credit_notes", "refund_payments"])
    order = erp.staff.buy(f"{number}-b", f"maya{number}@example.com")
    erp.staff.send(order)
    erp.staff.announce_return(order)
    erp.staff.receive(order)
    erp.staff.put_into_stock(order)
    erp.staff.credit(order)
    seen = look(f"order:{number}-b")
    check = seen.check("tryton", f"order:{number}-b")
    assert "return.received" in seen.kinds and check.outcome == "found"
    assert not check.complete and "payments" in check.reason


def test_rights_taken_away_and_given_back_show_at_once(connected: None, erp: Erp, number: str) -> None:
    erp.staff.buy(number, f"maya{number}@example.com")
    assert look(f"order:{number}").check("tryton", f"order:{number}").outcome == "found"
    erp.staff.groups_set("throughline", [erp.known["blank_group"]])
    try:
        seen = look(f"order:{number}")
        refused = [c for c in seen.evidence.checks if c.source == "tryton" and c.outcome == "refused"]
        assert f"order:{number}" in {str(c.ref) for c in refused}
        assert "order.placed" in seen.kinds  # what was known stays known
    finally:
        erp.staff.groups_set("throughline", [erp.known["sales_group"]])
    source = look(f"order:{number}").evidence.source("tryton")
    assert source and source.complete


def test_a_wrong_key_is_told_to_the_integrator_and_is_never_nothing(connect: Connect, number: str) -> None:
    connect("a-key-of-yesterday")
    check = look(f"order:{number}").check("tryton", f"order:{number}")
    assert check.outcome == "refused" and "credentials" in check.reason
    with pytest.raises(BadCredentials):
        source_check(name="tryton")


def test_a_program_stopped_while_it_is_asked_costs_the_others_nothing(
    connected: None, erp: Erp, till: Till, number: str
) -> None:
    erp.staff.buy(number, f"maya{number}@example.com")
    till.checkout.pay(number, f"maya{number}@example.com", 8490)
    look(f"order:{number}")
    gathering = gather(seeds=[Ref("order", number)], force=True)
    erp.peer.stop()
    try:
        assert gathering.wait(20)
        seen = look(f"order:{number}")
        assert {"order.placed", "payment.captured"} <= seen.kinds
        sources = {s.name: s for s in seen.evidence.sources}
        assert sources["tryton"].status == "down" and sources["stripe"].status == "live"
    finally:
        erp.peer.start()


def test_a_program_started_again_is_asked_again(connected: None, erp: Erp, till: Till, number: str) -> None:
    erp.staff.buy(number, f"maya{number}@example.com")
    payment = till.checkout.pay(number, f"maya{number}@example.com", 8490)
    till.peer.stop()
    erp.peer.stop()
    try:
        assert look(f"order:{number}").kinds <= {"policy.returns", "policy.refunds", "policy.cancellations"}
    finally:
        erp.peer.start()
        till.peer.start()
    till.checkout.refund(payment)
    assert {"order.placed", "payment.captured", "refund.paid"} <= look(f"order:{number}").kinds
