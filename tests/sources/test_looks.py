"""The sources pages in a real browser: accessible, within their window, live, and by keyboard."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.db import transaction
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from cases.services import Actor, case_open
from connectors.host import registry
from connectors.host.models import Inbound, InboundWork, Source
from connectors.host.services import clock_tick, source_save
from connectors.sdk import Ref
from tests.cases.test_acting import Bank
from tests.pages.conftest import PHONE, opened, web  # noqa: F401  (fixtures)
from tests.pages.test_looks import LAYOUT, overflow, violations
from tests.sources.conftest import Server, checked, make, say
from workspace.outbound.services import subscription_save, subscription_try

pytestmark = pytest.mark.browser
THING = {"id": "RMA-1", "at": "2026-11-10T09:00:00+00:00", "grade": "A"}
PAGES = ("/sources/warehouse/", "/sources/add/", "/sources/add/?connector=stripe", "/sources/warehouse/settings/")


@pytest.fixture
def session(committed_db: object, web: str) -> dict[str, Any]:  # noqa: F811
    """An integrator's session cookie."""
    jonas = User.objects.create_user("jonas", first_name="Jonas", last_name="Virta")
    jonas.groups.add(Group.objects.get_or_create(name="integrator")[0])
    client = Client()
    client.force_login(jonas)
    return {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": web}


@pytest.fixture
def late(committed_db: object) -> Iterator[Source]:
    """A warehouse that is 47 minutes behind, and a ledger that is not."""
    with Server(say(200, [THING])) as server:
        source = make(settings={"base_url": server.url})
        for minutes in range(600, 46, -20):
            checked(source, minutes)
        checked(source, 47)
        checked(source, 12, "unreachable", "Warehouse asks us to slow down (429).", detail="HTTP 429 on /changes")
        checked(make("ledger", poll_s=None), 1)
        with transaction.atomic():
            clock_tick()
        yield source


def accessible(seen: Any) -> None:
    assert violations(seen.page) == []
    seen.page.emulate_media(color_scheme="dark")
    seen.page.set_viewport_size(PHONE)
    assert violations(seen.page, *LAYOUT) == []
    for width in (320, 390, 820, 1180):
        seen.page.set_viewport_size({"width": width, "height": 800})
        assert overflow(seen.page) == 0, width
    assert seen.errors == []


@pytest.mark.parametrize("path", PAGES)
def test_each_page_is_accessible_wide_and_narrow_light_and_dark(
    path: str, late: Source, opened: Callable[..., Any]  # noqa: F811
) -> None:
    accessible(opened(path))


def test_what_a_source_sent_and_what_could_not_be_read_is_accessible(
    late: Source, opened: Callable[..., Any]  # noqa: F811
) -> None:
    body = b'{"type": "return.received", "id": "' + b"x" * 200 + b'"}'
    kept = Inbound.objects.create(
        source=late, key="evt_" + "1" * 60, headers={"X-Long": "a" * 200}, body=body, received_at=timezone.now()
    )
    InboundWork.objects.create(inbound=kept, source=late, state="dead", attempts=9, reason="No such order.")
    for path in ("deliveries/", f"deliveries/{kept.pk}/", "unread/"):
        accessible(opened(f"/sources/warehouse/{path}"))


def test_subscriptions_are_accessible(
    committed_db: object, opened: Callable[..., Any], monkeypatch: pytest.MonkeyPatch  # noqa: F811
) -> None:
    monkeypatch.setenv("SHOP_HOOK", "whsec_" + "a" * 43 + "=")
    address = "https://shop.example/hooks/" + "a" * 90
    made = subscription_save(title="Shop", url=address, events=["note"], secret="env:SHOP_HOOK")
    subscription_try(id=made.pk)
    for path in ("", "add/", f"{made.pk}/"):
        accessible(opened(f"/subscriptions/{path}"))


def test_what_can_be_done_in_a_case_is_accessible(
    session: Any, opened: Callable[..., Any], monkeypatch: pytest.MonkeyPatch  # noqa: F811
) -> None:
    monkeypatch.setattr(registry, "_discovered", lambda: ({"bank": Bank}, {}))
    source_save(name="bank", title="The bank", connector="bank", domain="finance", freshness_s=60,
                settings={"base_url": "http://127.0.0.1:9", "internal": True})  # fmt: skip
    jonas = User.objects.get(username="jonas")
    jonas.groups.add(Group.objects.get_or_create(name="rep")[0])
    case = case_open(question="refund-status", refs=[Ref("payment", "pi_1")], actor=Actor.person(jonas))
    for path in ("", "bank/refund/"):
        accessible(opened(f"/cases/{case.reference}/actions/{path}"))


def test_the_page_changes_in_place_and_keeps_what_somebody_types(
    late: Source, opened: Callable[..., Any]  # noqa: F811
) -> None:
    seen = opened("/sources/warehouse/")
    seen.page.fill("#value", "RMA-half")
    seen.page.click("summary:has-text('Pause')")
    seen.page.fill("#why", "Moving")
    checked(late, 0)
    with transaction.atomic():
        clock_tick()
    expect(seen.page.locator("h1")).to_contain_text("Both sources are on time", timeout=9000)
    assert seen.page.input_value("#value") == "RMA-half" and seen.page.input_value("#why") == "Moving"
    assert seen.errors == []


def test_the_console_answers_beside_the_question(late: Source, opened: Callable[..., Any]) -> None:  # noqa: F811
    seen = opened("/sources/warehouse/")
    seen.page.fill("#value", "RMA-1")
    seen.page.press("#value", "Enter")
    expect(seen.page.locator("#tried mark")).to_have_count(1)
    assert "Found 1 row" in seen.page.inner_text("#tried") and seen.page.url.endswith("/sources/warehouse/")
    assert violations(seen.page) == [] and seen.errors == []


def test_a_row_is_opened_by_keyboard(
    late: Source, opened: Callable[..., Any]  # noqa: F811
) -> None:
    seen = opened("/sources/")
    link = seen.page.locator("#row-ledger a")
    link.focus()
    link.press("Enter")
    expect(seen.page.locator("h2#sh")).to_contain_text("Ledger is on time")
