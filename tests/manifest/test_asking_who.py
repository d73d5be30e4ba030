"""Each way of proving who asks, as a manifest writes it, and the settings that it declares."""

import base64
from typing import Any

import pytest

from connectors.sdk.forms import fields_of
from connectors.sdk.manifest import compiled
from connectors.sdk.testing import Asked
from tests.manifest.conftest import Facing

BODY = """
[check]
get = "/me"
[lookup.return]
get = "/returns/{value}"
[record.return]
id = "{rma}"
refs = { return = "{rma}" }
fact."return.received" = { at = "{at}" }
"""
HEAD = 'title = "Depot"\ndomain = "warehouse"\n'


def asked_with(facing: Facing, head: str, **settings: Any) -> list[Asked]:
    def answers(asked: Asked) -> Any:
        return {"access_token": "token-number-1", "expires_in": 3600} if asked.path == "/oauth/token" else {}

    connector, server = facing(HEAD + head + BODY, answers, **settings)
    assert connector.check() == "The source answers."
    return server.asked


PAIR = base64.b64encode(b"maya:k-e-y-1").decode()


@pytest.mark.parametrize(
    ("auth", "header", "value"),
    [
        ('bearer = "{api_key}"', "authorization", "Bearer k-e-y-1"),
        ('basic = { user = "maya", password = "{api_key}" }', "authorization", f"Basic {PAIR}"),
        ('header = { "X-Api-Key" = "{api_key}", "X-App" = "shop" }', "x-api-key", "k-e-y-1"),
    ],
)
def test_a_header(facing: Facing, auth: str, header: str, value: str) -> None:
    (asked,) = asked_with(facing, f'settings.api_key = "Key"\nauth = {{ {auth} }}\n')
    assert asked.headers[header] == value and ("x-app" in asked.headers) is ("X-App" in auth)


def test_a_parameter_of_every_request(facing: Facing) -> None:
    (asked,) = asked_with(facing, 'settings.api_key = "Key"\nauth.query = { key = "{api_key}" }\n')
    assert asked.params == {"key": "k-e-y-1"}


@pytest.mark.parametrize("url", ["/oauth/token", "{base_url}/oauth/token"])
def test_a_token_by_client_credentials(facing: Facing, url: str) -> None:
    head = f"""settings = {{ client_id = "Id", client_secret = "Secret" }}
[auth.oauth2]
token_url = "{url}"
client_id = "{{client_id}}"
client_secret = "{{client_secret}}"
scope = "returns:read"
"""
    token, asked = asked_with(facing, head, client_id="us", client_secret="hush-hush")
    assert token.method == "POST" and b"scope=returns%3Aread" in token.body
    assert asked.headers["authorization"] == "Bearer token-number-1"


def test_headers_that_are_no_secret_and_settings_of_every_sort(facing: Facing) -> None:
    head = """headers = { "X-Tenant" = "{tenant}", "X-None" = "{note}" }
[settings]
base_url = { default = "https://api.depot.example", help = "Only for tests" }
tenant = { help = "Your shop there", choices = ["fi", "se"], default = "fi" }
pages = { default = 3 }
old = { default = false, help = "Whether returns of last year are read too" }
note = { default = "" }
"""
    (asked,) = asked_with(facing, head, tenant="se")
    assert asked.headers["x-tenant"] == "se" and "x-none" not in asked.headers
    fields = {field.name: field for field in fields_of(compiled(HEAD + head + BODY).Settings)}
    assert (fields["base_url"].default, fields["base_url"].help) == ("https://api.depot.example", "Only for tests")
    assert [fields[n].kind for n in ("tenant", "pages", "old", "note")] == ["choice", "number", "bool", "text"]
