"""Administrators do the same by the API: look what would go, ask, decide, answer, and export what is held."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from django.contrib.auth.models import User

from cases.models import Access, Case
from tests.api.client import Caller
from tests.api.conftest import caller
from tests.retention.conftest import MAYA, NAME, NEEDLES, person
from tests.retention.searching import found_in
from tests.retention.test_pages import sees_all


@pytest.fixture
def first(ada: User) -> Caller:
    return caller(ada)


@pytest.fixture
def second(ben: User) -> Caller:
    return caller(ben)


def test_two_people_do_it_by_the_api(customer: int, maya: Case, first: Caller, second: Caller):
    dry = first.get(f"customers/{customer}/erasure/")
    assert dry.status == 200 and not dry["ready"] and {a["key"] for a in dry["against"]} == {"cases"}
    asked = first.post("erasures/", {"customer": customer, "why": "Ticket P-9"}, key="k1")
    where = f"erasures/{asked['id']}/"
    assert asked.status == 201 and first.post(where, {"do": "yes", "digest": dry["digest"]}).status == 403
    assert second.post(where, {"do": "decide", "decisions": {"cases": "close"}}).status == 200
    read = second.get(where)
    assert read["plan"]["ready"] and second.post(where, {"do": "yes", "digest": "old"}).status == 409
    done = second.post(where, {"do": "yes", "digest": read["plan"]["digest"]}, key="k2")
    assert (done.status, done["state"], done["name"]) == (200, "done", "") and done["counts"]["host_fact"] >= 4
    assert found_in(NEEDLES) == {} and second.get("erasures/", state="done")["results"][0]["id"] == asked["id"]


def test_what_is_held_is_exported_and_on_record(customer: int, whole: Case, ada: User, first: Caller):
    refused = first.post(f"customers/{customer}/held/", {"why": "Ticket 4"})
    assert refused.status == 403 and "Ask for access" in refused["detail"]
    sees_all(ada)
    got = first.post(f"customers/{customer}/held/", {"why": "Ticket 4"})
    assert got.status == 200 and all(n in json.dumps(got.body, ensure_ascii=False) for n in NEEDLES)
    letter = next(f for f in got["files"] if f["name"].endswith(".eml"))
    assert MAYA.encode() in base64.b64decode(letter["base64"]) and got["person"]["name"] == NAME
    assert Access.objects.get(what="export").why == "Ticket 4"


REFUSED: dict[str, Any] = {"customers/{c}/erasure/": None, "erasures/": None, "customers/{c}/held/": {}}


def test_nobody_else_may(customer: int, first: Caller, db: None):
    rep, auditor = caller(person("rita", "Rita", "Falk")), caller(person("otto", "Otto", "Renner", "auditor"))
    for path, body in REFUSED.items():
        where = path.format(c=customer)
        assert (rep.get(where) if body is None else rep.post(where, body)).status == 403
    assert auditor.get("erasures/").status == 200 and auditor.post("erasures/", {"customer": customer}).status == 403
    assert first.get("customers/999999/erasure/").status == 404 and first.get("erasures/99/").status == 404
    assert first.get("erasures/", state="nonsense").status == 400
