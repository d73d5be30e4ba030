"""The open page changes by itself, and never under the hands of the person who uses it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from playwright.sync_api import expect

from cases import services
from cases.answers import text
from cases.errors import AnswerChanged
from cases.views import CaseView
from tests.pages import cast

pytestmark = pytest.mark.browser
Open = Callable[..., Any]


def changed(headline: str = "The bank has booked the refund.", draft: str = "Hello Maya, the bank has it.") -> CaseView:
    answer = replace(cast.PAID, headline=text(headline))
    return cast.view(answer, draft=draft)


def tell(reference: str = "20418") -> None:
    """What every verb does when its transaction commits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify('throughline', %s)", [json.dumps({"case": reference})])


def on_air(page: Any) -> None:
    """The stream is open: its first connection has fetched the fragments once."""
    page.wait_for_function("() => document.querySelector('[hx-sse\\\\:connect]')?._htmx?.sse?.reader")


def test_a_change_shows_by_itself_and_keeps_draft_focus_and_open_rows(stage: Any, opened: Open) -> None:
    stage(cast.view())
    page = opened("/cases/20418/").page
    on_air(page)
    page.locator("#f1 summary").click()
    page.locator("#reply").fill("Dear Maya, half of a sen")
    stage(changed())
    tell()
    expect(page.locator("#ans")).to_have_text("The bank has booked the refund.", timeout=5000)
    expect(page.locator("#reply")).to_have_value("Dear Maya, half of a sen")
    expect(page.locator("#reply")).to_be_focused()
    expect(page.locator("#f1 details")).to_have_attribute("open", "")
    expect(page.locator("#said-aloud")).to_have_text("Answer changed: The bank has booked the refund.")


def test_a_typed_draft_is_asked_about_and_an_untouched_one_follows(stage: Any, opened: Open) -> None:
    stage(cast.view())
    page = opened("/cases/20418/").page
    on_air(page)
    stage(changed(draft="Hello Maya, the bank has it."))
    tell()
    expect(page.locator("#reply")).to_have_value("Hello Maya, the bank has it.", timeout=5000)
    page.locator("#reply").fill("My own words")
    stage(changed("It arrived.", "Hello Maya, it arrived."))
    tell()
    expect(page.locator("#news")).to_be_visible(timeout=5000)
    expect(page.locator("#reply")).to_have_value("My own words")
    page.get_by_role("button", name="Keep mine").click()
    expect(page.locator("#digest")).to_have_value(changed("It arrived.").answer.digest)
    expect(page.locator("#reply")).to_have_value("My own words")


def test_update_draft_takes_the_new_one(stage: Any, opened: Open) -> None:
    stage(cast.view())
    page = opened("/cases/20418/").page
    on_air(page)
    page.locator("#reply").fill("My own words")
    stage(changed())
    tell()
    page.get_by_role("link", name="Update draft").click()
    expect(page.locator("#reply")).to_have_value("Hello Maya, the bank has it.")
    expect(page.locator("#news")).to_be_hidden()


def test_a_refused_update_changes_nothing_on_the_page(stage: Any, opened: Open, dana: Any) -> None:
    stage(cast.view())
    page = opened("/cases/20418/").page
    on_air(page)
    dana.groups.clear()
    with page.expect_response(lambda r: "/live" in r.url and r.status == 403):
        tell()
    expect(page.locator("#ans")).to_contain_text("€84.90 went back")
    expect(page.locator("#toasts")).to_contain_text("no longer kept up to date")


def test_control_enter_sends_and_what_was_sent_is_said(
    stage: Any, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage(cast.view())
    sent: list[dict[str, Any]] = []
    told = SimpleNamespace(channel="web")
    monkeypatch.setattr(services, "message_send", lambda **said: sent.append(said) or told)
    page = opened("/cases/20418/").page
    page.locator("#reply").fill("It is on its way.")
    page.locator("#reply").press("Control+Enter")
    expect(page.locator("#toasts")).to_contain_text("Sent.")
    assert sent[0]["text"] == "It is on its way." and sent[0]["answer_digest"] == cast.PAID.digest


def test_an_answer_that_changed_while_sending_keeps_the_words_also_without_javascript(
    stage: Any, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage(cast.view())

    def refuse(**said: Any) -> None:
        raise AnswerChanged(changed().answer, changed().draft, said["text"])

    monkeypatch.setattr(services, "message_send", refuse)
    page = opened("/cases/20418/", java_script_enabled=False).page
    page.locator("#reply").fill("It is on its way.")
    stage(changed())
    page.locator("#composer button[type=submit]").click()
    expect(page.locator("#reply")).to_have_value("It is on its way.")
    expect(page.locator("#news-draft")).to_have_text("Hello Maya, the bank has it.")
    expect(page.locator("#digest")).to_have_value(changed().answer.digest)


def test_without_javascript_filters_rows_and_reading_still_work(stage: Any, opened: Open) -> None:
    stage(cast.view())
    page = opened("/cases/20418/", java_script_enabled=False).page
    page.locator("label", has_text="Warehouse 2").click()
    expect(page.locator("#f1")).to_be_hidden()
    expect(page.locator("#f3")).to_be_visible()
    page.locator("#f3 summary").click()
    expect(page.locator("#f3 .more")).to_be_visible()
    stage(cast.reading())
    page.reload()
    expect(page.locator("noscript meta[http-equiv=refresh]")).to_have_count(1)


def test_a_citation_opens_its_provenance_and_escape_gives_focus_back(stage: Any, opened: Open) -> None:
    stage(cast.view())
    seen = opened("/cases/20418/")
    cite = seen.page.locator(".evidence .cite").first
    cite.click()
    expect(seen.page.locator("#prov-1")).to_be_visible()
    expect(seen.page.locator("#prov-1")).to_contain_text("refund r1")
    seen.page.keyboard.press("Escape")
    expect(seen.page.locator("#prov-1")).to_be_hidden()
    expect(cite).to_be_focused()
    assert seen.errors == []


def test_who_is_asking_is_filled_in_when_the_sources_know(stage: Any, opened: Open) -> None:
    known = cast.view()
    stage(replace(cast.reading(), person=replace(known.person, name="", initials="")))
    page = opened("/cases/20418/").page
    on_air(page)
    expect(page.locator("#person")).to_contain_text("The customer")
    stage(known)
    tell()
    expect(page.locator("#person b")).to_have_text("Maya Lindqvist", timeout=5000)
    expect(page.locator("#to-line input")).to_have_value("maya@example.com")
    expect(page.locator("#reply")).to_have_value(cast.DRAFT)
