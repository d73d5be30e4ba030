"""Signing in by password, in two steps, with limits; sessions that can be ended; who must have a second step."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client

from tests.access.conftest import PASSWORD
from tests.api.client import Caller
from workspace.access.errors import AccessError
from workspace.access.services import token_make


def sign_in(client: Client, user: User, password: str = PASSWORD, **more: Any) -> Any:
    return client.post("/sign-in/", {"username": user.username, "password": password, **more})


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def app_added(client: Client) -> str:
    """Sets up an authenticator app through its page; gives the secret that the page shows."""
    asked = client.get("/account/two-step/app/").headers["Location"]
    shown = client.post(asked, {"password": PASSWORD}, follow=True)
    page = shown.content.decode()
    secret = re.search(r'id="secret">(\w+)<', page)
    assert secret is not None
    done = client.post("/account/two-step/app/", {"code": code_of(secret[1])})
    assert done.status_code == 302, done.content.decode()
    return secret[1]


def test_a_name_and_a_password_open_the_page_that_was_wanted(person, client: Client) -> None:
    assert client.get("/cases/").headers["Location"] == "/sign-in/?next=/cases/"
    done = sign_in(client, person("rep"), next="/cases/")
    assert (done.status_code, done.headers["Location"]) == (302, "/cases/") and client.get("/cases/").status_code == 200
    client.post("/sign-out/")
    assert client.get("/cases/").status_code == 302


def test_a_wrong_password_says_no_more_than_a_wrong_name(person, client: Client) -> None:
    wrong = sign_in(client, person("rep"), "no").content.decode()
    nobody = client.post("/sign-in/", {"username": "nobody", "password": "no"}).content.decode()
    said = "Name or password is not right. Try again."
    assert said in wrong and said in nobody and "password" not in re.findall(r'value="([^"]*)"', wrong)


def test_an_account_that_is_off_opens_nothing(person, client: Client) -> None:
    User.objects.filter(pk=person("rep").pk).update(is_active=False)
    assert sign_in(client, person("rep")).headers["Location"] == "/sign-in/off/"
    assert client.get("/cases/").status_code == 302 and "switched off" in client.get("/sign-in/off/").content.decode()


def test_guessing_is_stopped_for_every_process_together(person, client: Client) -> None:
    for n in range(5):
        assert "is not right" in sign_in(client, person("rep"), f"guess {n}").content.decode()
    refused = sign_in(Client(), person("rep")).content.decode()
    assert "Too many tries" in refused
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM access_counter")
        assert cursor.fetchone()[0] > 0


def test_limits_count_the_client_and_not_what_it_claims(person, settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login": "2/m/ip", "login_failed": "9/m/ip"}
    claims = [sign_in(Client(headers={"X-Forwarded-For": f"192.0.2.{n}"}), person("rep"), "no") for n in range(3)]
    assert [c.status_code for c in claims] == [200, 200, 429] and "Too many tries" in claims[2].content.decode()
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    told = [sign_in(Client(headers={"X-Forwarded-For": f"192.0.2.{n}"}), person("rep"), "no") for n in range(3)]
    assert [c.status_code for c in told] == [200, 200, 200]
    forged = [Client(headers={"X-Forwarded-For": f"192.0.2.{n}, 203.0.113.9"}) for n in range(3)]
    assert [sign_in(client, person("rep"), "no").status_code for client in forged] == [200, 200, 429]


def test_a_second_step_is_set_up_and_then_asked_for(person, client: Client) -> None:
    user = person("rep")
    sign_in(client, user)
    secret = app_added(client)
    other = Client()
    assert sign_in(other, user, next="/cases/").headers["Location"].startswith("/sign-in/second-step/")
    assert other.get("/cases/").status_code == 302
    assert "Incorrect code" in other.post("/sign-in/second-step/", {"code": "000000"}).content.decode()
    done = other.post("/sign-in/second-step/", {"code": code_of(secret)})
    assert (done.status_code, done.headers["Location"]) == (302, "/cases/") and other.get("/cases/").status_code == 200


def test_a_recovery_code_opens_once_and_is_shown_once(person, client: Client) -> None:
    user = person("rep")
    sign_in(client, user)
    app_added(client)
    codes = re.findall(r"<li>(\d{8})</li>", client.get("/account/two-step/codes/").content.decode())
    assert len(codes) == 10 and codes[0] not in client.get("/account/two-step/codes/").content.decode()
    for want in (302, 200):
        other = Client()
        sign_in(other, user)
        assert other.post("/sign-in/second-step/", {"code": codes[0]}).status_code == want


def test_no_secret_of_a_second_step_is_plain_in_the_database(person, client: Client, settings) -> None:
    sign_in(client, person("rep"))
    secret = app_added(client)
    kept = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in kept and "gAAAA" in kept
    settings.SECRET_KEY = "another"
    assert Authenticator.objects.get(type="totp").wrap().validate_code(code_of(secret)) is False


def test_who_must_have_a_second_step_reaches_nothing_without_it(person, settings) -> None:
    settings.REQUIRE_MFA = ["administrator", "supervisor"]
    client, user = Client(), person("supervisor")
    sign_in(client, user)
    assert client.get("/cases/").headers["Location"] == "/account/two-step/"
    assert client.get("/api/v1/cases/").status_code == 403
    assert "Your role needs a second step" in client.get("/account/two-step/").content.decode()
    app_added(client)
    assert client.get("/cases/").status_code == 200 == client.get("/api/v1/cases/").status_code


def test_other_roles_go_on_without_one(person, settings) -> None:
    settings.REQUIRE_MFA = ["administrator", "supervisor"]
    rep = Client()
    sign_in(rep, person("rep"))
    assert rep.get("/cases/").status_code == 200


def test_a_token_made_without_the_second_step_that_a_role_needs_stops_working(person, caller, settings) -> None:
    before, other = caller(person("supervisor")), caller(person("program"))
    settings.REQUIRE_MFA = ["supervisor"]
    refused = before.get("cases/")
    assert refused.status == 401 and "made without the second step" in refused["detail"]
    assert other.get("cases/").status == 200
    with pytest.raises(AccessError, match="signs in in two"):
        token_make(user=person("supervisor"))
    made = token_make(user=person("supervisor"), second_step=True)[1]
    assert Caller(made).get("cases/").status == 200


def test_an_administrator_makes_such_a_token_only_in_two_steps(person, settings) -> None:
    person("supervisor")
    settings.REQUIRE_MFA = ["supervisor"]
    admin = Client()
    sign_in(admin, person("administrator"))
    page = admin.post("/administration/people/supervisor/tokens/", {"name": "x"}, follow=True).content.decode()
    assert "signs in in two" in page and 'id="token"' not in page
    app_added(admin)
    page = admin.post("/administration/people/supervisor/tokens/", {"name": "x"}).content.decode()
    key = re.search(r'id="token">(\w{40})<', page)
    assert key is not None and Caller(key[1]).get("cases/").status == 200


def test_a_session_without_the_second_step_gets_no_stream_either(person, settings) -> None:
    from workspace.live.work import admitted

    client = Client()
    sign_in(client, person("supervisor"))
    headers = [(b"cookie", f"sessionid={client.cookies['sessionid'].value}".encode())]
    assert admitted(headers, "", "cases_stream")[0] == 200
    settings.REQUIRE_MFA = ["supervisor"]
    assert admitted(headers, "", "cases_stream")[0] == 401


def test_sessions_are_listed_and_ended_one_by_one(person) -> None:
    user, here, there, third = person("rep"), Client(), Client(headers={"User-Agent": "A phone"}), Client()
    for client in (here, there, third):
        sign_in(client, user)
    page = here.get("/account/sessions/").content.decode()
    assert "in 3 places" in page and "A phone" in page
    number = re.search(r"A phone.*?name=\"session\" value=\"(\d+)\"", page, re.DOTALL)
    assert number is not None and here.post("/account/sessions/", {"session": number[1]}).status_code == 302
    assert there.get("/cases/").status_code == 302 and third.get("/cases/").status_code == 200
    here.post("/account/sessions/")
    assert third.get("/cases/").status_code == 302 and here.get("/cases/").status_code == 200


def test_nobody_ends_the_session_of_somebody_else(person) -> None:
    mine, theirs = Client(), Client()
    sign_in(mine, person("rep"))
    sign_in(theirs, person("supervisor"))
    from allauth.usersessions.models import UserSession

    other = UserSession.objects.get(user=person("supervisor"))
    mine.post("/account/sessions/", {"session": str(other.pk)})
    assert theirs.get("/cases/").status_code == 200


@pytest.mark.parametrize("path", ["/account/two-step/app/", "/account/two-step/keys/add/", "/account/password/"])
def test_ways_to_sign_in_are_changed_only_by_who_just_proved_it(path: str, person, session) -> None:
    client = session(person("rep"))  # by a session that never typed a password
    if path == "/account/password/":
        assert client.post(path, {"oldpassword": "no", "password1": "x" * 12}).status_code == 200
        assert person("rep").check_password(PASSWORD)
    else:
        assert client.get(path).headers["Location"].startswith("/account/confirm/")
