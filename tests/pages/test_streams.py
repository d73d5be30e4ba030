"""The stream itself, over plain HTTP: who gets one, what it says, and when it ends."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test import Client

from tests.pages import cast
from workspace.access.services import token_make
from workspace.live.hub import HUB

STREAM = "/cases/20418/stream"


@pytest.fixture
def rep_cookie(session: dict[str, Any]) -> dict[str, str]:
    return {"Cookie": f"sessionid={session['value']}"}


def lines(response: requests.Response) -> Iterator[str]:
    return response.iter_lines(chunk_size=1, decode_unicode=True)


def until(found: Iterator[str], wanted: str) -> bool:
    return any(line == wanted for line in found)


def notify(**payload: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify('throughline', %s)", [json.dumps(payload)])


def test_nobody_gets_no_stream_and_neither_does_a_program(stage: Any, web: str, committed_db: object) -> None:
    stage(cast.view())
    assert requests.get(web + STREAM, timeout=5).status_code == 401
    bot = User.objects.create_user("bot")
    bot.groups.add(Group.objects.get_or_create(name="integrator")[0])
    token = token_make(user=bot)[1]
    refused = requests.get(f"{web}/api/v1{STREAM}", headers={"Authorization": f"Token {token}"}, timeout=5)
    assert refused.status_code == 403


def test_it_says_names_and_nothing_else(stage: Any, web: str, rep_cookie: dict[str, str]) -> None:
    stage(cast.view())
    with requests.get(web + STREAM, headers=rep_cookie, stream=True, timeout=10) as response:
        found = lines(response)
        assert response.headers["content-type"].startswith("text/event-stream") and until(found, ": open")
        notify(case="20418")
        assert until(found, "event: case-changed") and next(found) == "data: 20418"


def test_a_token_opens_it_under_the_api_too(stage: Any, web: str, dana: User) -> None:
    stage(cast.view())
    token = token_make(user=dana)[1]
    headers = {"Authorization": f"Token {token}"}
    with requests.get(f"{web}/api/v1{STREAM}", headers=headers, stream=True, timeout=10) as response:
        assert response.status_code == 200 and until(lines(response), ": open")


def test_signing_out_ends_it(stage: Any, web: str, dana: User) -> None:
    stage(cast.view())
    client = Client()
    client.force_login(dana)
    cookie = {"Cookie": f"sessionid={client.cookies['sessionid'].value}"}
    with requests.get(web + STREAM, headers=cookie, stream=True, timeout=10) as response:
        found = lines(response)
        assert until(found, ": open")
        client.post("/sign-out/")
        assert all(line != "event: case-changed" for line in found)
    assert requests.get(web + STREAM, headers=cookie, timeout=5).status_code == 401


def test_a_closed_window_leaves_nothing_behind(stage: Any, web: str, rep_cookie: dict[str, str]) -> None:
    stage(cast.view())
    with requests.get(web + STREAM, headers=rep_cookie, stream=True, timeout=10) as response:
        assert until(lines(response), ": open") and len(HUB) == 1
    ends = time.monotonic() + 5
    while len(HUB) and time.monotonic() < ends:
        time.sleep(0.02)
    assert len(HUB) == 0
