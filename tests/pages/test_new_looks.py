"""Letters, teams, handovers, one's day, imports and sources that tell: each page wide and narrow, light and dark."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser

from cases.models import InMailWork, OutboxMail
from cases.selectors import case_view
from cases.services import (
    Actor,
    commitment_make,
    handover_offer,
    mails_work,
    member_save,
    message_send,
    outbox_send,
    promises_sweep,
    team_save,
)
from connectors.host import registry
from connectors.host.models import FileImport
from connectors.host.services import clock_tick, facts_push, import_work, imports_due, source_save
from connectors.host.services.gathering import lanes
from tests.cases.conftest import Teller, maya, opened, say
from tests.cases.test_acting import Bank, ask
from tests.mail.letters import US, letter
from tests.pages.conftest import PHONE, WIDE, Watched, web
from tests.pages.test_looks import LAYOUT, overflow, violations
from tests.sources.conftest import Plain, checked, make
from tests.sources.test_importing import CSV, MAPPING
from tests.sources.test_telling import EVENT, _fail
from workspace.mail.folders import letter_put
from workspace.mail.reading import inbox_read

__all__ = ["maya", "say", "web"]
pytestmark = pytest.mark.browser
PICTURES = os.environ.get("PICTURES", "")
"""A folder in which to keep what is seen."""
Seen = tuple[str, str]
"""Who looks, and where."""


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


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def replied(case: Any, by: User, **more: Any) -> Any:
    digest = case_view(case=case).answer.digest
    return message_send(case=case, text="We look into it.", answer_digest=digest, actor=Actor.person(by), **more)


# Letters


def _letters(house: SimpleNamespace) -> int:
    """One letter in a case with a file, one that waits for a person, one that came back; the first's number."""
    case = opened(house.dana)
    replied(case, house.dana)
    outbox_send()
    answers = OutboxMail.objects.get().message_id
    made = letter("Where is it now?\n\n-- \nMaya Lindqvist\nOulu", answers=answers, reply_to="else@elsewhere.example")
    made.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="receipt from the shop.pdf")
    held = "\r\n".join(["From: nobody", "Subject: hello " + "a" * 90, "", "Where is it?"]).encode()
    automatic = letter("I am away until Monday.", answers=answers, subject="Away", auto_submitted="auto-replied")
    for one in (made.as_bytes(), held, automatic.as_bytes()):
        letter_put(house.inbox, one)
    inbox_read()
    mails_work()
    return int(case.pk)


def letters(house: SimpleNamespace) -> Seen:
    _letters(house)
    return "dana", "/letters/"


def one_letter(house: SimpleNamespace) -> Seen:
    case = _letters(house)
    return "dana", f"/letters/{InMailWork.objects.filter(case=case).order_by('pk')[0].pk}/"


def held_letter(house: SimpleNamespace) -> Seen:
    _letters(house)
    return "dana", f"/letters/{InMailWork.objects.get(state='held').pk}/"


def undo_bar(house: SimpleNamespace) -> Seen:
    case = opened(house.dana)
    replied(case, house.dana, undo_s=600)
    return "dana", f"/cases/{case.reference}/#talk"


# A second person


def second_person(house: SimpleNamespace) -> Seen:
    source_save(name="bank", title="The bank", connector="bank", domain="finance", freshness_s=60,
                settings={"base_url": "http://127.0.0.1:9", "internal": True})  # fmt: skip
    case = opened(house.dana, "payment:pi_1")
    ask(case, house.dana, "250.00")
    return "sam", f"/cases/{case.reference}/actions/"


def second_person_case(house: SimpleNamespace) -> Seen:
    _, where = second_person(house)
    return "dana", where.replace("actions/", "#talk")


# Owning


def _team(house: SimpleNamespace) -> None:
    who = Actor.person(house.sam)
    hours = {day: ["09:00", "17:00"] for day in ("mon", "tue", "wed", "thu", "fri")}
    team = team_save(name="refunds", title="Refunds", lead=house.sam, questions=["refund-status"], actor=who,
                     hours=hours, zone="Europe/Helsinki")  # fmt: skip
    for one in (house.dana, house.tom):
        member_save(team=team, person=one, actor=who)
    team_save(name="night", title="Night shift", lead=house.tom, questions=[], actor=who)


def teams(house: SimpleNamespace) -> Seen:
    _team(house)
    return "sam", "/teams/"


def one_team(house: SimpleNamespace) -> Seen:
    _team(house)
    return "sam", "/teams/refunds/"


def leave(house: SimpleNamespace) -> Seen:
    _team(house)
    opened(house.tom)
    return "sam", "/people/tom/leave/"


def handover(house: SimpleNamespace) -> Seen:
    _team(house)
    return "dana", f"/cases/{_promised(house).reference}/handover/"


def offer(house: SimpleNamespace) -> Seen:
    case = _promised(house)
    why = "Tom knows the warehouse, and Maya has asked twice about the parcel that never came."
    handover_offer(case=case, to=house.tom, why=why, actor=Actor.person(house.dana))
    return "tom", f"/cases/{case.reference}/#talk"


def offered_list(house: SimpleNamespace) -> Seen:
    offer(house)
    return "tom", "/cases/"


def _promised(house: SimpleNamespace) -> Any:
    case = opened(house.dana)
    for what, hours in (("Call Maya back", 2), ("Tell her that the refund has left the bank", 30)):
        due = timezone.now() + timedelta(hours=hours)
        commitment_make(case=case, what=what, due_at=due, actor=Actor.person(house.dana))
    return case


def day(house: SimpleNamespace) -> Seen:
    _promised(house)
    promises_sweep(at=timezone.now() + timedelta(hours=40))
    return "dana", "/day/"


# Sources


def import_form(house: SimpleNamespace) -> Seen:
    make()
    return "sam", "/sources/warehouse/import/"


def import_running(house: SimpleNamespace) -> Seen:
    make()
    client, file = signed_in(house.sam), SimpleUploadedFile("returns.csv", CSV.encode())
    client.post("/sources/warehouse/import/", {"do": "look", "file": file, "mapping": MAPPING})
    client.post("/sources/warehouse/import/", {"do": "import", "mapping": MAPPING})
    return "sam", f"/sources/warehouse/imports/{FileImport.objects.get().pk}/"


def import_refused(house: SimpleNamespace) -> Seen:
    seen = import_running(house)
    for id_ in imports_due():
        while import_work(import_id=id_):
            pass
    return seen


def tells(house: SimpleNamespace) -> Seen:
    """A source that only pushes."""
    source_save(name="till", title="Till", connector="push", domain="warehouse", settings={}, freshness_s=60)
    facts_push(events=[EVENT])
    return "sam", "/sources/till/"


def rests(house: SimpleNamespace) -> Seen:
    """A source that is left alone for a while."""
    ledger = make("ledger", poll_s=None)
    checked(ledger, 0.1, "unreachable", "Ledger can’t be reached.")
    _fail(lanes.lane_of(ledger), 6)
    return "sam", "/sources/ledger/"


PAGES: tuple[Callable[[SimpleNamespace], Seen], ...] = (
    letters, one_letter, held_letter, undo_bar, second_person, second_person_case, teams, one_team, leave, handover,
    offer, offered_list, day, import_form, import_running, import_refused, tells, rests,
)  # fmt: skip
WITHOUT_MAYA = (import_form, import_running, import_refused, tells, rests)


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
            if (width, scheme) in rules:
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
        request.getfixturevalue("maya")
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
