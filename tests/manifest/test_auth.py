"""Each way to prove who asks, against a real server that looks at it."""

import base64
import threading
import time
from typing import Any

import pytest

from connectors.sdk import BadCredentials, SourceError, TryAgain, Unreadable
from connectors.sdk.auth import Auth, Basic, Bearer, Header, OAuth2ClientCredentials, Query
from connectors.sdk.http import Http
from connectors.sdk.testing import Asked, Behaviour, Server, hang, in_turn, say
from connectors.sdk.transport import SourceLane

SECRET = "s3cret/with&signs"
EXPIRED = 401


def sent(auth: Auth) -> Asked:
    with Server(say(200, {})) as server:
        Http(server.url, internal=True, auth=auth).get("/x")
    return server.asked[0]


def token(n: int, **more: Any) -> Behaviour:
    return say(200, {"access_token": f"token-number-{n}", "token_type": "Bearer", **more})


def client(server: Server, **more: Any) -> OAuth2ClientCredentials:
    return OAuth2ClientCredentials(f"{server.url}/token", "us", SECRET, internal=True, **more)


@pytest.mark.parametrize(
    ("auth", "header", "value"),
    [
        (Bearer("abc"), "authorization", "Bearer abc"),
        (Basic("maya", "pä:ss"), "authorization", "Basic " + base64.b64encode("maya:pä:ss".encode()).decode()),
        (Header("X-Api-Key", "abc"), "x-api-key", "abc"),
    ],
)
def test_a_header_carries_it(auth: Auth, header: str, value: str) -> None:
    assert sent(auth).headers[header] == value


def test_a_parameter_carries_it() -> None:
    assert sent(Query("api_key", "a&b")).params == {"api_key": "a&b"}


@pytest.mark.parametrize("in_body", [False, True])
def test_a_token_is_fetched_once_and_used_for_every_call(in_body: bool) -> None:
    with Server(token(1, expires_in="3600")) as tokens, Server(say(200, {})) as source:
        http = Http(source.url, internal=True, auth=client(tokens, scope="returns:read", in_body=in_body))
        http.get("/a"), http.get("/b")
    assert [a.headers["authorization"] for a in source.asked] == ["Bearer token-number-1"] * 2
    (asked,) = tokens.asked
    assert b"grant_type=client_credentials&scope=returns%3Aread" in asked.body
    assert (b"client_secret=s3cret%2Fwith%26signs" in asked.body) is in_body
    pair = base64.b64encode(b"us:s3cret%2Fwith%26signs").decode()
    assert asked.headers.get("authorization") == (None if in_body else f"Basic {pair}")


def test_a_token_about_to_expire_is_replaced_before_it_does() -> None:
    with Server(in_turn(token(1, expires_in=1), token(2, expires_in=3600))) as tokens, Server(say(200, {})) as source:
        http = Http(source.url, internal=True, auth=client(tokens))
        http.get("/a"), time.sleep(0.95), http.get("/b")
    assert [a.headers["authorization"][-1] for a in source.asked] == ["1", "2"]


def test_after_a_401_a_new_token_is_fetched_once() -> None:
    with Server(in_turn(token(1), token(2))) as tokens, Server(in_turn(say(EXPIRED), say(200, {"ok": 1}))) as source:
        assert Http(source.url, internal=True, auth=client(tokens)).get("/x") == {"ok": 1}
    with Server(token(1)) as tokens, Server(say(EXPIRED)) as source, pytest.raises(BadCredentials):
        Http(source.url, internal=True, auth=client(tokens)).get("/x")
    assert (len(tokens.asked), len(source.asked)) == (2, 2)


def test_threads_that_need_a_token_at_once_share_one_fetch() -> None:
    with Server(token(1)) as tokens, Server(say(200, {})) as source:
        lane, auth = SourceLane("Finance", internal=True), client(tokens)
        http = lane.http(source.url, auth=auth)
        threads = [threading.Thread(target=http.get, args=("/x",)) for _ in range(6)]
        [t.start() for t in threads], [t.join() for t in threads]
    assert (len(tokens.asked), len(source.asked)) == (1, 6)


@pytest.mark.parametrize(
    ("behaviour", "error"),
    [
        (say(400, {"error": "invalid_client"}), BadCredentials), (say(401), BadCredentials),
        (say(404), BadCredentials), (say(503), TryAgain), (say(200, {"token": "x"}), Unreadable),
        (say(200, '{"access_token": "half-a-tok', {"Content-Type": "application/json"}), Unreadable),
        (say(200, {"access_token": "mac-token", "token_type": "mac"}), Unreadable),
    ],
)  # fmt: skip
def test_where_no_token_is_to_be_had_the_error_says_so_and_shows_nothing(behaviour: Behaviour, error: type) -> None:
    with Server(behaviour) as tokens, Server(say(200, {})) as source, pytest.raises(error) as raised:
        Http(source.url, internal=True, auth=client(tokens)).get("/x")
    assert source.asked == []
    shown = f"{raised.value} {raised.value.detail} {getattr(raised.value, 'body', '')}"
    assert not any(secret in shown for secret in (SECRET, "half-a-tok", "mac-token"))


@pytest.mark.alone
def test_a_token_that_never_comes_costs_no_more_than_the_time_there_is() -> None:
    began = time.monotonic()
    with Server(hang()) as tokens, Server(say(200, {})) as source, pytest.raises(SourceError):
        Http(source.url, internal=True, auth=client(tokens), limit_s=0.2).get("/x")
    assert time.monotonic() - began < 1


def test_a_private_address_gives_no_token_unless_it_is_allowed() -> None:
    auth = OAuth2ClientCredentials("http://127.0.0.1:9/token", "us", SECRET)
    with Server(say(200, {})) as source, pytest.raises(SourceError):
        Http(source.url, internal=True, auth=auth).get("/x")
