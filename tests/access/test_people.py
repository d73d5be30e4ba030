"""Administrators look after accounts, roles, links and tokens; a token is shown once and kept as a digest."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client

from cases.models import Access
from tests.api.client import Caller
from workspace.access import services
from workspace.access.errors import AccessError, NotYours
from workspace.access.models import ApiToken

NEW = {"username": "lena", "first": "Lena", "last": "Aho", "email": "lena@shop.example", "role": ["rep"]}


@pytest.fixture
def admin(person, session) -> Client:
    return session(person("administrator"))


def test_an_account_is_made_and_its_owner_sets_the_password(admin: Client) -> None:
    assert admin.post("/administration/people/add/", NEW).headers["Location"] == "/administration/people/lena/"
    page = admin.post("/administration/people/lena/link/").content.decode()
    link = re.search(r'id="link">[^<]*?(/sign-in/password/[^<]+)<', page)
    assert link is not None and not User.objects.get(username="lena").has_usable_password()
    lena = Client()
    form = lena.get(link[1], follow=True)
    words = {"password1": "seven-lakes-north", "password2": "seven-lakes-north"}
    assert lena.post(form.request["PATH_INFO"], words).status_code == 302
    assert lena.post("/sign-in/", {"username": "lena", "password": "seven-lakes-north"}).headers["Location"] == "/"
    assert "can’t be used" in Client().get(link[1], follow=True).content.decode()


@pytest.mark.parametrize(("change", "said"), [
    ({"username": "L"}, "2 to 50"), ({"username": "administrator"}, "already"), ({"email": "x"}, "no e-mail"),
    ({"role": []}, "at least one role"), ({"role": ["program", "rep"]}, "no other role"),
])  # fmt: skip
def test_an_account_that_can_t_be_made_is_refused_in_words(change, said: str, admin: Client) -> None:
    page = admin.post("/administration/people/add/", {**NEW, **change})
    assert page.status_code == 422 and said in page.content.decode()
    assert not User.objects.filter(username="lena").exists()


def test_roles_are_set_and_nobody_locks_the_last_door_behind_them(admin: Client, person) -> None:
    rep = person("rep")
    admin.post("/administration/people/rep/change/", {"role": ["rep", "lead"]})
    assert set(rep.groups.values_list("name", flat=True)) == {"rep", "lead"}
    with pytest.raises(AccessError, match="your own administration"):
        services.person_roles(by=person("administrator"), person=person("administrator"), roles=["rep"])
    with pytest.raises(NotYours):
        services.person_roles(by=rep, person=rep, roles=["administrator"])


@pytest.mark.parametrize("role", ["rep", "lead", "supervisor", "integrator", "auditor", "program"])
def test_others_don_t_see_the_page(role: str, person, session) -> None:
    assert session(person(role)).get("/administration/people/").status_code == 403


def test_a_token_is_shown_once_works_and_is_ended(admin: Client, person) -> None:
    person("program")
    page = admin.post("/administration/people/program/tokens/", {"name": "Chat desk"}).content.decode()
    key = re.search(r'id="token">(\w{40})<', page)
    assert Access.objects.get(what="token made").why == "program"
    assert key is not None and key[1] not in admin.get("/administration/people/program/").content.decode()
    assert Caller(key[1]).get("cases/").status == 200 and ApiToken.objects.get().used_at
    admin.post(f"/administration/people/program/tokens/{ApiToken.objects.get().pk}/end/")
    assert Caller(key[1]).get("cases/").status == 401


@pytest.mark.parametrize(("scopes", "may"), [
    ([], {"read", "note", "facts"}), (["read"], {"read"}), (["facts"], {"facts"}), (["cases"], {"read", "note"}),
    (["read", "facts"], {"read", "facts"}),
])  # fmt: skip
def test_a_token_only_narrows_the_row_of_its_account(scopes: list[str], may: set[str], case, person) -> None:
    calls = Caller(services.token_make(user=person("program"), scopes=scopes)[1])
    said = {"read": calls.get(f"cases/{case.pk}/"), "note": calls.post(f"cases/{case.pk}/notes/", {"text": "Seen"}),
            "facts": calls.post("facts/", {})}  # fmt: skip
    assert {name for name, reply in said.items() if reply.status != 403} == may
    assert all("This token is for" in reply["detail"] for reply in said.values() if reply.status == 403)
    assert Caller(services.token_make(user=person("integrator"), scopes=["cases"])[1]).get("cases/").status == 403


def test_a_page_narrows_a_token_and_says_how(admin: Client, person) -> None:
    person("program")
    admin.post("/administration/people/program/tokens/", {"name": "Stock feed", "scope": ["facts", "read"]})
    assert ApiToken.objects.get().scopes == ["read", "facts"]
    assert "read, facts" in admin.get("/administration/people/program/").content.decode()
    with pytest.raises(AccessError, match="no scope"):
        services.token_make(user=person("program"), scopes=["soul"])


def test_no_token_is_in_the_database(person) -> None:
    _, key = services.token_make(user=person("program"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM access_apitoken t WHERE t::text LIKE %s", [f"%{key}%"])
        assert cursor.fetchone()[0] == 0
        cursor.execute("SELECT to_regclass('authtoken_token')")
        assert cursor.fetchone()[0] is None


def test_a_token_that_is_over_opens_nothing(person) -> None:
    from datetime import timedelta

    from django.utils import timezone

    past = timezone.now() - timedelta(seconds=1)
    assert Caller(services.token_make(user=person("program"), expires_at=past)[1]).get("cases/").status == 401


def test_an_administrator_switches_an_account_off_and_on(admin: Client, person) -> None:
    rep = person("rep")
    admin.post("/people/rep/leave/", {"why": "Left the company"})
    assert not User.objects.get(pk=rep.pk).is_active and "Switch on again" in admin.get(
        "/administration/people/rep/"
    ).content.decode()  # fmt: skip
    admin.post("/administration/people/rep/change/", {"do": "on"})
    assert User.objects.get(pk=rep.pk).is_active


def test_a_program_gets_no_link_for_a_password(admin: Client, person) -> None:
    with pytest.raises(AccessError, match="by a token"):
        services.person_link(by=person("administrator"), person=person("program"))
