"""The deadline holds against everything that a socket can do."""

from __future__ import annotations

import os
import socket
import time

import pytest

from connectors.sdk import TryAgain
from connectors.sdk import testing as hostile
from connectors.sdk.http import Http
from connectors.sdk.testing import Behaviour, Server, say
from connectors.sdk.transport import call

pytestmark = pytest.mark.alone

SLOW = {"body": hostile.drip_body(), "headers": hostile.drip_headers(), "silence": hostile.hang()}


def asked_for(seconds: float, url: str) -> tuple[float, str]:
    began = time.monotonic()
    with pytest.raises(TryAgain) as raised:
        Http(url, internal=True, limit_s=seconds, name="Finance").get("/x")
    return time.monotonic() - began, raised.value.sentence


@pytest.mark.parametrize("slow", SLOW.values(), ids=SLOW.keys())
def test_a_source_that_trickles_is_left_at_the_deadline(slow: Behaviour) -> None:
    with Server(slow) as server:
        took, sentence = asked_for(0.3, server.url)
    assert 0.28 <= took < 0.4
    assert sentence == "Finance did not answer within 0.3 s."


@pytest.mark.parametrize("slow", SLOW.values(), ids=SLOW.keys())
def test_so_it_is_on_a_connection_that_was_kept_open(slow: Behaviour) -> None:
    with Server(hostile.in_turn(say(200, {}), slow)) as server:
        http = Http(server.url, internal=True, limit_s=0.3)
        http.get("/first")
        began = time.monotonic()
        with pytest.raises(TryAgain):
            http.get("/second")
        assert time.monotonic() - began < 0.4


def test_a_tls_handshake_that_trickles_is_left_too_and_was_begun_for_the_right_name() -> None:
    hello: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(5)

        def trickle() -> None:
            sock, _ = listener.accept()
            with sock:
                hello.append(sock.recv(4096))
                sock.sendall(b"\x16\x03\x03\x40\x00")
                while True:
                    time.sleep(0.02)
                    sock.sendall(b"\x02")

        import threading

        def quietly() -> None:
            try:
                trickle()
            except OSError:
                pass

        threading.Thread(target=quietly, daemon=True).start()
        took, _ = asked_for(0.3, f"https://localhost:{listener.getsockname()[1]}")
    assert took < 0.4
    assert b"localhost" in hello[0]


def test_a_look_up_that_hangs_is_left_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: time.sleep(1) or [])
    took, sentence = asked_for(0.2, "https://shop.example")
    assert took < 0.3 and "0.2 s" in sentence


def test_the_sooner_deadline_binds_and_the_call_knows_what_it_took() -> None:
    with Server(hostile.drip_body()) as server, call(0.2) as this, pytest.raises(TryAgain) as raised:
        Http(server.url, internal=True, limit_s=5, name="Finance").get("/x")
    assert "0.2 s" in raised.value.sentence
    assert this.expired and 180 <= this.took_ms < 300
    time.sleep(0.05)
    assert this.took_ms < 300


def test_several_requests_of_one_call_share_its_time() -> None:
    def slowly(sock: socket.socket, asked: object) -> None:
        time.sleep(0.12)
        say(200, {})(sock, asked)  # type: ignore[arg-type]

    with Server(slowly) as server, call(0.3), pytest.raises(TryAgain):
        http = Http(server.url, internal=True)
        for _ in range(5):
            http.get("/x")
    assert len(server.asked) == 3


def test_a_quick_call_is_not_expired_and_its_connection_is_kept() -> None:
    with Server(say(200, {})) as server, call(1) as this:
        http = Http(server.url, internal=True)
        http.get("/a")
        http.get("/b")
        assert len(server._open) == 1
    assert not this.expired and this.took_ms < 500
    assert this.requests == 2


def test_a_forked_worker_watches_its_own_deadlines() -> None:
    with call(1), Server(hostile.drip_body()) as server:
        child = os.fork()
        if child == 0:
            try:
                asked_for(0.2, server.url)
                os._exit(0)
            finally:
                os._exit(1)
        ended, code = 0, 1
        for _ in range(100):
            ended, code = os.waitpid(child, os.WNOHANG)
            if ended:
                break
            time.sleep(0.02)
    if not ended:
        os.kill(child, 9)
        os.waitpid(child, 0)
    assert ended and code == 0
