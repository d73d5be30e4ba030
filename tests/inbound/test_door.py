"""POST /in/{source}/: verified, kept once, answered at once; and everything that is turned away."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from connectors.host.models import Inbound, InboundWork, Source, SourceLog
from connectors.host.services import source_pause
from tests.inbound.conftest import OLD_SECRET, SECRET, body, deliver, make_source, order, send, signed


def test_a_signed_delivery_is_kept_as_it_came_with_its_work(shop: Source) -> None:
    answer = deliver(id="msg_7", to="/in/shop/refunds?x=1")
    kept = Inbound.objects.get()
    assert (answer.status_code, answer.json()) == (202, {"id": "msg_7", "known": False})
    assert (kept.source_id, kept.key, bytes(kept.body)) == (shop.pk, "msg_7", body().encode())
    assert (kept.work.state, kept.work.attempts) == ("waiting", 0)
    assert kept.headers[":path"] == "/in/shop/refunds?x=1" and kept.headers["content-type"] == "application/json"


@pytest.mark.parametrize("address", ["/in/shop", "/in/shop/", "/in/shop/a/b?c=d", "/in/shop/%0A/../x"])
def test_any_address_below_the_source_is_its_door(shop: Source, address: str) -> None:
    assert deliver(to=address).status_code == 202


def test_no_session_is_made_and_none_is_needed(shop: Source) -> None:
    assert "Set-Cookie" not in deliver().headers


def test_the_same_delivery_again_is_answered_and_kept_once(shop: Source) -> None:
    assert [deliver().json()["known"] for _ in range(3)] == [False, True, True]
    assert (Inbound.objects.count(), InboundWork.objects.count()) == (1, 1)


def test_headers_that_carry_a_signature_or_a_secret_are_not_kept(shop: Source) -> None:
    text = body()
    private = {"Authorization": "Bearer x", "Cookie": "a=b", "X-Api-Key": "k", "X-Hub-Signature-256": "s"}
    send(text, {**signed(text), **private, "X-Plain": "kept"})
    kept = Inbound.objects.get().headers
    assert kept["x-plain"] == "kept" and "webhook-id" in kept
    assert not {"authorization", "cookie", "x-api-key", "x-hub-signature-256", "webhook-signature"} & set(kept)


@pytest.mark.parametrize(
    "address", ["/in/", "/in/nobody/", "/in/../api/v1/cases/", "/in//shop/", "/in/sho%00p/", "/in/" + "s" * 500]
)
def test_where_no_source_is_there_is_nothing(shop: Source, address: str) -> None:
    answer = deliver(to=address)
    assert answer.status_code == 404 and answer.json()["detail"].startswith("There is no such address")


def test_a_source_that_reads_no_deliveries_takes_none(db: None) -> None:
    make_source("deaf", "deaf")
    answer = deliver(to="/in/deaf/")
    assert answer.status_code == 404 and "takes no deliveries" in answer.json()["detail"]


def test_a_source_not_in_use_any_more_takes_none(shop: Source) -> None:
    Source.objects.update(enabled=False)
    assert deliver().status_code == 404


def test_a_paused_sources_deliveries_are_kept_and_wait(shop: Source) -> None:
    source_pause(name="shop", why="they move house", by="ines")
    assert deliver().status_code == 202 and InboundWork.objects.get().state == "waiting"


@pytest.mark.parametrize("method", ["get", "head", "put", "patch", "delete", "options"])
def test_deliveries_are_sent_by_post(shop: Source, method: str) -> None:
    answer = getattr(Client(), method)("/in/shop/")
    assert answer.status_code == 405 and answer.headers["Allow"] == "POST"


def test_a_wrong_signature_keeps_nothing_and_is_told_as_a_problem(shop: Source) -> None:
    text = body()
    answer = send(text + " ", signed(text))
    assert answer.status_code == 401 and answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["detail"] == "The signature does not fit the body and the secret. Nothing was kept."
    assert not Inbound.objects.exists()


def test_refusals_are_counted_in_the_log_once_a_minute(shop: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    from connectors.host.services import deliveries_log

    for _ in range(5):
        assert send(body(), {}).status_code == 401
    (line,) = SourceLog.objects.filter(what="delivery refused")
    assert line.level == "warn" and line.sentence.startswith("1 delivery was refused: the signature does not fit")
    monkeypatch.setattr(deliveries_log, "EVERY_S", 0.0)
    monkeypatch.setattr(deliveries_log, "_next", {})
    send(body(), {})
    assert SourceLog.objects.latest("pk").sentence.startswith("5 deliveries were refused")


def test_an_old_delivery_is_refused_and_a_young_one_is_not(shop: Source) -> None:
    now = datetime.now(UTC)
    assert deliver(id="a", at=now - timedelta(seconds=250)).status_code == 202
    assert deliver(id="b", at=now - timedelta(seconds=350)).status_code == 401
    assert deliver(id="c", at=now + timedelta(seconds=350)).status_code == 401


def test_a_secret_is_rotated_without_a_gap(shop: Source) -> None:
    assert deliver(id="a", secret=OLD_SECRET).status_code == 401
    make_source(webhook_secret_before="env:SHOP_SECRET_BEFORE")
    assert [deliver(id=s, secret=s).status_code for s in (OLD_SECRET, SECRET)] == [202, 202]
    make_source()
    assert deliver(id="b", secret=OLD_SECRET).status_code == 401


@pytest.mark.parametrize("reference", ["", "env:NOT_SET_ANYWHERE", "file:/nowhere/at/all"])
def test_without_its_secret_a_delivery_comes_again_later(db: None, reference: str) -> None:
    make_source(webhook_secret=reference)
    answer = deliver()
    assert answer.status_code == 503 and answer.headers["Retry-After"] == "60" and deliver().status_code == 503
    (line,) = SourceLog.objects.filter(what="delivery not verified")
    assert "their sender keeps them" in line.sentence and (reference or "webhook_secret") in line.sentence


def test_a_secret_that_is_none_is_our_fault_and_not_the_senders(
    shop: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOP_SECRET", "whsec_not base64!")
    assert deliver().status_code == 503
    make_source(webhook_secret_before="env:SHOP_SECRET_BEFORE")
    assert deliver(secret=OLD_SECRET).status_code == 202


def test_a_missing_new_secret_does_not_refuse_what_it_may_have_signed(
    shop: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_source(webhook_secret_before="env:SHOP_SECRET_BEFORE")
    monkeypatch.delenv("SHOP_SECRET")
    assert deliver(id="old", secret=OLD_SECRET).status_code == 202
    assert deliver(id="new").status_code == 503


def test_a_connector_that_is_gone_makes_senders_wait(shop: Source) -> None:
    Source.objects.update(connector="gone")
    assert deliver().status_code == 503


def test_without_any_id_the_same_body_counts_once_for_a_while(db: None) -> None:
    import hashlib
    import hmac

    make_source("carrier", "carrier")
    text = body(order())
    made = hmac.new(SECRET.encode(), text.encode(), hashlib.sha256).hexdigest()
    for _ in range(2):
        assert send(text, {"X-Carrier-Stamp": f"sha256={made}"}, "/in/carrier/").status_code == 202
    kept = Inbound.objects.get()
    assert kept.key.startswith("sha256:") and "x-carrier-stamp" not in kept.headers


def test_the_answer_names_nothing_secret(shop: Source) -> None:
    said = json.dumps([send(body(), {}).json(), deliver(id="x", secret=OLD_SECRET).json()])
    assert SECRET not in said and "env:" not in said
