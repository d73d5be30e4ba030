"""What happens in a case is told to those who subscribed: signed, once, over days, and given up visibly."""

from __future__ import annotations

from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.utils import timezone

from cases.services import Actor, note_add
from connectors.sdk.testing import drip_body, redirect, say
from tests.database import TestDatabase
from tests.outbound.conftest import OTHER, SECRET, Open, Receiver, go, later
from workspace.outbound.errors import BadSubscription
from workspace.outbound.models import Attempt, Notice, Subscription
from workspace.outbound.selectors import notices_list
from workspace.outbound.services import (
    notice_again,
    notices_again,
    notices_collect,
    notices_send,
    subscription_change,
    subscription_rotate,
    subscription_save,
    subscription_try,
)


def test_an_event_is_told_signed_and_only_once(subscription: Subscription, shop: Receiver, open_case: Open) -> None:
    case = open_case()
    assert (go(), go()) == (1, 0)
    (told,) = shop.told()
    assert (told["type"], told["data"]["case"]) == ("case.opened", case.reference)
    assert shop.asked[0].target == "/hooks?shop=fi"
    assert Notice.objects.get().state == "sent"


def test_only_what_was_subscribed_to_is_told_and_never_what_was_before(
    subscription: Subscription, shop: Receiver, open_case: Open, dana: Any
) -> None:
    case = open_case()
    go()
    subscription_change(id=subscription.pk, events=["note"])
    open_case("48-2000")
    note_add(case=case, text="Called the warehouse", actor=Actor.person(dana))
    go()
    assert [t["type"] for t in shop.told()] == ["case.opened", "note"]
    late = subscription_save(title="", url=shop.url, events=["note"], secret="env:SHOP_HOOK")
    assert (go(), late.notices.count()) == (0, 0)


def test_a_failure_is_tried_again_later_under_the_same_id(
    subscription: Subscription, shop: Receiver, open_case: Open
) -> None:
    shop.behaviour = say(500, "busy")
    open_case()
    go()
    notice = Notice.objects.get()
    assert (notice.state, notice.attempts, notice.due_at > timezone.now()) == ("waiting", 1, True)
    assert go() == 0
    later()
    shop.behaviour = say(200, "thanks")
    go()
    ids = {asked.headers["webhook-id"] for asked in shop.asked}
    assert (len(shop.asked), len(ids), Notice.objects.get().state) == (2, 1, "sent")


def test_the_receiver_may_say_when_to_come_again(subscription: Subscription, shop: Receiver, open_case: Open) -> None:
    shop.behaviour = say(429, "", {"Retry-After": "3600"})
    open_case()
    go()
    assert Notice.objects.get().due_at > timezone.now() + timedelta(minutes=55)


def test_after_days_a_notice_is_given_up_kept_and_can_be_sent_again(
    subscription: Subscription, shop: Receiver, open_case: Open
) -> None:
    shop.behaviour = say(503)
    open_case()
    notices_collect()
    for _ in range(10):
        later()
        notices_send()
    notice = Notice.objects.get()
    assert (notice.state, notice.attempts, Attempt.objects.count()) == ("dead", 10, 10)
    shop.behaviour = say(204)
    assert notices_again(id=subscription.pk) == 1
    go()
    assert Notice.objects.get().state == "sent"
    notice_again(key=notice.key)
    assert go() == 1


def test_a_subscription_that_failed_for_five_days_is_switched_off_and_says_why(
    subscription: Subscription, shop: Receiver, open_case: Open
) -> None:
    shop.behaviour = redirect("https://shop.example/new")
    open_case()
    Subscription.objects.update(failing_since=timezone.now() - timedelta(days=6))
    go()
    subscription.refresh_from_db()
    assert not subscription.enabled
    assert "nothing arrived for 5 days" in subscription.off_why and "redirects are not followed" in subscription.off_why
    later()
    assert go() == 0
    shop.behaviour = say(204)
    subscription_change(id=subscription.pk, enabled=True)
    assert go() == 1


def test_a_receiver_that_is_gone_is_told_no_more(subscription: Subscription, shop: Receiver, open_case: Open) -> None:
    shop.behaviour = say(410)
    open_case()
    go()
    subscription.refresh_from_db()
    assert (subscription.enabled, "410" in subscription.off_why) == (False, True)


def test_for_a_day_after_a_change_of_secret_both_sign(
    subscription: Subscription, shop: Receiver, open_case: Open
) -> None:
    subscription_rotate(id=subscription.pk, secret="env:SHOP_HOOK_NEW")
    subscription_try(id=subscription.pk)
    go()
    assert shop.told(SECRET)[0]["type"] == shop.told(OTHER)[0]["type"] == "trial"
    Subscription.objects.update(before_until=timezone.now() - timedelta(seconds=1))
    shop.asked.clear()
    subscription_try(id=subscription.pk)
    go()
    assert shop.asked[0].headers["webhook-signature"].count("v1,") == 1
    assert shop.told(OTHER)


def test_private_addresses_are_never_called(
    subscription: Subscription, shop: Receiver, open_case: Open, settings: Any
) -> None:
    settings.OUTBOUND_INTERNAL = False
    open_case()
    go()
    (tried,) = notices_list(id=subscription.pk, reader=AnonymousUser())[0]["tries"]
    assert (tried["status"], shop.asked) == (None, [])
    assert "address" in tried["reason"]


def test_a_slow_receiver_holds_up_nobody_else_for_long(
    subscription: Subscription, shop: Receiver, open_case: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workspace.outbound.services.sending.LIMIT_S", 0.5)
    with Receiver() as slow:
        slow.behaviour = drip_body()
        subscription_save(title="Slow", url=slow.url, events=["case.opened"], secret="env:SHOP_HOOK")
        for n in range(6):
            open_case(f"48-{n}")
        notices_collect()
        began = timezone.now()
        notices_send()
        assert timezone.now() - began < timedelta(seconds=4)
        assert len(shop.asked) == 4
        assert "did not answer within" in Attempt.objects.filter(status=None)[0].reason


def test_what_can_not_be_subscribed_to_is_refused_with_what_to_do(db: None, shop: Receiver) -> None:
    good = {"title": "", "url": shop.url, "events": ["note"], "secret": "env:SHOP_HOOK"}
    for field, wrong, says in (
        ("url", "ftp://shop.example", "https://"), ("url", "https://a:b@shop.example", "without a name"),
        ("url", "http://[::1", "https://"), ("url", "http://shop.example:99999/", "https://"),
        ("url", "http://shop.example/a\nb", "https://"), ("url", "http://ex ample/", "https://"),
        ("events", ["case.viewed"], "There are: case.opened"), ("events", [], "at least one"),
        ("secret", SECRET, "env:NAME"), ("secret", "env:NOT_SET", "missing or empty"),
    ):  # fmt: skip
        with pytest.raises(BadSubscription, match=says) as caught:
            subscription_save(**{**good, field: wrong})  # type: ignore[arg-type]
        assert caught.value.field == field


def test_two_workers_send_each_notice_once(
    committed_db: TestDatabase, subscription: Subscription, shop: Receiver, open_case: Open
) -> None:
    for n in range(8):
        open_case(f"48-{n}")

    def work() -> None:
        go()
        go()
        connection.close()

    threads = [Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    go()
    assert sorted(t["data"]["event"] for t in shop.told()) == sorted({t["data"]["event"] for t in shop.told()})
    assert len(shop.asked) == 8
