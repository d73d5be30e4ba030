"""In whose calendar a customer's days are counted."""

import pytest
from django.contrib.auth.models import User

from cases.models import Case
from cases.services import Actor, commitment_make
from tests.cases.conftest import EUR

pytestmark = pytest.mark.django_db


def test_days_are_counted_in_the_calendar_of_the_orders_own_market(case: Case, dana: User, say):
    say("order.placed", {"number": "48-1193", "total": EUR}, "order:48-1193", "market:SE", ago=20, row=900)
    for market, zone in (("FI", "Europe/Helsinki"), ("SE", "Europe/Stockholm")):
        say("policy.refunds", {"document": market, "title": "Refunds", "version": "1", "in_force_from": "2026-01-01",
            "refund_days": 3, "bank_days": {"card": [5, 10]}, "zone": zone, "calendar": market,
            "when": {"market": market}}, "policy:refunds")  # fmt: skip
    made = commitment_make(case=case, what="Refund", keeps_kind="refund.paid", actor=Actor.person(dana))
    assert made.zone == "Europe/Stockholm" and made.rule == "policy.refunds.refund_days"
