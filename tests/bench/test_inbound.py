"""`make bench`: the rate of the door for deliveries, over the same view written with the ORM's own verbs."""

import base64
import itertools
import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection, connections, transaction
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory, override_settings
from django.urls import path
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from standardwebhooks import Webhook

from connectors.host import registry
from connectors.host.models import Inbound, InboundWork, Source
from connectors.host.services import deliveries_work, source_save
from connectors.sdk.secrets import secret_resolve
from tests.bench.measure import interleaved, say
from tests.database import TestDatabase
from tests.inbound.conftest import CONNECTORS
from workspace.inbound.views import door

pytestmark = pytest.mark.bench
SECRET = "whsec_" + base64.b64encode(b"a secret of the bench's own").decode()
AT_ONCE = 100


@csrf_exempt
def by_the_book(request: HttpRequest, name: str) -> HttpResponse:
    """Verify, store raw and its work, answer: as one would write it with get_or_create and create."""
    source = Source.objects.get(name=name, enabled=True)
    headers = {key.lower(): value for key, value in request.headers.items()}
    connector = registry.connector_class(source.connector)
    secrets = [secret_resolve(source.settings["webhook_secret"])]
    assert connector.signature is not None
    key = connector.signature.verify(headers, request.body, secrets, timezone.now())
    kept = {name: value for name, value in headers.items() if "signature" not in name}
    with transaction.atomic():
        inbound, new = Inbound.objects.get_or_create(
            source=source, key=key, defaults={"headers": kept, "body": request.body, "received_at": timezone.now()}
        )
        if new:
            InboundWork.objects.create(inbound=inbound, source=source, due_at=timezone.now())
    return HttpResponse(json.dumps({"id": key, "known": not new}), status=202, content_type="application/json")


urlpatterns = [path("in/<str:address>/", door, name="inbound"), path("book/<str:name>/", by_the_book, name="healthz")]


@pytest.fixture
def bench_db(committed_db: TestDatabase, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestDatabase]:
    monkeypatch.setattr(registry, "_discovered", lambda: (CONNECTORS, {}))
    monkeypatch.setenv("SHOP_SECRET", SECRET)
    for kept in (connections.settings["default"], connection.settings_dict):
        monkeypatch.setitem(kept, "CONN_MAX_AGE", 60)  # as in production
    settings = {"base_url": "http://shop.example", "webhook_secret": "env:SHOP_SECRET"}
    source_save(name="shop", title="Shop", connector="shop", domain="order", settings=settings, freshness_s=60)
    yield committed_db


numbers = itertools.count()


def requests(where: str, count: int) -> list[dict[str, Any]]:
    """Signed deliveries that were never sent before, as a WSGI server hands them over."""
    make, sign, found = RequestFactory(), Webhook(SECRET), []
    for number in itertools.islice(numbers, count):
        at, id = datetime.now(UTC) + timedelta(seconds=60), f"msg_{number}"
        text = json.dumps({"orders": [{"id": f"48-{number}", "status": "paid", "n": 1, "note": "x" * 400}]})
        headers = {"webhook-id": id, "webhook-timestamp": str(int(at.timestamp())),
                   "webhook-signature": sign.sign(id, at, text), "User-Agent": "shop/1.0"}  # fmt: skip
        found.append(make.post(where, text, content_type="application/json", headers=headers).environ)
    return found


def run(handler: WSGIHandler, environs: list[dict[str, Any]]) -> None:
    statuses: set[str] = set()
    for environ in environs:
        response = handler(environ, lambda status, headers: statuses.add(status))
        response.close()
    assert statuses == {"202 Accepted"}


@pytest.mark.parametrize("stack", ["whole", "bare"])
def test_the_door_over_the_same_view_by_the_orm(bench_db: TestDatabase, stack: str) -> None:
    """``whole`` is the product's own middleware around both; ``bare`` is the views alone."""
    middleware: dict[str, Any] = {} if stack == "whole" else {"MIDDLEWARE": []}
    with override_settings(ROOT_URLCONF="tests.bench.test_inbound", **middleware):
        handler = WSGIHandler()
        rounds = {where: iter([requests(where, AT_ONCE) for _ in range(7)]) for where in ("/in/shop/", "/book/shop/")}
        contest: dict[str, Callable[[], None]] = {
            where: lambda left=left: run(handler, next(left)) for where, left in rounds.items()
        }
        took = interleaved(contest, times=6)
    ours, theirs = (AT_ONCE / took[where] for where in ("/in/shop/", "/book/shop/"))
    print()
    say(f"deliveries a second, {stack} stack (by the ORM: {theirs:.0f})", ours, unit="")
    say(f"inbound delivery, {stack} stack, over get_or_create + create", ours / theirs, at_least=2)
    assert Inbound.objects.count() == InboundWork.objects.count() == 2 * 7 * AT_ONCE


def test_work_keeps_up_with_the_door(bench_db: TestDatabase) -> None:
    with override_settings(ROOT_URLCONF="tests.bench.test_inbound", MIDDLEWARE=[]):
        handler = WSGIHandler()
        environs = requests("/in/shop/", 500)
        began = time.perf_counter()
        run(handler, environs)
        stored = time.perf_counter() - began
    began = time.perf_counter()
    while deliveries_work():
        pass
    worked = time.perf_counter() - began
    assert not InboundWork.objects.exclude(state="done").exists()
    say(f"work on deliveries by one worker, {500 / worked:.0f} a second, over the rate of the door", stored / worked)
