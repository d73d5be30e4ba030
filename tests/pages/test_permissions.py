"""One table says who may use which route, and no route is missing from it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from workspace.permissions import roles_of
from workspace.rights import ANYBODY, PAGES, ROLES, TABLE


def names(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    for part in resolver.url_patterns:
        if isinstance(part, URLResolver):
            yield from names(part, f"{prefix}{part.namespace}:" if part.namespace else prefix)
        elif isinstance(part, URLPattern):
            yield f"{prefix}{part.name}"


def test_the_table_covers_every_route_and_nothing_else() -> None:
    assert set(names(get_resolver())) == set(TABLE)


def test_every_row_names_roles_that_exist() -> None:
    assert all(allowed and (allowed == ANYBODY or allowed <= ROLES) for allowed in TABLE.values())


def test_nobody_is_sent_to_the_sign_in_page_by_every_page(db: None, client: Client) -> None:
    for route in ("/cases/", "/cases/20418/", "/cases/matches"):
        assert client.get(route).headers["Location"].startswith("/sign-in/?next=/cases/")


@pytest.mark.parametrize("role", sorted(ROLES))
def test_a_role_sees_the_queue_where_the_table_says_so(db: None, client: Client, role: str) -> None:
    user = User.objects.create_user(role)
    user.groups.add(Group.objects.get_or_create(name=role)[0])
    client.force_login(user)
    assert client.get("/cases/").status_code == (200 if role in PAGES["cases"] else 403)


def test_an_account_without_a_role_has_no_rights(db: None) -> None:
    assert roles_of(User.objects.create_user("nobody")) == frozenset()
    assert roles_of(User.objects.create_user("gone", is_active=False)) == frozenset()


def test_a_form_without_its_token_is_refused_in_words(db: None) -> None:
    strict = Client(enforce_csrf_checks=True)
    refused = strict.post("/sign-in/", {"username": "a", "password": "b"})
    assert refused.status_code == 403 and "too old" in refused.content.decode()


def test_a_page_that_is_refused_leads_to_one_that_is_not(db: None, client: Client) -> None:
    user = User.objects.create_user("integrator")
    user.groups.add(Group.objects.get_or_create(name="integrator")[0])
    client.force_login(user)
    assert 'href="/">To your first page' in client.get("/cases/20418/").content.decode()
    assert client.get("/", follow=True).redirect_chain == [("/sources/", 302)]
