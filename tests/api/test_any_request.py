"""Any request that the document allows, and many that it does not: no 5xx, and no answer that is not documented."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.contrib.auth.models import Group, User
from django.core.cache import caches
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.api.client import SNAPSHOT, Caller
from tests.api.conftest import Say
from workspace import rights
from workspace.access.services import token_make

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
schema = schemathesis.openapi.from_path(str(SNAPSHOT))
schema.app = get_wsgi_application()


@pytest.fixture
def token(db: None) -> str:
    """Of somebody who may do everything."""
    user = User.objects.create_user("everybody", "everybody@shop.example")
    user.groups.set([Group.objects.get_or_create(name=role)[0] for role in rights.ROLES])
    return token_make(user=user)[1]


@pytest.fixture
def there(token: str, maya: Say, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What is there, by the name of the path parameter that leads to it."""
    monkeypatch.setenv("SHOP_HOOK", "whsec_" + base64.b64encode(b"k" * 32).decode())
    by = Caller(token)
    case = by.post("cases/", {"question": "refund-status", "refs": ["order:48-1193", "email:maya@example.com"]})
    hook = by.post("subscriptions/", {"url": "https://shop.example/", "events": ["note"], "secret": "env:SHOP_HOOK"})
    notice = by.post(f"subscriptions/{hook['id']}/try/")
    return {"reference": case["reference"], "id": hook["id"], "key": notice["key"], "name": "finance"}


@pytest.fixture
def places(there: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The same; and from here on no request closes the test's connection at its end."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield there
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


OPERATIONS = [found.ok() for found in schema.exclude(path_regex="/stream$").get_all_operations()]
TWELVE = settings(
    max_examples=12, deadline=None, derandomize=True, phases=[Phase.generate],
    suppress_health_check=list(HealthCheck), database=None,
)  # fmt: skip


def test_any_request_has_a_documented_answer(token: str, places: dict[str, Any], subtests: pytest.Subtests) -> None:
    """Where they are asked about, all operations find the same place as it was: making it anew takes longest."""
    for operation in OPERATIONS:
        caches["near"].clear()
        with subtests.test(operation.label), transaction.atomic():
            answered(operation, token, places)
            transaction.set_rollback(True)


def answered(operation: Any, token: str, places: dict[str, Any]) -> None:
    @TWELVE
    @given(case=st.one_of(*(operation.as_strategy(generation_mode=mode) for mode in GenerationMode)))
    def ask(case: Any) -> None:
        for name in set(case.path_parameters or {}) & set(places):
            if len(str(case.path_parameters[name])) % 2:  # every other address is one where something is
                case.path_parameters[name] = places[name]
        case.call_and_validate(headers={"Authorization": f"Token {token}"}, checks=CHECKS)

    ask()
