"""Single sign-on by OpenID Connect, against a provider that answers over HTTP and redirects for real."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests
from django.contrib.auth.models import User
from django.test import Client

from tests.access.provider import CLIENT, SECRET, Provider
from workspace.access.oidc import pairs, problem, roles_from
from workspace.processes import free_port

LENA = {"sub": "u-1", "email": "lena@shop.example", "email_verified": True, "preferred_username": "lena",
        "given_name": "Lena", "family_name": "Aho", "groups": ["support", "everybody"]}  # fmt: skip


@pytest.fixture
def provider(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    with Provider().running(free_port()) as found:
        monkeypatch.setenv("OIDC_SECRET_HERE", SECRET)
        settings.OIDC = {"issuer": found.url, "client_id": CLIENT, "secret": "env:OIDC_SECRET_HERE", "name": "the shop",
                         "claim": "groups", "roles": "support=rep, chiefs=supervisor"}  # fmt: skip
        found.says = dict(LENA)
        yield found


def comes(client: Client, wanted: str = "/cases/") -> Any:
    """From the sign-in page to the provider and back, as a browser goes."""
    there = client.get(f"/sign-in/with/sso/?next={wanted}")
    assert there.status_code == 302, there.content.decode()
    back = requests.get(there.headers["Location"], allow_redirects=False, timeout=5).headers["Location"]
    assert back.startswith("http://testserver/sign-in/with/sso/back/?")
    return client.get(back.removeprefix("http://testserver"))


def roles(username: str) -> set[str]:
    return set(User.objects.get(username=username).groups.values_list("name", flat=True))


def test_whose_groups_give_a_role_comes_in_and_has_it(provider: Provider, client: Client) -> None:
    assert "Use the shop" in client.get("/sign-in/?next=/cases/").content.decode()
    done = comes(client)
    assert (done.status_code, done.headers["Location"]) == (302, "/cases/") and client.get("/cases/").status_code == 200
    lena = User.objects.get(username="lena")
    assert (lena.get_full_name(), roles("lena"), lena.has_usable_password()) == ("Lena Aho", {"rep"}, False)


def test_each_sign_in_sets_the_roles_anew(provider: Provider) -> None:
    comes(Client())
    provider.says["groups"] = ["chiefs"]
    comes(Client())
    assert roles("lena") == {"supervisor"} and User.objects.count() == 1


def test_whose_groups_give_none_is_refused_and_gets_no_account(provider: Provider, client: Client) -> None:
    provider.says["groups"] = ["everybody"]
    refused = comes(client)
    assert refused.status_code == 403 and "Your groups give you no role here" in refused.content.decode()
    assert not User.objects.exists() and client.get("/cases/").status_code == 302


def test_a_verified_address_finds_the_account_that_is_there(provider: Provider, person) -> None:
    known = person("rep")
    User.objects.filter(pk=known.pk).update(email="Lena@shop.example")
    comes(Client())
    assert User.objects.count() == 1 and User.objects.get().socialaccount_set.exists()


def test_an_address_that_nobody_has_verified_finds_no_account(provider: Provider, person) -> None:
    User.objects.filter(pk=person("supervisor").pk).update(email="lena@shop.example")
    provider.says["email_verified"] = False
    comes(Client())
    assert not User.objects.get(username="supervisor").socialaccount_set.exists()


def test_a_link_joins_nobody_to_another_s_account(provider: Provider, person, session) -> None:
    client = session(person("supervisor"))
    refused = comes(client, "/cases/&process=connect")
    assert refused.status_code == 403 and "verified address alone" in refused.content.decode()
    assert not User.objects.get(username="supervisor").socialaccount_set.exists() and roles("supervisor")


def test_a_program_s_account_is_nobody_s_by_its_address(provider: Provider, person) -> None:
    program = person("program")
    User.objects.filter(pk=program.pk).update(email="lena@shop.example")
    client = Client()
    comes(client)
    assert not program.socialaccount_set.exists() and roles("program") == {"program"}
    assert client.get("/cases/").status_code == 302


def test_an_account_that_became_a_program_s_lets_nobody_in(provider: Provider, person) -> None:
    comes(Client())
    User.objects.get(username="lena").groups.set(person("program").groups.all())
    client = Client()
    assert "signs in by a token" in comes(client).content.decode() and client.get("/cases/").status_code == 302
    assert roles("lena") == {"program"}


def test_an_account_that_is_off_stays_out(provider: Provider) -> None:
    comes(Client())
    User.objects.update(is_active=False)
    client = Client()
    assert "switched off" in comes(client).content.decode() and client.get("/cases/").status_code == 302


def test_a_way_back_that_nobody_began_leads_nowhere(provider: Provider) -> None:
    begun = Client().get("/sign-in/with/sso/").headers["Location"]
    back = requests.get(begun, allow_redirects=False, timeout=5).headers["Location"]
    stranger = Client()
    refused = stranger.get(back.removeprefix("http://testserver"))
    assert refused.status_code == 403 and stranger.get("/cases/").status_code == 302


def test_a_provider_that_says_no_is_told_in_words(provider: Provider, client: Client) -> None:
    provider.error = "access_denied"
    refused = comes(client)
    assert refused.status_code == 403 and "It was cancelled there." in refused.content.decode()


def test_a_wrong_secret_lets_nobody_in(provider: Provider, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OIDC_SECRET_HERE", "not-the-secret-of-this-client")
    assert comes(client).status_code == 403 and not User.objects.exists()


def test_the_provider_has_asked_for_the_second_step(provider: Provider, client: Client, settings) -> None:
    settings.REQUIRE_MFA = ["rep"]
    comes(client)
    assert client.get("/cases/").status_code == 200


def test_without_a_provider_there_is_no_door(client: Client, db: None) -> None:
    assert client.get("/sign-in/with/sso/").status_code == 404
    assert "with/sso" not in client.get("/sign-in/").content.decode()


def test_groups_are_read_as_they_are_written(settings) -> None:
    settings.OIDC = {**settings.OIDC, "roles": "cn=a=b=rep, x = auditor"}
    assert pairs(settings.OIDC["roles"]) == [("cn=a=b", "rep"), ("x", "auditor")]
    assert roles_from(["x"]) == {"auditor"} and "leads to no role" in problem("x=king") and not problem("x=rep")


def test_what_is_set_wrongly_is_said_at_the_start(settings) -> None:
    settings.OIDC = {**settings.OIDC, "issuer": "http://login.example", "roles": "x=king", "client_id": ""}
    settings.REQUIRE_MFA = ["chief"]
    from workspace.checks import sign_in

    said = {m.id for m in sign_in()}
    assert said == {"throughline.E008", "throughline.E009", "throughline.W009"}
