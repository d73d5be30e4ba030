"""The replay and its print in a real browser: wide and narrow, light and dark, by keyboard, slider and paper."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Browser

from tests.cases.conftest import teller
from tests.database import TestDatabase
from tests.pages.conftest import PHONE, WIDE, Watched, web
from tests.pages.test_looks import LAYOUT, overflow, violations
from tests.pages.test_new_looks import person, signed_in
from tests.replay.scene import lived

__all__ = ["teller", "web"]
pytestmark = pytest.mark.browser
PICTURES = os.environ.get("PICTURES", "")


@pytest.fixture
def story(committed_db: TestDatabase, teller: None) -> SimpleNamespace:  # noqa: F811
    tom = person("tom", "Tom", "Brandt", "rep")
    case, sent = lived(committed_db.connect, tom)
    ruth = person("ruth", "Ruth", "Adeyemi", "supervisor")
    path = f"/cases/{case.reference}/replay/"
    return SimpleNamespace(case=case, sent=sent, ruth=ruth, path=path,
                           then=f"{path}?as_of={sent.at.isoformat().replace('+00:00', 'Z')}")  # fmt: skip


@pytest.fixture
def seen(browser: Browser, story: SimpleNamespace, web: str) -> Iterator[Watched]:  # noqa: F811
    may = ["clipboard-read", "clipboard-write"]
    context = browser.new_context(viewport=WIDE, reduced_motion="reduce", permissions=may)
    cookie = signed_in(User.objects.get(username="ruth")).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": cookie, "url": web}])
    watched = Watched(context.new_page())
    watched.page.goto(f"{web}{story.then}")
    watched.page.evaluate("() => document.fonts.ready")
    yield watched
    context.close()


def kept(seen: Watched, name: str) -> None:
    if PICTURES:
        seen.page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)


def test_replay_wide_and_narrow_and_on_paper(seen: Watched, story: SimpleNamespace, web: str) -> None:  # noqa: F811
    page = seen.page
    assert "Tom’s reply matched what we knew on" in page.inner_text("h1")
    kept(seen, "replay-wide-light")
    assert violations(page) == []
    page.emulate_media(color_scheme="dark")
    kept(seen, "replay-wide-dark")
    assert violations(page, "color-contrast") == []
    page.set_viewport_size(PHONE)
    kept(seen, "replay-phone-dark")
    assert violations(page, *LAYOUT) == []
    for width in (320, 390, 820, 1024, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        assert overflow(page) == 0, width
    page.emulate_media(color_scheme="light")
    moves(seen, story.then.partition("as_of=")[2])
    prints(seen, web)
    assert seen.errors == []


def moves(seen: Watched, then: str) -> None:
    """The next event by key, the one before by slider; the address holds the moment, and so does a reload."""
    page, before = seen.page, seen.page.inner_text("#rp-out")
    page.keyboard.press(".")
    page.wait_for_function("was => document.querySelector('#rp-out').textContent !== was", arg=before)
    assert "as_of=" in page.url and page.inner_text("#rp-out") != before
    kept(seen, "replay-next")
    page.focus("#stop")
    page.keyboard.press("ArrowLeft")
    page.wait_for_function("then => decodeURIComponent(location.search).includes(then)", arg=then)
    assert page.inner_text("#rp-out") == before
    page.wait_for_function("() => document.activeElement && document.activeElement.id === 'stop'")
    says = page.get_attribute("#stop", "aria-valuetext")
    assert says and "Tom Brandt replied" in says
    page.reload()
    assert page.inner_text("#rp-out") == before
    page.click("[data-copy-link]")
    assert page.evaluate("() => navigator.clipboard.readText()") == page.url


def prints(seen: Watched, web: str) -> None:  # noqa: F811
    """Two pages of A4 at most, with who printed what when."""
    seen.page.click("text=Print")
    seen.page.wait_for_selector(".letterhead")
    assert "by Ruth Adeyemi" in seen.page.inner_text(".letterhead")
    seen.page.emulate_media(media="print")
    paper = seen.page.pdf(prefer_css_page_size=True)
    answer = seen.page.locator(".then-now .lead").first
    assert answer.is_visible() and "The return arrived" in answer.inner_text()
    assert not any(one.is_visible() for one in seen.page.locator(".no-print").all())
    assert seen.page.evaluate("() => getComputedStyle(document.documentElement).colorScheme") == "light"
    assert len(re.findall(rb"/Type ?/Page\b", paper)) in (1, 2)
    if PICTURES:
        (Path(PICTURES) / "replay.pdf").write_bytes(paper)
        seen.page.emulate_media(media="print")
        seen.page.set_viewport_size({"width": 690, "height": 1000})
        kept(seen, "replay-print")
