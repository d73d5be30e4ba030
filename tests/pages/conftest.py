"""The real server on a free port, a rep who is signed in, and cases staged as the record would show them."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page

from cases import selectors, services
from cases.models import Case
from cases.views import CaseView
from tests.pages import cast

WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture(scope="session")
def web(django_db_setup: None) -> Iterator[str]:
    """Pages, API and streams on one port in this process, under the server that runs them for real."""
    import uvicorn

    from workspace.env import env
    from workspace.processes import free_port

    os.environ.setdefault("SECRET_KEY", settings.SECRET_KEY)
    env.cache_clear()
    from workspace.asgi import application

    port = free_port()
    # Without the lifespan protocol: its end would end this whole process, and the run with it.
    config = uvicorn.Config(
        application, "127.0.0.1", port, log_level="error", timeout_graceful_shutdown=1, lifespan="off"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(5)


@pytest.fixture
def dana(committed_db: object) -> User:
    user = User.objects.create_user("dana", password="throughline", first_name="Dana", last_name="Okafor")
    user.groups.add(Group.objects.get_or_create(name="rep")[0])
    return user


@pytest.fixture
def session(dana: User, web: str) -> dict[str, Any]:
    """Dana's session cookie, fit for a browser."""
    client = Client()
    client.force_login(dana)
    return {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": web}


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> Callable[[CaseView], None]:
    """Shows a hand-built view wherever the case page reads one; nothing is gathered or recorded."""
    monkeypatch.setattr(selectors, "case_get", lambda reference: Case(pk=int(reference)))
    monkeypatch.setattr(selectors, "queue", lambda **_: cast.QUEUE)
    monkeypatch.setattr(selectors, "case_stamp", lambda reference: "")
    for name in ("case_gather", "case_viewed", "answer_shown"):
        monkeypatch.setattr(services, name, lambda *_, **__: None)

    def show(view: CaseView) -> None:
        monkeypatch.setattr(selectors, "case_view", lambda **_: view)

    return show


class Watched:
    """A page whose console errors and failed requests are kept."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.errors: list[str] = []
        page.on("console", lambda m: self.errors.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda e: self.errors.append(str(e)))


@pytest.fixture
def opened(browser: Browser, session: dict[str, Any], web: str) -> Iterator[Callable[..., Watched]]:
    """``opened("/cases/", viewport=…, color_scheme=…)``: a page of a signed-in rep."""
    contexts: list[BrowserContext] = []

    def open_(path: str, **options: Any) -> Watched:
        context = browser.new_context(**{"viewport": WIDE, "reduced_motion": "reduce", **options})
        contexts.append(context)
        context.add_cookies([session])
        watched = Watched(context.new_page())
        watched.page.goto(f"{web}{path}")
        watched.page.evaluate("() => document.fonts.ready")
        return watched

    yield open_
    for context in contexts:
        context.close()
