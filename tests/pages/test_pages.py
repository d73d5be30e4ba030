"""Signing in, the queue and its one box, errors in words, and the weight of what is sent."""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import expect

from cases import selectors
from cases.views import PersonMatch, RefMatch, SearchResult
from connectors.sdk import Ref
from tests.pages import cast
from tests.pages.test_looks import violations

STATIC = Path("workspace/pages/static")
Open = Callable[..., Any]
ORDER = Ref("order", "48-1193")
HOSTILE = "<img src=x onerror=alert(1)>\u202e{{ 7|add:7 }} 😀"


def gz(content: bytes) -> int:
    return len(gzip.compress(content))


@pytest.fixture
def rep(dana: User) -> Client:
    client = Client()
    client.force_login(dana)
    return client


@pytest.fixture
def finds(monkeypatch: pytest.MonkeyPatch) -> Callable[[SearchResult], None]:
    return lambda found: monkeypatch.setattr(selectors, "search", lambda q, **_: replace(found, query=q))


@pytest.mark.browser
def test_the_queue_and_what_the_box_finds_are_accessible(stage: Any, opened: Open, finds: Any) -> None:
    stage(cast.view())
    people = (PersonMatch(1, "Maya Lindqvist", ("email:maya@example.com",), ("20418",)),)
    finds(SearchResult("", (RefMatch(ORDER, ("20418",)),), people, cast.QUEUE[:1], (ORDER,)))
    seen = opened("/cases/")
    seen.page.locator("#find").press_sequentially("48-11")
    expect(seen.page.locator("#matches")).to_contain_text("Order 48-1193")
    assert violations(seen.page) == [] and seen.errors == []


@pytest.mark.browser
def test_signing_in_leads_where_one_wanted_to_go(opened: Open, dana: User, web: str, browser: Any) -> None:
    page = browser.new_page()
    page.goto(f"{web}/cases/?q=")
    assert violations(page) == []
    page.locator("#id_username").fill("dana")
    page.locator("#id_password").fill("throughline")
    page.locator("#id_password").press("Enter")
    page.wait_for_url(f"{web}/cases/?q=")
    expect(page.locator("h1")).to_have_text("Nobody waits for you")
    page.context.close()


def test_an_order_that_one_open_case_is_about_opens_that_case(rep: Client, finds: Any) -> None:
    finds(SearchResult("", (RefMatch(ORDER, ("20418",)),), (), cast.QUEUE[:1], (ORDER,)))
    assert rep.post("/cases/find/", {"q": " 48-1193 "}).headers["Location"] == "/cases/20418/"


def test_an_unknown_order_opens_a_case_with_the_customers_words_and_then_that_case(rep: Client) -> None:
    opened = rep.post("/cases/find/", {"q": " 48-1193 ", "words": "Where is my money?"}).headers["Location"]
    page = rep.get(opened).content.decode()
    assert "Where is my money?" in page and "Order 48-1193" in page
    assert rep.post("/cases/find/", {"q": "order:48-1193"}).headers["Location"] == opened


def test_verbs_of_a_case_end_on_its_page_and_refusals_are_said_there(rep: Client) -> None:
    case = rep.post("/cases/open/", {"ref": "order:48-1193"}).headers["Location"]
    assert rep.post(f"{case}verify/", {"how": "signed_in"}).headers["Location"] == case
    assert "Signed in to their account, Dana Okafor" in rep.get(case).content.decode()
    refused = rep.post(f"{case}verify/", {"how": "a hunch"}, follow=True).content.decode()
    assert "is not a way to verify" in refused
    assert rep.post(f"{case}close/").headers["Location"] == "/cases/"
    assert rep.post(f"{case}close/", follow=True).content.decode().count("closed already") == 1
    assert rep.post(f"{case}reopen/").headers["Location"] == case


def test_a_reply_that_no_answer_stands_behind_any_more_is_not_sent(rep: Client) -> None:
    case = rep.post("/cases/open/", {"ref": "email:maya@example.com"}).headers["Location"]
    late = rep.post(f"{case}reply/", {"text": "My own words", "digest": "0" * 64, "recipient": "maya@example.com"})
    assert late.status_code == 409 and "My own words" in late.content.decode()
    assert "The answer has changed" in late.content.decode()


