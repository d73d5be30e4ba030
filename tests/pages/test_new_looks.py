"""Letters, teams, handovers, one's day, imports and sources that tell: each page wide and narrow, light and dark."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.db import transaction
from playwright.sync_api import Browser

from connectors.host import registry
from connectors.host.services import clock_tick
from connectors.host.services.gathering import lanes
from tests.cases.conftest import Teller, maya, say
from tests.cases.test_acting import Bank
from tests.mail.letters import US
from tests.pages.conftest import PHONE, WIDE, Watched, web
from tests.pages.scenes import PAGES, WITHOUT_MAYA, Seen, signed_in
from tests.pages.test_looks import LAYOUT, overflow, violations
from tests.sources.conftest import Plain, make
from tests.sources.test_importing import CSV, MAPPING

__all__ = ["maya", "say", "web"]
pytestmark = pytest.mark.browser
PICTURES = os.environ.get("PICTURES", "")
"""A folder in which to keep what is seen; then nothing else is judged."""


@pytest.fixture(scope="module")
def window(browser: Browser) -> Iterator[Watched]:
    """One window for all pages of this file."""
    context = browser.new_context(viewport=WIDE, reduced_motion="reduce")
    yield Watched(context.new_page())
    context.close()


def person(name: str, first: str, last: str, *roles: str) -> User:
    user = User.objects.create_user(name, first_name=first, last_name=last)
    user.groups.set(Group.objects.get_or_create(name=role)[0] for role in roles)
    return user


@pytest.fixture
def house(committed_db: object, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Dana and Tom who represent, Sam who supervises and sets sources up; a mailbox; connectors that can be tried."""
    found = {**registry.connector_classes(), "teller": Teller, "bank": Bank, "plain": Plain}
    monkeypatch.setattr(registry, "_discovered", lambda: (found, {}))
    monkeypatch.setattr(lanes, "_lanes", {})
    settings.INBOX_URL, settings.INBOX_PASSWORD = f"maildir:{tmp_path / 'inbox'}", ""
    settings.DEFAULT_FROM_EMAIL, settings.UNDO_S = US, 600
    return SimpleNamespace(
        dana=person("dana", "Dana", "Okafor", "rep"), tom=person("tom", "Tom", "Brandt", "rep"),
        sam=person("sam", "Sam", "Holt", "supervisor", "integrator"), inbox=tmp_path / "inbox",
    )  # fmt: skip


def kept(page: Any, name: str) -> None:
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page="talk" not in page.url)


def looked_at(seen: Watched, name: str) -> None:
    """Wide in light by every rule, narrow in the dark by those that these two can break; no sideways scroll at all."""
    page, rules = seen.page, {("wide", "light"): (), ("narrow", "dark"): LAYOUT}
    for width, size in (("wide", WIDE), ("narrow", PHONE)):
        page.set_viewport_size(size)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            if (width, scheme) in rules and not PICTURES:
                assert violations(page, *rules[width, scheme]) == [], (width, scheme)
            assert overflow(page) == 0, (width, scheme)
            kept(page, f"{name}-{width}-{scheme}")
    assert seen.errors == []
    page.goto("about:blank")  # or it would go on asking while the next one's rows are made


def go(window: Watched, web: str, user: str, path: str) -> None:
    window.errors.clear()
    cookie = signed_in(User.objects.get(username=user)).cookies["sessionid"].value
    window.page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": web}])
    window.page.set_viewport_size(WIDE)
    window.page.emulate_media(color_scheme="light")
    window.page.goto(f"{web}{path}")
    window.page.evaluate("() => document.fonts.ready")


@pytest.mark.parametrize("scene", PAGES, ids=lambda scene: scene.__name__)
def test_each_page_is_accessible_and_inside_its_window(
    scene: Callable[[SimpleNamespace], Seen], house: SimpleNamespace, window: Watched, web: str,  # noqa: F811
    request: pytest.FixtureRequest,
) -> None:  # fmt: skip
    if scene not in WITHOUT_MAYA:
        house.say = request.getfixturevalue("maya")
    user, path = scene(house)
    with transaction.atomic():
        clock_tick()
    go(window, web, user, path)
    looked_at(window, scene.__name__)


def test_a_file_is_accessible_before_it_is_stored(house: SimpleNamespace, window: Watched, web: str, tmp_path: Path):  # noqa: F811
    make()
    go(window, web, "sam", "/sources/warehouse/import/")
    (tmp_path / "returns.csv").write_text(CSV)
    window.page.set_input_files("#f-file", tmp_path / "returns.csv")
    window.page.fill("#f-mapping", MAPPING)
    window.page.click("button:has-text('Look at it')")
    window.page.wait_for_selector("h1:has-text('would be read')")
    looked_at(window, "import_preview")
