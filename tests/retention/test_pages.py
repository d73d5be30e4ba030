"""The pages on which a customer is forgotten: wide and narrow, light and dark, by two people."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.test import Client
from playwright.sync_api import Browser

from cases.models import Access, Case, Erasure
from connectors.sdk.personal import CLASSES
from tests.pages.conftest import PHONE as NARROW
from tests.pages.conftest import WIDE, Watched, web
from tests.pages.test_looks import LAYOUT, overflow, violations
from tests.retention.conftest import MAYA, NAME, NEEDLES
from tests.retention.searching import found_in
from workspace.access.services import access_ask, access_decide

__all__ = ["web"]
PICTURES = os.environ.get("PICTURES", "")


def test_two_people_do_it_on_the_pages(customer: int, maya: Case, ada: User, ben: User):
    first, second = Client(), Client()
    first.force_login(ada)
    second.force_login(ben)
    found = first.get("/administration/erasures/", {"q": MAYA}).content.decode()
    assert NAME in found and Access.objects.filter(what="search", customers=[customer]).exists()
    asked = first.post("/administration/erasures/ask/", {"customer": customer, "why": "Ticket P-9"})
    page = asked.headers["Location"]
    assert "You asked, so somebody else answers" in first.get(page).content.decode()
    second.post(f"{page}decide/", {"cases": "close", "promises": "withdraw"})
    read = second.get(page)
    assert "The money of 1 refund.paid, until" in read.content.decode()
    second.post(f"{page}yes/", {"digest": read.context["plan"].digest})
    assert Erasure.objects.get().request_id and found_in(NEEDLES) == {}
    assert f"Customer {customer} is erased" in first.get(page).content.decode()


def test_who_only_reads_there_confirms_no_address(customer: int, maya: Case, client: Client):
    client.force_login(auditor := User.objects.create_user("alva"))
    auditor.groups.add(Group.objects.get_or_create(name="auditor")[0])
    pages = [client.get("/administration/erasures/", {"q": q}) for q in (MAYA, "nobody@example.com")]
    assert [p.context["found"] for p in pages] == [(), ()]
    assert pages[0].context["problem"] == pages[1].context["problem"]


def sees_all(user: User) -> None:
    """A supervisor lets them see for an hour what belongs to no case."""
    sam = User.objects.create_user("sam")
    sam.groups.add(Group.objects.get_or_create(name="supervisor")[0])
    asked = access_ask(asker=user, case=None, classes=CLASSES, why="She asked for a copy")
    access_decide(id=asked.pk, by=sam, grant=True)


def test_a_zip_of_everything_is_for_who_was_granted_all_of_it(customer: int, ada: User, dana: User, client: Client):
    client.force_login(ada)
    refused = client.post("/administration/erasures/export/", {"customer": customer})
    assert refused.status_code == 403 and "Ask for access" in refused.content.decode()
    sees_all(ada)
    got = client.post("/administration/erasures/export/", {"customer": customer})
    assert got.headers["Content-Type"] == "application/zip" and got.content[:2] == b"PK"
    client.force_login(dana)
    assert client.post("/administration/erasures/export/", {"customer": customer}).status_code == 403


@pytest.fixture
def window(browser: Browser, ada: User, committed_db: object) -> Iterator[Watched]:
    client = Client()
    client.force_login(ada)
    context = browser.new_context(viewport=WIDE, reduced_motion="reduce")  # type: ignore[arg-type]
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": "http://127.0.0.1"}])
    yield Watched(context.new_page())
    context.close()


@pytest.mark.browser
def test_they_look_right(web: str, window: Watched, customer: int, maya: Case, ben: User, ada: User):
    from cases.services import Actor
    from cases.services.retention import erasure_ask, legal_hold_set

    asked = erasure_ask(customer=customer, why="Ticket P-9", actor=Actor.person(ben))
    legal_hold_set(customer=customer, why="Court file 7", actor=Actor.person(ben))
    places = {"erasures": "erasures/?q=Maya", "erasure": f"erasures/{asked.id}/", "retention": "retention/"}
    for name, place in places.items():
        for size, scheme in ((WIDE, "light"), (NARROW, "dark")):
            window.page.set_viewport_size(size)  # type: ignore[arg-type]
            window.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            window.page.goto(f"{web}/administration/{place}")
            if PICTURES:
                window.page.screenshot(path=Path(PICTURES) / f"{name}-{scheme}.png", full_page=True)
            rules = () if scheme == "light" else LAYOUT
            assert violations(window.page, *rules) == [] and overflow(window.page) == 0
    assert window.errors == []