def test_what_no_case_can_be_opened_about_is_said(rep: Client) -> None:
    refused = rep.post("/cases/open/", {"ref": "nonsense"}, follow=True).content.decode()
    assert 'class="toast"' in refused and "order:48-1193" in refused


def test_a_name_leads_to_a_choice(rep: Client, finds: Any) -> None:
    finds(SearchResult("", people=(PersonMatch(1, "Maya Lindqvist", ("email:maya@example.com",)),)))
    assert rep.post("/cases/find/", {"q": "Maya Lind"}).headers["Location"] == "/cases/?q=Maya%20Lind"


def test_hostile_words_stay_words(rep: Client, stage: Any) -> None:
    stage(cast.view(asked=HOSTILE, person=replace(cast.view().person, name=HOSTILE), question_title=HOSTILE))
    shown = rep.get("/cases/20418/").content.decode()
    assert "<img" not in shown and "&lt;img src=x" in shown and "{{ 7|add:7 }}" in shown


@pytest.mark.parametrize("path", ["/cases/nonsense/", "/cases/999999999999999999999/", "/nothing/"])
def test_what_is_not_there_is_said_in_words(rep: Client, path: str) -> None:
    missing = rep.get(path)
    assert missing.status_code == 404 and "There is nothing here" in missing.content.decode()


def test_an_address_that_no_text_can_have_is_refused_in_words(rep: Client) -> None:
    assert rep.get("/cases/%00/").status_code == 400


def test_a_broken_page_says_so_without_a_trace(rep: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(**_: Any) -> None:
        raise RuntimeError("secret details")

    monkeypatch.setattr(selectors, "queue", broken)
    rep.raise_request_exception = False
    said = rep.get("/cases/")
    assert said.status_code == 500 and "It is not your doing" in said.content.decode()
    assert "secret details" not in said.content.decode()


def test_every_time_on_the_case_page_is_machine_readable(rep: Client, stage: Any) -> None:
    stage(cast.view())
    shown = rep.get("/cases/20418/").content.decode()
    assert shown.count("<time") == len(re.findall(r'<time (?:class="nw" )?datetime="\d{4}-\d\d-\d\d', shown)) > 20


def test_nothing_on_a_page_is_inline(rep: Client, stage: Any) -> None:
    stage(cast.view())
    shown = rep.get("/cases/20418/").content.decode()
    assert not re.search(r'\sstyle="|\son\w+="|<style|<script(?! src)', shown)


def test_pages_scripts_and_styles_keep_their_weight(rep: Client, stage: Any) -> None:
    rows = tuple(replace(cast.FACTS[1], id=100 + i) for i in range(45))
    stage(cast.view(facts=(*cast.FACTS, *rows)))
    scripts = [*STATIC.glob("*.js"), *STATIC.glob("vendor/htmx/*.js")]
    assert sum(gz(f.read_bytes()) for f in scripts) <= 25 * 1024
    page = rep.get("/cases/20418/").content
    styles = re.findall(r'href="/static/(\w+)[^"]*\.css"', page.decode())
    assert styles and sum(gz((STATIC / f"{name}.css").read_bytes()) for name in styles) <= 12 * 1024
    assert gz(page) <= 12 * 1024


def test_vendored_scripts_are_the_published_ones() -> None:
    folder = STATIC / "vendor/htmx"
    assert (folder / "VERSION").read_text() == "htmx.org 4.0.1\n" and (folder / "LICENSE").exists()
    for line in (folder / "SHA256SUMS").read_text().splitlines():
        digest, name = line.split()
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest


@pytest.mark.django_db
def test_a_request_for_another_host_is_refused_with_a_page(client: Client) -> None:
    refused = client.get("/sign-in/", headers={"host": "evil.example"})
    assert refused.status_code == 400 and "html" in refused.headers["Content-Type"]
