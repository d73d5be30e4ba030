"""Every state of the case page in a real browser: accessible, quiet, inside its width."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.pages import cast
from tests.pages.conftest import PHONE

pytestmark = pytest.mark.browser
NARROW = ("late_note", "disagree", "which_one")
"""States whose parts lie differently in a narrow window."""
Open = Callable[..., Any]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LAYOUT = ("color-contrast", "target-size", "region", "page-has-heading-one", "scrollable-region-focusable", "label")
"""Rules that a narrow window can break although the wide one keeps them."""
WIDTHS = (320, 390, 820, 1024, 1280)


def violations(page: Any, *rules: str) -> list[str]:
    """What axe finds: by all rules for accessible pages, or by these alone."""
    chosen = {"type": "rule", "values": list(rules)} if rules else RULES
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(Axe().axe_script)
    options = {"runOnly": chosen, "resultTypes": ["violations"]}
    found = page.evaluate("async options => (await axe.run(options)).violations", options)
    return [f"{v['id']}: {n['html'][:160]}" for v in found for n in v["nodes"]]


def overflow(page: Any) -> int:
    return int(page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth"))


@pytest.mark.parametrize("state", cast.STATES)
def test_each_state_is_accessible_wide_and_narrow_light_and_dark(state: str, stage: Any, opened: Open) -> None:
    stage(cast.STATES[state]())
    seen = opened("/cases/20418/")
    assert violations(seen.page) == []
    seen.page.emulate_media(color_scheme="dark")
    if state in NARROW:
        seen.page.set_viewport_size(PHONE)
    assert violations(seen.page, *(LAYOUT if state in NARROW else ["color-contrast"])) == []
    assert seen.errors == []


def test_no_width_scrolls_sideways(stage: Any, opened: Open) -> None:
    stage(cast.late_note())
    seen = opened("/cases/20418/")
    for width in WIDTHS:
        seen.page.set_viewport_size({"width": width, "height": 800})
        assert overflow(seen.page) == 0, width
