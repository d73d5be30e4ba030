"""Subscriptions and actions on pages: set up, tried, refused in words, and nothing done by a slip of the hand."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from cases.services import Actor, actions_run, case_open
from connectors.host import registry
from connectors.host.services import source_save
from connectors.sdk import Ref
from connectors.sdk.testing import Server, say
from tests.cases.test_acting import Bank
from workspace.outbound.models import Subscription
from workspace.outbound.services import notices_collect, notices_send


def signed_in(role: str) -> Client:
    user = User.objects.create_user(f"a-{role}", first_name="Ines", last_name="Ahola")
    user.groups.add(Group.objects.get_or_create(name=role)[0])
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture(autouse=True)
def secret_set(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    monkeypatch.setenv("SHOP_HOOK", "whsec_" + base64.b64encode(b"k" * 32).decode())
    settings.OUTBOUND_INTERNAL = True


def test_a_subscription_is_added_tried_and_its_failures_are_told_in_words(db: None) -> None:
    ines = signed_in("integrator")
    assert "Nobody is told" in ines.get("/subscriptions/").content.decode()
    with Server(say(500, "no")) as shop:
        form = {"title": "Shop", "url": shop.url, "secret": "env:SHOP_HOOK", "events": ["note"]}
        refused = ines.post("/subscriptions/add/", {**form, "secret": "whsec_abc"})
        assert (refused.status_code, "Give the signing secret as a reference" in refused.content.decode()) == (
            422,
            True,
        )
        where = ines.post("/subscriptions/add/", form).headers["Location"]
        ines.post(f"{where}try/")
        notices_send()
        page = ines.get(where).content.decode()
        assert "It answered 500." in page and "Nothing has arrived since" in page and "k" * 32 not in page
        assert "Shop does not take what it is sent." in ines.get("/subscriptions/").content.decode()
        shop.behaviour = say(204)
        key = Subscription.objects.get().notices.get().key
        ines.post(f"{where}notices/{key}/again/")
        notices_send()
        assert "Everybody who subscribed is told." in ines.get("/subscriptions/").content.decode()


def test_a_subscription_is_changed_switched_off_rotated_and_ended(db: None) -> None:
    ines = signed_in("integrator")
    form = {"title": "Shop", "url": "https://shop.example/", "secret": "env:SHOP_HOOK", "events": ["note"]}
    where = ines.post("/subscriptions/add/", form).headers["Location"]
    ines.post(f"{where}change/", {**form, "title": "Till", "events": ["note", "case.opened"]})
    ines.post(f"{where}switch/", {"on": "no"})
    ines.post(f"{where}secret/", {"secret": "file:/nowhere"})
    page = ines.get(where).content.decode()
    assert "Till" in page and "Switched off by hand." in page and "can’t be read" in page.replace("can&#x27;t", "can’t")
    assert ines.post(f"{where}end/").status_code == 302
    assert ines.get(where).status_code == 404
    assert signed_in("rep").get("/subscriptions/").status_code == 403


@pytest.fixture
def bank(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setattr(registry, "_discovered", lambda: ({"bank": Bank}, {}))
    with Server(say(200, {"id": "re_1"})) as server:
        source_save(name="bank", title="The bank", connector="bank", domain="finance", freshness_s=60,
                    settings={"base_url": server.url, "internal": True})  # fmt: skip
        yield server


def test_a_rep_reads_the_sentence_says_yes_and_sees_what_came_of_it(committed_db: object, bank: Server) -> None:
    rep = signed_in("rep")
    owner = Actor.person(User.objects.get())
    case = case_open(question="refund-status", refs=[Ref("payment", "pi_1")], actor=owner)
    where = f"/cases/{case.reference}/actions/"
    assert "Refund" in rep.get(where).content.decode()
    form = {"payment": "payment:pi_1", "amount": "84.90", "key": "pressed"}
    assert "a number such as" in rep.post(f"{where}bank/refund/", {**form, "amount": "lots"}).content.decode()
    assert "Refund 84.90 on payment pi_1?" in rep.post(f"{where}bank/refund/", form).content.decode()
    assert (
        "The bank says beforehand: 84.90 euros would go back."
        in rep.post(f"{where}bank/refund/", form).content.decode()
    )
    assert bank.asked == []
    for _ in range(2):
        assert rep.post(f"{where}bank/refund/", {**form, "do": "yes"}).status_code == 302
    actions_run()
    assert ("84.90 euros go back." in rep.get(where).content.decode(), len(bank.asked)) == (True, 1)
    assert rep.get(f"{where}bank/steal/").status_code == 404


def test_what_is_told_is_never_who_looked(db: None) -> None:
    assert "case.viewed" not in signed_in("integrator").get("/subscriptions/add/").content.decode()
    assert notices_collect() == 0
