"""The state of the ledger, the looks, and a case to take along: wide and narrow, light and dark."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Browser

from cases.models import Access, Case
from cases.services import Actor, access_record, case_viewed
from cases.services.ledger import ledger_run, ledger_runs_go
from connectors.host.models import Clock
from tests.ledger.test_pages import _account
from tests.pages.conftest import WIDE, Watched, web
from tests.pages.test_new_looks import go, looked_at

__all__ = ["web"]
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def window(browser: Browser) -> Iterator[Watched]:
    context = browser.new_context(viewport=WIDE, reduced_motion="reduce")
    yield Watched(context.new_page())
    context.close()


@pytest.fixture
def sam(committed_db: object, three_days: Case, dana: User, tom: User) -> User:
    """Sam supervises; history was verified, and people have looked at things."""
    sam, now = _account("sam", "Sam Holt", "supervisor"), Clock.objects.get().last
    ledger_run(actor=Actor.person(sam))
    assert ledger_runs_go() == 1
    case_viewed(case=three_days, actor=Actor.person(tom), as_of=now, at=now)
    customer = Case.objects.get(pk=three_days.pk).customer_id
    access_record(actor=Actor.person(tom), what="search", route="cases_matches", case=three_days, customer=customer)
    access_record(actor=Actor.person(dana), what="original", route="letter_original", case=three_days, why="Letter 12")
    access_record(actor=Actor.person(sam), what="export", route="case_export", case=three_days,
                  why="A bundle of the case without internal notes")  # fmt: skip
    assert Access.objects.count() == 4
    return sam


def test_the_ledger_the_looks_and_the_bundle_lie_calmly(sam: User, three_days: Case, window: Watched, web: str) -> None:
    export = f"/cases/{three_days.pk}/export/"
    for path, name in (("/ledger/", "ledger"), ("/ledger/access/", "ledger-looks"), (export, "ledger-export")):
        go(window, web, "sam", path)
        looked_at(window, name)
