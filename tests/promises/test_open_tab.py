"""What a person must hear reaches them where they are, also in the case itself."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User

from cases.services import Actor, case_open, commitment_make, promises_sweep
from tests.pages.conftest import PHONE, dana, opened, session, web
from tests.pages.test_looks import LAYOUT, overflow, violations

__all__ = ["dana", "opened", "session", "web"]
pytestmark = pytest.mark.browser


@pytest.fixture
def case(dana: User) -> Any:
    return case_open(question="refund-status", refs=["order:48-1193"], actor=Actor.person(dana))


def test_a_promise_that_falls_due_is_told_in_the_tab_that_has_the_case_open(
    case: Any, dana: User, opened: Callable[..., Any]
):
    """zammad#2931: there a reminder is not sent when the ticket is open in a tab."""
    due = datetime.now(UTC) + timedelta(hours=2)
    commitment_make(case=case, what="Call Maya", due_at=due, actor=Actor.person(dana))
    tab = opened(f"/cases/{case.reference}/").page
    tab.locator("#bell", has_text="No alerts").wait_for(state="attached")
    tab.wait_for_timeout(700)  # the stream is open
    promises_sweep(at=due)
    tab.locator("#bell", has_text="1 alert").wait_for(state="attached", timeout=30_000)
    tab.locator("#timeline", has_text="Promise is late: Call Maya").wait_for(timeout=15_000)


def test_p_promises_and_is_a_letter_wherever_somebody_writes(case: Any, opened: Callable[..., Any]):
    tab = opened(f"/cases/{case.reference}/").page
    tab.locator("#reply").focus()
    tab.keyboard.press("p")
    assert tab.locator("#reply").input_value().endswith("p") and not tab.locator("#pr-what").is_visible()
    tab.locator("#reply").evaluate("box => box.blur()")
    tab.keyboard.press("p")
    tab.keyboard.type("Call Maya")
    assert tab.locator("#pr-what").input_value() == "Call Maya"


def test_promises_and_the_day_are_fit_for_everybody(case: Any, dana: User, opened: Callable[..., Any]):
    due = datetime.now(UTC) + timedelta(minutes=30)
    commitment_make(case=case, what="Call Maya", due_at=due, keeps_kind="refund.paid", actor=Actor.person(dana))
    promises_sweep(at=due + timedelta(hours=2))
    for path in ("/day/", f"/cases/{case.reference}/"):
        page = opened(path).page
        page.evaluate("document.querySelectorAll('.promise details, #promise-add').forEach(d => d.open = true)")
        assert violations(page) == []
        page.emulate_media(color_scheme="dark")
        page.set_viewport_size(PHONE)
        assert (violations(page, *LAYOUT), overflow(page)) == ([], 0)
