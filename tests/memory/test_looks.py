"""What was told, the proposal and an earlier case on the page, in a real browser: wide and narrow, light and dark."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import expect

from cases.models import Case
from cases.selectors import case_view
from tests.cases import conftest as cast
from tests.memory.conftest import wrote
from tests.pages.conftest import PHONE, session, web
from tests.pages.conftest import opened as browsing
from tests.pages.test_looks import LAYOUT, overflow, violations

__all__ = ["browsing", "session", "web"]
pytestmark = pytest.mark.browser
PICTURES = os.environ.get("PICTURES", "")
"""A folder in which to keep what is seen."""


@pytest.fixture
def dana(committed_db: object) -> User:
    user = cast.person("dana", "Dana", "Okafor")
    user.set_password("throughline")
    user.save()
    return user


@pytest.fixture
def contacts(maya: cast.Say, dana: User) -> Case:
    first = cast.opened(dana, message="Where is my refund?")
    wrote(first, "I already sent the photos, and please don't call me. I paid with PayPal.")
    later = cast.opened(dana, message="Please cancel my order 48-1193, I ordered it by mistake.")
    wrote(later, "It is about RMA-77120 as well. I need it before Friday. Only by e-mail please.")
    return later


def kept(page: Any, name: str) -> None:
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)


def test_it_is_accessible_and_one_key_changes_the_question(contacts: Case, browsing: Callable[..., Any]):
    seen = browsing(f"/cases/{contacts.reference}/")
    page = seen.page
    expect(page.locator("#pins")).to_contain_text("Asked not to be called")
    # In one breath: live news may replace the element at any moment.
    page.evaluate("document.querySelector('.earlier-more, .earlier-case').scrollIntoView()")
    expect(page.locator(".earlier-case")).to_contain_text("I already sent the photos")
    page.locator("#reply").fill("We will call you. Could you give us your order number?")
    expect(page.locator("#told-check")).to_contain_text("Asked not to be called")
    assert violations(page) == [] and overflow(page) == 0
    kept(page, "wide-light")
    page.emulate_media(color_scheme="dark")
    kept(page, "wide-dark")
    page.set_viewport_size(PHONE)
    assert violations(page, *LAYOUT) == [] and overflow(page) == 0
    kept(page, "phone-dark")
    page.emulate_media(color_scheme="light")
    kept(page, "phone-light")
    page.set_viewport_size({"width": 1440, "height": 900})
    page.locator("#ans").click()
    page.keyboard.press("q")
    expect(page.locator(".question")).to_contain_text("Can I cancel my order?")
    assert case_view(case=contacts).question == "cancellation" and seen.errors == []
