"""The board, one measure and the rail: wide and narrow, light and dark."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from playwright.sync_api import Browser

from tests.pages.conftest import WIDE, Watched, web
from tests.pages.test_new_looks import go, looked_at

__all__ = ["web"]
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def window(browser: Browser) -> Iterator[Watched]:
    context = browser.new_context(viewport=WIDE, reduced_motion="reduce")
    yield Watched(context.new_page())
    context.close()


def test_board_and_measure_are_accessible_and_inside_their_window(
    house: SimpleNamespace, window: Watched, web: str  # noqa: F811
) -> None:  # fmt: skip
    for path, name in (("/trust/", "trust-board"), ("/trust/facts_fresh/?show=all", "trust-measure")):
        go(window, web, house.sofia, path)
        looked_at(window, name)
