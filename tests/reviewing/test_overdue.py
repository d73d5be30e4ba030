"""A refund past its term is reviewed though nobody opens its case: rows of a shop, of finance and of the policies, read
by a connector, and the clock led through four weeks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User

from cases.models import Case, Event, Review
from cases.services import Actor, case_close, case_open, cases_sweep, reviews_sweep
from connectors.host.selectors import moment
from connectors.host.services import clock_led, facts_record, source_save
from connectors.sdk import Row
from tests.cases.conftest import EUR
from tests.demo.conftest import nothing_recorded
from tests.questions.conftest import REFUNDS
from tests.reviewing.conftest import account, who

__all__ = ["nothing_recorded"]
MONDAY = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
Lead = Callable[[int], None]


@pytest.fixture
def weeks(nothing_recorded: None, db: None, settings: Any) -> Iterator[Lead]:  # noqa: F811
    """On Monday Maya's refund is approved; finance sends it within three working days, says the policy, and does not.
    ``weeks(days)`` leads the clock on to so many days after Monday."""
    settings.DEMO = True
    with clock_led(MONDAY) as to:
        _rows("policy", ("policy.refunds", {**REFUNDS, "in_force_from": "2025-10-01"}, "2025-10-01", "policy:refunds"))
        _rows("order", ("order.placed", {"number": "48-1193", "total": EUR}, "2025-12-20", "order:48-1193"))
        _rows("finance", ("payment.captured", {"amount": EUR, "method": "card"}, "2025-12-20", "order:48-1193",
                          "payment:pi_1"),
              ("refund.approved", {"amount": EUR}, "2026-01-05", "refund:re_1", "payment:pi_1"))  # fmt: skip
        yield lambda days: to(MONDAY + timedelta(days=days))


def _rows(domain: str, *told: tuple[Any, ...]) -> None:
    source = source_save(
        name=domain, title=domain.title(), connector="teller", domain=domain, freshness_s=3600,
        settings={"base_url": "http://teller.example", "internal": True},
    )  # fmt: skip
    rows = [Row("row", f"{domain}-{n}", {"kind": kind, "data": data, "occurred": day, "refs": refs})
            for n, (kind, data, day, *refs) in enumerate(told)]  # fmt: skip
    assert not facts_record(source=source, rows=rows, how="poll", started_at=moment()[1]).malformed


def wrote(owner: User) -> Case:
    """Maya's own words open a case of which nobody opens the page."""
    return case_open(question="refund-status", refs=["order:48-1193"], message="Where is my refund?", owner=owner,
                     actor=Actor.customer())  # fmt: skip


def asked() -> list[tuple[str, str]]:
    return [(reason.rule, review.event.kind) for review in Review.objects.all() for reason in review.reasons.all()]


def test_a_term_that_passes_while_the_case_waits_is_found_by_the_clock_alone(weeks: Lead, dana: User):
    wrote(dana)
    assert reviews_sweep() == 0
    weeks(14)
    assert cases_sweep() == 1 and reviews_sweep() == 1 and asked() == [("overdue", "answer.changed")]
    weeks(28)
    cases_sweep()
    assert reviews_sweep() == 0 and Review.objects.get().person == dana


def test_what_is_overdue_when_its_case_is_opened_is_found_too_and_once(weeks: Lead, dana: User):
    weeks(14)
    case = wrote(dana)
    assert not Event.objects.filter(case=case, kind__startswith="answer.").exists()
    assert reviews_sweep() == 1 and asked() == [("overdue", "answer.changed")]
    weeks(15)
    assert reviews_sweep() == 0 and Event.objects.filter(case=case, kind="answer.changed").count() == 1


def test_a_closed_case_waits_for_no_refund(weeks: Lead, dana: User):
    weeks(14)
    case_close(case=wrote(dana), actor=who(account("sam", "Sam", "supervisor")), why="Paid in the shop.")
    assert reviews_sweep() == 0
