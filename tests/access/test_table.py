"""The table of rights is complete: every route, every method, every field class, every role."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from connectors.sdk.kinds import KINDS
from connectors.sdk.personal import CLASSES, FIELDS, SCHEMES, field_class
from tests.access import reference
from workspace.access.fields import ALL, CLASS_WORDS, NONE, OWN
from workspace.access.fields import TABLE as FIELD_TABLE
from workspace.permissions import may
from workspace.rights import ACCOUNT, ANYBODY, API, PROOFS, READ_ONLY, ROLES, SAFE, SCOPES, TABLE


def routes(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, str]]:
    for part in resolver.url_patterns:
        if isinstance(part, URLResolver):
            yield from routes(part, before + str(part.pattern))
        elif isinstance(part, URLPattern):
            yield before + str(part.pattern), str(part.name)


def test_every_route_that_resolves_is_decided_and_no_other() -> None:
    assert {name for _, name in routes(get_resolver())} == set(TABLE)
    assert set(TABLE) >= ACCOUNT


def test_every_route_of_programs_has_its_scope_and_no_scope_gives_a_page() -> None:
    assert {r for r in API if "program" in API[r]} - ACCOUNT == SCOPES["facts"] | SCOPES["cases"] - {"case_stream"}
    assert not SCOPES["facts"] & SCOPES["cases"] and set().union(*SCOPES.values()) <= set(API) | {"case_stream"}


def test_every_role_is_decided_for_every_field_class() -> None:
    assert set(FIELD_TABLE) == ROLES
    assert all(set(row) == set(CLASSES) and set(row.values()) <= {ALL, OWN, NONE} for row in FIELD_TABLE.values())
    assert set(CLASS_WORDS) == set(CLASSES) >= {*FIELDS.values(), *SCHEMES.values()}


def test_every_canonical_field_that_is_personal_has_its_class() -> None:
    named = {field for kind in KINDS.values() for field in kind.properties if field_class(field)}
    assert named == {"bank_reference"} and field_class("last4") == field_class("carrier") == ""


@pytest.mark.parametrize(("field", "class_"), [
    ("customerEmail", "contact"), ("shipping-address", "address"), ("Postal Code", "address"),
    ("iban", "bank_reference"),
    ("cardNumber", "card"), ("dateOfBirth", "identity"), ("acme_mobile_number", "contact"), ("ip_address", ""),
    ("amount", ""), ("tracking", ""), ("email_count", ""), ("spanning", ""),
])  # fmt: skip
def test_a_connectors_own_field_is_read_by_its_name(field: str, class_: str) -> None:
    assert field_class(field) == class_


@pytest.mark.parametrize("role", sorted(READ_ONLY))
def test_who_only_reads_sends_nothing_by_any_route(role: str, person: Callable[..., User]) -> None:
    user = person(role)
    sends = {route for route in TABLE for method in ("POST", "PUT", "PATCH", "DELETE") if may(user, route, method)}
    assert sends <= ACCOUNT | PROOFS | {route for route, allowed in TABLE.items() if allowed == ANYBODY}
    reads = {route for route in TABLE if may(user, route, "GET")}
    assert {"case", "sources", "letters", "api_timeline", "api_case", "api_told"} <= reads
    assert not {"people", "source_add", "letter_file", "letter_original"} & reads and "GET" in SAFE


def test_an_auditor_is_refused_by_the_pages_and_the_api_themselves(case, person, session, caller) -> None:
    auditor = person("auditor")
    page, api = session(auditor), caller(auditor)
    assert page.get(f"/cases/{case.pk}/").status_code == api.get(f"cases/{case.pk}/").status == 200
    before = case.events.count()
    for verb in ("close", "refresh", "reply", "refs", "verify", "draft", "promises"):
        assert page.post(f"/cases/{case.pk}/{verb}/", {}).status_code == 403
    for verb in ("messages", "notes", "close", "refresh", "actions", "told/1/settle", "commitments"):
        assert api.post(f"cases/{case.pk}/{verb}/", {}).status == 403
    assert api.post("cases/", {"refs": ["order:1"]}).status == 403 and case.events.count() == before


def test_an_administrator_sees_people_and_no_cases(case, person, session, caller) -> None:
    administrator = person("administrator")
    page = session(administrator)
    assert page.get("/", follow=True).redirect_chain == [("/administration/people/", 302)]
    assert page.get(f"/cases/{case.pk}/").status_code == caller(administrator).get("cases/").status == 403


def test_the_page_for_people_shows_the_table_as_it_is() -> None:
    shown = (Path(__file__).parents[2] / "docs/access.md").read_text()
    hint = "python -m tests.access.reference docs/access.md"
    assert reference.fields() in shown and reference.routes() in shown, hint


def test_nothing_of_allauth_is_there_but_what_is_named(client: Client, db: None) -> None:
    for path in ("/accounts/signup/", "/sign-up/", "/account/email/", "/account/3rdparty/", "/password/reset/"):
        assert client.get(path).status_code == 404
    assert not {n for _, n in routes(get_resolver())} & {"account_signup", "account_email", "socialaccount_connections"}
