"""A passkey in a real browser: added, then used alone, under the page's strict policy."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.access.conftest import PASSWORD
from tests.pages.conftest import web

__all__ = ["web"]
pytestmark = pytest.mark.browser


def authenticator(page: Any) -> Any:
    """Chromium's own virtual authenticator, which keeps keys and says yes."""
    cdp = page.context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    cdp.send("WebAuthn.addVirtualAuthenticator", {"options": {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }})  # fmt: skip
    return cdp


def test_a_passkey_is_added_and_opens_the_account_alone(committed_db, person, web: str, browser: Browser) -> None:
    user, said = person("rep"), []
    context = browser.new_context()
    page = context.new_page()
    page.on("console", lambda m: said.append(m.text) if m.type == "error" else None)
    authenticator(page)
    place = web.replace("127.0.0.1", "localhost")  # a passkey needs a name, not a number
    page.goto(f"{place}/sign-in/")
    page.fill("#id_username", user.username)
    page.fill("#id_password", PASSWORD)
    page.click("button:text-is('Sign in')")
    page.goto(f"{place}/account/two-step/keys/add/")
    page.fill("#id_password", PASSWORD)  # asked once more, since it changes how one signs in
    page.click("button:text-is('Go on')")
    page.fill("#id_name", "My laptop")
    page.click("#passkey-go")
    page.wait_for_url("**/two-step/codes/")
    page.goto(f"{place}/account/two-step/")
    assert page.locator("b", has_text="My laptop").is_visible()
    assert page.locator("h1", has_text="two steps").is_visible()
    page.goto("about:blank")  # a page that loses its session goes to sign-in by itself
    context.clear_cookies()
    page.goto(f"{place}/sign-in/?next=/cases/")
    page.click("#passkey-go")
    page.wait_for_url("**/cases/")
    page.goto("about:blank")  # a page that loses its session goes to sign-in by itself
    context.clear_cookies()
    page.goto(f"{place}/sign-in/")
    page.fill("#id_username", user.username)
    page.fill("#id_password", PASSWORD)
    page.click("button:text-is('Sign in')")
    page.wait_for_url("**/sign-in/second-step/**")
    page.click("#passkey-go")
    page.wait_for_url("**/cases/")
    assert said == []
    context.close()
