"""The demo finance does what it is asked, once for each key, and refuses what can't be."""

from __future__ import annotations

from decimal import Decimal

import pytest

from connectors.sdk import Ref, SourceError
from tests.demo.conftest import Systems


def payment_of(systems: Systems, situation: str) -> str:
    facts = systems.facts("shop", f"order:{systems.order(situation)}")
    return next(r.value for f in facts for r in f.refs if r.scheme == "payment")


def test_money_is_given_back_once_and_never_more_than_was_paid(systems: Systems) -> None:
    finance, payment = systems.connector("finance"), Ref("payment", payment_of(systems, "announced"))
    assert "would be given back" in finance.refund(payment, Decimal("1.00"), key="", dry_run=True).sentence
    first = finance.refund(payment, Decimal("1.00"), key="k1", dry_run=False)
    again = finance.refund(payment, Decimal("1.00"), key="k1", dry_run=False)
    assert first.rows[0].id == again.rows[0].id
    with pytest.raises(SourceError):
        finance.refund(payment, Decimal("99999.00"), key="k2", dry_run=False)


def test_a_failed_refund_is_sent_again(systems: Systems) -> None:
    finance, payment = systems.connector("finance"), Ref("payment", payment_of(systems, "refund_failed"))
    done = finance.resend_refund(payment, key="k3", dry_run=False)
    assert done.rows[0].body["status"] == "approved"
