"""What the newer questions read apart, and what they don't make up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from cases.questions.policy_question.quoting import MOST, paragraph
from connectors.sdk import Ref
from tests.questions.conftest import EUR, ORDER, RETURN, Cast
from tests.questions.stories import told
from tests.questions.stories.double_charge import charged, twice
from tests.questions.stories.exchange_status import NEW, replaced
from tests.questions.stories.policy_question import CLAUSE, WRITTEN, at_large, terms


def plain(text: object) -> str:
    return str(text).replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("document", "quoted"),
    [
        ("# Returns\n\n## §1 Window\nThirty days.\n\n## §2 More\nOther.", "Thirty days."),
        ("§1 Window\nThirty\ndays.\n§2 More\nOther.", "Thirty days."),
        ("§1. You have thirty days.\n\nMore words.", "You have thirty days."),
        ("§1.2 No.\n§1 Yes.", "Yes."),
        ("## §11 Window\nNo.\n## §1 Window\nYes.", "Yes."),
        ("## §2 More\nOther.", ""),
        ("", ""),
    ],
)
def test_the_paragraph_of_the_clause_is_quoted_and_no_other(document: str, quoted: str) -> None:
    assert paragraph(document, "§1") == quoted


def test_a_long_clause_is_quoted_in_whole_sentences() -> None:
    found = paragraph("## §1 Window\n" + "One more sentence of it. " * 40, "§1")
    assert len(found) <= MOST + 2 and found.endswith("it. …")


def test_the_customer_is_quoted_the_clause_with_its_version_and_day() -> None:
    answer = at_large(Cast("policy-question")).ask()
    assert [plain(c.text) for c in answer.draft] == [
        f"Our terms say: “{CLAUSE}” (RT-7 §1, version 2, in force since Thursday 1 October)."
    ]


def test_an_order_is_answered_by_the_version_of_its_own_day() -> None:
    cast = Cast("policy-question")
    newer = {**WRITTEN, "version": "3", "window_days": 14, "in_force_from": "2026-11-10"}
    older = {**WRITTEN, "in_force_to": "2026-11-09"}
    cast.bought(5).delivered(8)
    assert "30 days from the delivery, by RT-7 §1, version 2" in plain(terms(cast, older, newer).ask().headline)
    now = terms(at_large(Cast("policy-question")), older, newer).ask()
    assert "14 days from the delivery, by RT-7 §1, version 3" in plain(now.headline)


def test_a_new_version_changes_the_answer_on_its_first_day() -> None:
    newer = {**WRITTEN, "version": "3", "window_days": 14, "in_force_from": "2026-11-25"}
    cast = terms(at_large(Cast("policy-question")), {**WRITTEN, "in_force_to": "2026-11-24"}, newer)
    midnight = datetime(2026, 11, 24, 22, tzinfo=UTC)  # in Helsinki
    assert "version 2" in plain(cast.ask(at=midnight - timedelta(seconds=1)).headline)
    assert "version 3" in plain(cast.ask(at=midnight).headline)


def test_one_payment_told_by_shop_and_finance_is_one_charge() -> None:
    cast = Cast("double-charge").bought(9)
    charged(cast, "pi_1", 9, source="shop")
    assert cast.ask().situation == "charged_once"


def test_a_refund_of_the_return_is_not_taken_for_the_extra_charge() -> None:
    cast = twice(Cast("double-charge"))
    cast.tell("return.requested", 12, {"amount": EUR}, (RETURN, ORDER))
    answer = cast.refund("paid", 17).ask()
    assert answer.situation == "refund_under_way"
    assert "what each refund is for" in plain(answer.hint)


def test_what_was_too_much_is_a_sum_that_names_every_charge_and_the_order() -> None:
    answer = told("double-charge", "charged_twice").ask()
    (extra,) = [x for c in answer.draft if c.key == "reply.extra" for x in c.text.values]
    assert (extra.value, len(extra.inputs)) == ("84.90", 3)


def test_the_link_to_an_invoice_is_never_in_the_letter() -> None:
    answer = told("invoice-copy", "issued").ask()
    assert answer.details["invoice_link"].value in str(answer.hint)
    assert "://" not in " ".join(str(c.text) for c in answer.draft)


def test_that_no_invoice_was_issued_is_said_only_once_finance_was_asked() -> None:
    cast = told("invoice-copy", "not_issued")
    cast.status = {"finance": "down"}
    assert cast.ask().state == "unknown"


def test_an_order_of_its_own_is_no_replacement() -> None:
    cast = Cast("exchange-status").back(13, 16)
    cast.tell("order.placed", 20, {"number": "48-3000", "total": EUR}, (Ref("order", "48-3000"),), key="3")
    assert cast.ask().situation == "return_received"


def test_an_order_that_names_the_one_that_was_sent_back_is_its_replacement() -> None:
    cast = Cast("exchange-status").back(13, 16)
    cast.tell("order.placed", 20, {"number": "48-2001", "total": EUR}, (NEW, ORDER), key="2")
    assert cast.ask().situation == "replacement_placed"


def test_the_parcel_of_the_first_order_is_not_told_as_the_replacements() -> None:
    cast = replaced(Cast("exchange-status"))
    assert cast.ask().situation == "replacement_placed"
    assert "shipment.delivered" not in {c.key for c in cast.ask().claims}


def test_with_no_replacement_known_none_is_promised() -> None:
    answer = told("exchange-status", "return_received").ask()
    assert "don’t promise a replacement" in plain(answer.hint)
    assert "what was agreed" in plain(answer.draft[-1].text)
