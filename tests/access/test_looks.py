"""Pages of signing in, of one's account, of access and of people in a real browser: accessible, quiet, inside."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import Browser, BrowserContext

from tests.access.conftest import PASSWORD
from tests.access.test_sign_in import code_of, sign_in
from tests.pages.conftest import PHONE, WIDE, Watched, web
from tests.pages.test_looks import LAYOUT, overflow, violations
from workspace.access import services

__all__ = ["web"]
pytestmark = pytest.mark.browser
Visit = Callable[..., Watched]


@pytest.fixture
def visit(browser: Browser, web: str) -> Iterator[Visit]:
    """``visit(client)``: a window with the session of this client."""
    contexts: list[BrowserContext] = []

    def opened(client: Client) -> Watched:
        contexts.append(browser.new_context(viewport=WIDE, reduced_motion="reduce"))
        session = client.cookies.get("sessionid")
        if session is not None:
            contexts[-1].add_cookies([{"name": "sessionid", "value": session.value, "url": web}])
        return Watched(contexts[-1].new_page())

    yield opened
    for context in contexts:
        context.close()


def accessible(seen: Watched, web: str, *paths: str) -> None:
    """Wide and light by every rule, narrow and dark by those that this can break."""
    for path in paths:
        seen.page.set_viewport_size(WIDE)
        seen.page.emulate_media(color_scheme="light")
        seen.page.goto(web + path)
        assert violations(seen.page) == [], path
        seen.page.emulate_media(color_scheme="dark")
        seen.page.set_viewport_size(PHONE)
        assert violations(seen.page, *LAYOUT) == [], path
        assert overflow(seen.page) == 0, path
    assert seen.errors == []


def test_signing_in_and_one_s_own_account_are_accessible(committed_db, person, visit: Visit, web: str) -> None:
    user, client = person("rep"), Client(headers={"User-Agent": "Mozilla/5.0 (Windows NT 10.0) Firefox/128.0"})
    sign_in(client, user)
    accessible(visit(Client()), web, "/sign-in/?next=/cases/")
    accessible(visit(client), web, "/account/two-step/", "/account/confirm/", "/account/two-step/keys/add/")
    asked = client.get("/account/two-step/app/").headers["Location"]
    client.post(asked, {"password": PASSWORD})
    accessible(visit(client), web, "/account/two-step/app/", "/account/password/")
    secret = re.search(r'id="secret">(\w+)<', client.get("/account/two-step/app/").content.decode())
    assert secret is not None
    client.post("/account/two-step/app/", {"code": code_of(secret[1])})
    waiting = Client()
    sign_in(waiting, user)
    accessible(visit(waiting), web, "/sign-in/second-step/")
    sign_in(Client(headers={"User-Agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) Safari/604.1"}), user)
    accessible(visit(client), web, "/account/sessions/", "/account/two-step/codes/", "/account/two-step/codes/new/")


def test_people_tokens_and_access_for_a_time_are_accessible(
    committed_db, person: Callable[..., User], session, visit: Visit, web: str
) -> None:
    admin, auditor = person("administrator"), person("auditor")
    for n, scopes in enumerate(([], ["facts", "read"], ["cases"])):
        made, _ = services.token_make(user=person("program"), name=f"Chat desk {n}", by=admin, scopes=scopes)
    services.token_end(id=made.pk)
    asked = [services.access_ask(asker=auditor, case=None, classes=[c], why="Complaint to the ombudsman of 3 May")
             for c in ("contact", "address", "identity")]  # fmt: skip
    services.access_decide(id=asked[0].pk, by=admin, grant=True, answer="For the letter alone")
    services.access_decide(id=asked[1].pk, by=admin, grant=False)
    people = [f"/administration/people/{path}" for path in ("", "add/", "program/", "auditor/")]
    accessible(visit(session(admin)), web, *people, "/access/")
    accessible(visit(session(auditor)), web, "/access/", "/access/log/")
