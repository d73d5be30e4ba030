"""Who may call, and what they are told when they may not."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.api.client import Caller
from workspace import rights

POSTS = ["messages", "refresh", "notes", "verify", "close", "reopen", "refs", "owner"]
READS = ["cases/", "cases/1/", "cases/1/timeline/", "cases/1/answer/", "sources/", "facts/1/", "search/?q=x"]


@pytest.mark.parametrize("path", READS)
def test_without_a_token_nothing_is_read(path: str, stranger: Caller) -> None:
    reply = stranger.get(f"/api/v1/{path}")
    assert reply.status == 401 and reply.headers["WWW-Authenticate"] == "Token" and "Authorization" in reply["detail"]


@pytest.mark.parametrize("verb", POSTS)
def test_without_a_token_nothing_is_done(verb: str, stranger: Caller) -> None:
    assert stranger.post(f"cases/1/{verb}/").status == 401


@pytest.mark.parametrize(
    "header", ["Token", "Token a b", "Token \u00e4", "Token x'--", "Basic eDp4", "Token " + "a" * 40]
)
def test_a_token_that_is_none_is_refused(header: str, stranger: Caller) -> None:
    assert stranger.send("GET", "cases/", headers={"Authorization": header}).status == 401


def test_an_account_that_is_switched_off_is_refused(dana: User, rep: Caller) -> None:
    User.objects.filter(pk=dana.pk).update(is_active=False)
    assert rep.get("cases/").status == 401


def test_an_integrator_sees_sources_and_facts_and_no_cases(integrator: Caller) -> None:
    assert integrator.get("sources/").status == 200 and integrator.get("facts/1/").status == 404
    assert integrator.get("cases/").status == integrator.get("search/", q="x").status == 403


def test_an_account_without_a_role_may_nothing(db: None) -> None:
    client = Client()
    client.force_login(User.objects.create_user("nobody"))
    assert client.get("/api/v1/cases/").status_code == 403


def test_a_person_uses_the_session_and_writes_need_the_forms_token(dana: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(dana)
    assert browser.get("/api/v1/cases/").status_code == 200
    refused = browser.post("/api/v1/cases/", "{}", content_type="application/json")
    assert refused.status_code == 403 and "CSRF" in refused.json()["detail"]


def test_programs_do_what_the_table_lets_them_and_no_more(program: Caller) -> None:
    assert program.get("cases/").status == 200
    assert program.post("cases/1/close/").status == 403 and program.post("cases/1/owner/").status == 404
    assert "program" not in rights.API["api_close"] and "rep" not in rights.API["api_owner"]


def test_too_many_calls_are_told_when_to_come_again(rep: Caller, settings) -> None:
    settings.API_RATES = {"all": "2/min"}
    statuses = [rep.get("sources/").status for _ in range(3)]
    reply = rep.get("sources/")
    assert statuses == [200, 200, 429] and 0 < int(reply.headers["Retry-After"]) <= 60
