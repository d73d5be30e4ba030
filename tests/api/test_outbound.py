"""Subscriptions and actions through the API: only by those who may, every answer as documented."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

import pytest

from cases.services import actions_run
from connectors.host import registry
from connectors.host.services import source_save
from connectors.sdk.testing import Server, say
from tests.api.client import Caller
from tests.cases.test_acting import Bank
from workspace.outbound.services import notices_collect, notices_send

HOOK = {"url": "https://shop.example/hooks", "events": ["case.opened", "note"], "secret": "env:SHOP_HOOK"}


@pytest.fixture(autouse=True)
def secret_set(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    monkeypatch.setenv("SHOP_HOOK", "whsec_" + base64.b64encode(b"k" * 32).decode())
    settings.OUTBOUND_INTERNAL = True


def test_an_integrator_sets_up_tries_changes_and_ends_a_subscription(integrator: Caller) -> None:
    with Server(say(204)) as shop:
        made = integrator.post("subscriptions/", {**HOOK, "url": shop.url, "title": "Shop"}, key="once")
        where = f"subscriptions/{made['id']}/"
        assert (made.status, made["secret"], integrator.post("subscriptions/", HOOK).status) == (
            201,
            "env:SHOP_HOOK",
            201,
        )
        assert integrator.post(f"{where}try/").status == 202
        notices_send()
        (notice,) = integrator.get(f"{where}notices/", state="sent")["results"]
        assert (notice["kind"], notice["tries"][0]["status"]) == ("trial", 204)
        again = [integrator.post(f"notices/{notice['key']}/again/", key="twice") for _ in range(2)]
        assert again[0].body == again[1].body and again[0]["state"] == "waiting"
    changed = integrator.send("PATCH", where, '{"enabled": false, "events": ["note"]}')
    assert (changed["enabled"], changed["off_why"]) == (False, "Switched off by hand.")
    assert integrator.post(f"{where}rotate/", {"secret": "env:SHOP_HOOK"})["secret_before"] is None
    assert integrator.send("DELETE", where).status == 200
    assert integrator.get(where).status == 404
    assert len(integrator.get("subscriptions/")["results"]) == 1


def test_what_can_not_be_subscribed_to_names_the_place(integrator: Caller) -> None:
    for field, wrong in (
        ("url", "shop"),
        ("events", ["case.viewed"]),
        ("events", []),
        ("secret", "whsec_abc"),
        ("secret", "env:NO"),
    ):
        reply = integrator.post("subscriptions/", {**HOOK, field: wrong})
        assert (reply.status, reply["errors"][0]["pointer"].startswith(f"#/{field}")) == (400, True), reply.body
    assert integrator.get("subscriptions/999/notices/").status == 404
    assert integrator.post("notices/msg_none/again/").status == 404


def test_only_integrators_may_see_or_set_up_subscriptions(rep: Caller, program: Caller, stranger: Caller) -> None:
    for who, status in ((rep, 403), (program, 403), (stranger, 401)):
        assert who.get("subscriptions/").status == who.post("subscriptions/", HOOK).status == status


@pytest.fixture
def bank(monkeypatch: pytest.MonkeyPatch, db: None) -> Iterator[Server]:
    monkeypatch.setattr(registry, "_discovered", lambda: ({"bank": Bank}, {}))
    with Server(say(200, {"id": "re_1"})) as server:
        source_save(name="bank", title="The bank", connector="bank", domain="finance", freshness_s=60,
                    settings={"base_url": server.url, "internal": True})  # fmt: skip
        yield server


def test_a_rep_has_a_source_do_something_and_reads_what_came_of_it(rep: Caller, program: Caller, bank: Server) -> None:
    opened = rep.post("cases/", {"question": "refund-status", "refs": ["payment:pi_1"]})
    where = f"cases/{opened['reference']}/actions/"
    (offer,) = rep.get(where)["offers"]
    assert (offer["title"], offer["suggested"]) == ("Refund", ["payment:pi_1"])
    order = {"source": "bank", "action": "refund", "arguments": {"payment": "payment:pi_1", "amount": "84.90"}}
    assert rep.post(where, order)["state"] == "asked"
    assert rep.post(f"{where}try/", {**order, "action": "steal"}).status == 400
    actions_run()
    (run,) = rep.get(where)["runs"]
    assert (run["state"], run["sentence"]) == ("done", "84.90 euros go back.")
    assert rep.post(f"{where}{run['id']}/again/").status == 409
    assert rep.post(where, {**order, "arguments": {"payment": "payment:pi_1", "amount": "much"}}).status == 400
    assert program.post(where, order).status == 403


def test_what_is_subscribed_to_is_told_of_what_the_api_does(integrator: Caller, rep: Caller) -> None:
    notices_collect()
    with Server(say(204)) as shop:
        integrator.post("subscriptions/", {**HOOK, "url": shop.url})
        rep.post("cases/", {"question": "refund-status", "refs": ["order:48-1193"]})
        notices_collect()
        notices_send()
        assert b'"type":"case.opened"' in shop.asked[0].body
