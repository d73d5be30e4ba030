"""What was told and what a draft says, as programs read it."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User

from cases.services import Actor, asker_verify, case_follow
from tests.api.client import Caller
from tests.api.conftest import busy_pool, no_calls_counted, rep  # noqa: F401
from tests.cases.conftest import EUR, Say, dana, maya, opened, say, teller, tom  # noqa: F401

LESS = {"amount": "79.90", "currency": "EUR"}


@pytest.fixture
def case(maya: Say, dana: User) -> str:  # noqa: F811
    maya("refund.approved", {"amount": EUR}, "refund:re_1", "payment:pi_1", ago=3)
    made = opened(dana)
    asker_verify(case=made, how="order_and_email", actor=Actor.person(dana))
    return made.reference


def send(rep: Caller, case: str, words: str, **more: object):  # noqa: F811
    digest = rep.get(f"cases/{case}/answer/")["digest"]
    return rep.post(f"cases/{case}/messages/", {"text": words, "digest": digest, **more})


def test_a_draft_is_checked_before_it_is_sent(rep: Caller, case: str):  # noqa: F811
    found = rep.post(f"cases/{case}/draft-check/", {"text": "Your refund of €94.90 is approved."})
    assert [(f["kind"], f["needs_reason"]) for f in found["findings"]] == [("contradiction", True), ("backed", False)]
    assert found["corrected"] == "Your refund of €84.90 is approved." and found["helped"] == "fact"


def test_what_needs_a_reason_is_sent_with_one(rep: Caller, case: str):  # noqa: F811
    words = "Your refund of €94.90 is approved."
    refused = send(rep, case, words)
    assert refused.status == 409 and refused["type"].endswith(":needs-reason") and refused["text"] == words
    kept = [{"key": f["key"], "why": "Ten for the trouble"} for f in refused["findings"] if f["needs_reason"]]
    assert send(rep, case, words, kept=kept).status == 201
    (told,) = rep.get(f"cases/{case}/told/")["results"]
    assert [k["why"] for k in told["kept"]] == ["Ten for the trouble"] and told["state"] == "holds"


def test_what_an_unverified_asker_may_not_be_told_is_refused(rep: Caller, maya: Say, dana: User):  # noqa: F811
    refused = send(rep, opened(dana).reference, "You paid €84.90.")
    assert refused.status == 409 and refused["type"].endswith(":not-to-be-told")


def test_what_no_longer_holds_is_listed_with_its_correction_and_settled(rep: Caller, case: str, maya: Say):  # noqa: F811
    told = send(rep, case, "Your refund of €84.90 is approved.")["statement"]
    maya("refund.paid", {"amount": LESS, "method": "card"}, "refund:re_1", "payment:pi_1", ago=0.01)
    case_follow(case_of(case))
    found = rep.get(f"cases/{case}/told/")
    assert found["results"][0]["state"] == "broken" and "€79.90" in found["correction"]
    assert rep.post(f"cases/{case}/told/{told}/settle/", {"why": "Called her"})["state"] == "settled"
    assert rep.post(f"cases/{case}/told/{told}/settle/", {"why": "Again"}).status == 409


def case_of(reference: str):
    from cases.selectors import case_get

    return case_get(reference)
