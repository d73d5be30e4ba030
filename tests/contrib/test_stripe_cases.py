"""What Stripe's documented answers come to in a case: from the recording over HTTP to the answer."""

from collections.abc import Callable, Iterator

import pytest
from django.contrib.auth.models import User

from cases.answers import Answer
from cases.selectors import case_view
from cases.services import Actor, case_open
from connectors.host.services import gather_now, source_save
from connectors.host.services.gathering import lanes
from connectors.sdk import Ref
from connectors.sdk.testing import ReplayServer
from tests.contrib.conftest import CONTRIB

Answered = Callable[[str], Answer]


@pytest.fixture
def answered(committed_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Answered]:
    """``answered("order:48-2001")``: the answer of a case about it, once Stripe was asked."""
    monkeypatch.setattr(lanes, "_lanes", {})
    monkeypatch.setenv("STRIPE_KEY", "sk_test_recorded")
    with ReplayServer(CONTRIB / "stripe" / "recordings") as server:
        settings = {"base_url": server.url, "internal": True, "key": "env:STRIPE_KEY"}
        source_save(name="stripe", title="Stripe", connector="stripe", domain="finance", freshness_s=60,
                    settings=settings)  # fmt: skip
        dana = Actor.person(User.objects.create_user("dana"))

        def answer(ref: str) -> Answer:
            case = case_open(question="refund-status", refs=[ref], actor=dana)
            assert gather_now(seeds=[Ref.parse(ref)], timeout=20).settled
            return case_view(case=case).answer

        yield answer


@pytest.mark.parametrize(
    ("order", "situation"),
    [("48-2002", "submitted"), ("48-2003", "refund_failed"), ("48-2005", "disputed")],
)
def test_each_state_of_stripes_is_a_situation(answered: Answered, order: str, situation: str) -> None:
    assert answered(f"order:{order}").situation == situation


def test_a_paid_refund_is_told_with_its_bank_reference(answered: Answered) -> None:
    answer = answered("order:48-2001")
    assert answer.situation in ("paid", "paid_window_over")
    assert answer.details["bank_reference"].value == "74208476321000012345678"


def test_a_failed_refund_is_told_with_its_reason(answered: Answered) -> None:
    answer = answered("order:48-2003")
    told = " ".join([str(answer.headline), *(str(c.text) for c in answer.claims)])
    assert "expired or cancelled card" in told


def test_a_payment_intent_alone_leads_to_its_refund(answered: Answered) -> None:
    assert answered("payment:pi_Pend").situation == "submitted"
