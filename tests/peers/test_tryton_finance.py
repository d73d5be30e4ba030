"""Tryton pays customers back itself: what finance learns from it, step by step, and what it may not see."""

from typing import Any

import pytest

from connectors.host.services import source_check, source_save
from connectors.sdk import Refused
from tests.peers.conftest import Connect, Erp, look
from workspace.demo.peers.staff import Order

pytestmark = pytest.mark.peers
REFUND = {"refund.approved", "refund.submitted", "refund.paid", "refund.failed"}


@pytest.fixture
def finance(connect: Connect, erp: Erp, monkeypatch: pytest.MonkeyPatch) -> Any:
    """One more source over the same Tryton: its finance part, under a user's own key."""

    def made(user: str = "finance", **settings: Any) -> None:
        connect()
        monkeypatch.setenv("TRYTON_FINANCE_KEY", erp.known["keys"][user])
        source_save(name="tryton-finance", title="Tryton finance", connector="tryton", domain="finance", freshness_s=60,
                    settings={"base_url": erp.peer.url, "internal": True, "database": erp.known["database"],
                              "key": "env:TRYTON_FINANCE_KEY", "part": "finance", **settings})  # fmt: skip

    return made


def credited(erp: Erp, number: str) -> Order:
    order = erp.staff.buy(number, f"maya{number}@example.com")
    for step in (erp.staff.send, erp.staff.announce_return, erp.staff.receive, erp.staff.put_into_stock,
                 erp.staff.credit):  # fmt: skip
        step(order)
    return order


def test_a_credit_note_is_owed_a_payment_in_progress_is_submitted_and_only_success_is_paid(
    finance: Any, erp: Erp, number: str
) -> None:
    finance()
    order = credited(erp, number)
    seen = look(f"order:{number}")
    assert "credit_note.issued" in seen.kinds and not seen.kinds & REFUND
    payment = erp.staff.pay_back(order)
    assert look(f"order:{number}").kinds & REFUND == {"refund.approved", "refund.submitted"}
    erp.staff.bank_says(payment, "succeed")
    seen = look(f"order:{number}")
    assert seen.fact("refund.paid").data["amount"] == {"amount": "84.90", "currency": "EUR"}
    assert seen.check("tryton-finance", f"order:{number}").complete
    assert {f.source for f in seen.evidence.of("order.placed")} == {"tryton"}  # finance says nothing about orders


def test_a_payment_that_the_bank_sends_back_was_not_paid_after_all(finance: Any, erp: Erp, number: str) -> None:
    finance()
    payment = erp.staff.pay_back(credited(erp, number), "succeed")
    assert "refund.paid" in look(f"order:{number}").kinds
    erp.staff.bank_says(payment, "fail")
    kinds = look(f"order:{number}").kinds
    assert "refund.failed" in kinds and "refund.paid" not in kinds


def test_a_refund_is_found_by_its_own_number(finance: Any, erp: Erp, number: str) -> None:
    finance(number_prefix="T-")
    erp.staff.pay_back(credited(erp, number), "succeed")
    own = look(f"order:{number}").fact("refund.paid").ref("refund")
    seen = look(f"refund:{own}")
    assert own.startswith("T-") and seen.fact("refund.paid").ref("order") == number


def test_without_the_right_to_payments_their_absence_is_never_claimed(finance: Any, erp: Erp, number: str) -> None:
    finance("throughline")
    erp.staff.pay_back(credited(erp, number), "succeed")
    seen = look(f"order:{number}")
    check = seen.check("tryton-finance", f"order:{number}")
    assert not seen.kinds & REFUND and not check.complete and "payments" in check.reason
    with pytest.raises(Refused, match="payments"):
        source_check(name="tryton-finance")
