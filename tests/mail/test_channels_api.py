"""Chats, calls and second persons through the API."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from rest_framework.test import APIClient

from cases.models import Case, OutboxMail
from cases.selectors import case_view


@pytest.fixture
def api(dana: User) -> APIClient:
    client = APIClient()
    client.force_authenticate(dana)
    return client


def post(api: APIClient, path: str, **body: Any) -> Any:
    return api.post(f"/api/v1/{path}", body, format="json")


def test_a_chat_message_says_who_wrote_and_a_stranger_is_a_third_party(api: APIClient, case: Case):
    place = f"cases/{case.reference}/messages/"
    said = {"direction": "in", "channel": "chat", "text": "And?", "author": "Maya"}
    assert post(api, place, **said, author_ref="email:maya@example.com").status_code == 201
    other = said | {"author": "Bo", "text": "I am Bo", "author_ref": "email:bo@x.example"}
    assert post(api, place, **other).status_code == 201
    view = case_view(case=case)
    assert [(e.kind, e.actor_name) for e in view.events[-2:]] == [("message.in", "Maya"), ("message.third_party", "Bo")]
    assert view.asked == "And?"
    assert post(api, place, **said, author_ref="nonsense").status_code == 400


def test_a_phone_call_is_noted_and_changes_nothing_else(api: APIClient, case: Case):
    before = case_view(case=case)
    made = post(api, f"cases/{case.reference}/calls/", text="No answer.", direction="out", reached=False)
    view = case_view(case=case)
    assert made.status_code == 201 and view.events[-1].title.endswith("did not reach them")
    assert (view.state, view.waiting_since, view.asked) == (before.state, before.waiting_since, before.asked)


def test_a_reply_is_taken_back_before_it_leaves(api: APIClient, case: Case):
    digest = case_view(case=case).answer.digest
    told = post(api, f"cases/{case.reference}/messages/", text="Soon.", digest=digest, undo_s=30).json()
    place = f"cases/{case.reference}/messages/{told['statement']}/undo/"
    assert post(api, place).json()["text"] == "Soon."
    assert OutboxMail.objects.get().state == "withdrawn"
    assert post(api, place).status_code == 409


def test_nobody_decides_what_is_not_there(api: APIClient, case: Case):
    assert api.get("/api/v1/actions/waiting/").json() == {"results": []}
    assert post(api, f"cases/{case.reference}/actions/9/decide/", approve=True).status_code == 404
