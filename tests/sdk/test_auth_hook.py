"""Credentials that change: added to every request, fetched anew once after a 401, never shown."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from connectors.sdk import BadCredentials, SourceError
from connectors.sdk import testing as hostile
from connectors.sdk.auth import Auth
from connectors.sdk.http import Http
from connectors.sdk.testing import Server, say
from connectors.sdk.transport import SourceLane


class Token(Auth):
    """``refreshes`` times it can be made anew."""

    def __init__(self, refreshes: int = 1) -> None:
        self.number, self.left = 1, refreshes

    def headers(self) -> Mapping[str, str]:
        return {"Authorization": f"Bearer token-number-{self.number}"}

    def params(self) -> Mapping[str, str]:
        return {"key": f"k&y {self.number}"}

    def refresh(self) -> bool:
        self.left -= 1
        self.number += 1
        return self.left >= 0


def test_each_request_carries_what_holds_now_and_is_repeated_once_after_a_401() -> None:
    with Server(hostile.in_turn(say(401), say(200, {"ok": 1}), say(401), say(200, {"ok": 2}))) as server:
        http = Http(server.url, internal=True, auth=Token(5))
        assert http.get("/x", {"a": "1"}) == {"ok": 1}
        assert http.post("/x", json={}) == {"ok": 2}
    sent = [(a.headers["authorization"], a.params["key"]) for a in server.asked]
    assert sent == [(f"Bearer token-number-{n}", f"k&y {n}") for n in (1, 2, 2, 3)]
    assert server.asked[1].params["a"] == "1"


@pytest.mark.parametrize(("refreshes", "asked"), [(0, 1), (5, 2)])
def test_a_source_that_keeps_refusing_is_asked_twice_at_most(refreshes: int, asked: int) -> None:
    with Server(say(401)) as server, pytest.raises(BadCredentials):
        Http(server.url, internal=True, auth=Token(refreshes)).get("/x")
    assert len(server.asked) == asked


def test_nothing_that_it_adds_is_shown() -> None:
    echo = say(500, b"you sent token-number-1 and k%26y%201 and k&y 1", {"Content-Type": "text/plain"})
    for behaviour in (echo, hostile.cut_in_headers()):
        with Server(behaviour) as server, pytest.raises(SourceError) as raised:
            Http(server.url, internal=True, auth=Token()).get("/x")
        assert not any(secret in raised.value.detail for secret in ("token-number", "k&y", "k%26y"))


def test_addresses_given_back_hold_no_key_and_a_link_that_echoes_it_is_no_trouble() -> None:
    first = say(200, [1], {"Link": '</x?page=2&key=k%26y+1>; rel="next"'})
    with Server(hostile.in_turn(first, say(200, [2]))) as server:
        http = Http(server.url, internal=True, auth=Token())
        assert list(http.pages("/x")) == [[1], [2]]
    with Server(say(200, {})) as other:
        assert "key" not in Http(other.url, internal=True, auth=Token()).raw("/x").url
    assert server.asked[1].target.count("key=") == 1


def test_a_lane_keeps_what_was_made_for_as_long_as_the_settings_hold() -> None:
    lane, made = SourceLane("Finance"), []

    def make() -> Auth:
        made.append(Token())
        return made[-1]

    assert lane.auth_for("a", make) is lane.auth_for("a", make)
    assert lane.auth_for("b", make) is made[1] and len(made) == 2
