"""A source outside can't send us into the network inside."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from connectors.sdk import BadSettings, SourceError
from connectors.sdk.http import Http
from connectors.sdk.testing import Server, say
from connectors.sdk.wire import is_public

INSIDE = [
    "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "100.100.100.200",
    "0.0.0.0", "192.0.0.192", "224.0.0.1", "255.255.255.255", "240.0.0.1", "198.18.0.1", "168.63.129.16",
    "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "fe80::1", "fe80::1%eth0", "fd00:ec2::254",
    "fc00::1", "fec0::1", "ff02::1", "64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b:1::1", "2002:7f00:1::",
    "2001:db8::1", "2001:0:0:0:0:0:80ff:fffe",
]  # fmt: skip


@pytest.mark.parametrize("address", INSIDE)
def test_an_address_inside_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "::ffff:93.184.216.34", "2606:2800:220:1::1", "64:ff9b::808:808"])
def test_an_address_of_the_internet_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "localhost", "[::1]", "[::ffff:127.0.0.1]"]
)
def test_no_spelling_of_an_inner_address_is_called(host: str) -> None:
    with Server(say(200, {})) as server, pytest.raises(SourceError) as raised:
        Http(f"http://{host}:{server.port}").get("/x")
    assert type(raised.value) is BadSettings and "internal" in raised.value.sentence
    assert not server._open


def test_an_internal_source_is_called_there() -> None:
    with Server(say(200, {"ok": 1})) as server:
        assert Http(f"http://2130706433:{server.port}", internal=True).get("/x") == {"ok": 1}


def test_a_name_is_looked_up_once_and_the_checked_address_is_the_connected_one(monkeypatch: pytest.MonkeyPatch) -> None:
    with Server(say(200, {"ok": 1})) as server:
        answers = iter(["127.0.0.1"])

        def look_up(host: str, port: int, *rest: Any, **more: Any) -> list[Any]:
            if host == "127.0.0.1":  # connecting to an address looks nothing up
                return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, port))]
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), port))]

        monkeypatch.setattr(socket, "getaddrinfo", look_up)
        assert Http(f"http://shop.example:{server.port}", internal=True).get("/x") == {"ok": 1}
    assert server.asked[0].headers["host"] == f"shop.example:{server.port}"


def test_one_inner_address_among_public_ones_is_enough_to_refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    both = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, 80)) for ip in ("93.184.216.34", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: both)
    with pytest.raises(BadSettings):
        Http("http://shop.example").get("/x")
