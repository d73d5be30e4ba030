"""Servers that misbehave on purpose, each in one way."""

from __future__ import annotations

import gzip
import socket
import time

from connectors.sdk.testing.server import Asked, Behaviour, say

_JSON_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


def drip_body(every_s: float = 0.02) -> Behaviour:
    """Promises 10,000 bytes of JSON and sends one now and then."""
    return _dripping(_JSON_HEAD + b"Content-Length: 10000\r\n\r\n[", every_s)


def drip_headers(every_s: float = 0.02) -> Behaviour:
    """A header that never ends."""
    return _dripping(b"HTTP/1.1 200 OK\r\nX-Slow: ", every_s)


def hang() -> Behaviour:
    """Takes the request and says nothing."""

    def behave(sock: socket.socket, asked: Asked) -> None:
        sock.recv(1)

    return behave


def cut_in_headers(status: int = 200) -> Behaviour:
    """The connection closes after half of the headers."""
    return _last_words(f"HTTP/1.1 {status} OK\r\nContent-Ty".encode())


def cut_in_body(promised: bool = True) -> Behaviour:
    """Half a JSON document; ``promised`` says whether its length was announced."""
    length = b"Content-Length: 500\r\n" if promised else b""
    return _last_words(_JSON_HEAD + length + b'Connection: close\r\n\r\n{"orders": [{"numb')


def html() -> Behaviour:
    """A sign-in page with status 200, as proxies like to give."""
    return say(200, "<html><body>Please sign in</body></html>", {"Content-Type": "text/html"})


def endless() -> Behaviour:
    """A body without end."""

    def behave(sock: socket.socket, asked: Asked) -> None:
        sock.sendall(_JSON_HEAD + b"Connection: close\r\n\r\n[")
        while True:
            sock.sendall(b"1," * 32768)

    return behave


def bomb(megabytes: int = 50) -> Behaviour:
    """A small gzipped body that unpacks to a large one."""
    packed = gzip.compress(b"[" + b" " * (megabytes * 1_000_000) + b"]", compresslevel=6)
    return say(200, packed, {"Content-Type": "application/json", "Content-Encoding": "gzip"})


def redirect(to: str, status: int = 302) -> Behaviour:
    """Sends the caller elsewhere."""
    return say(status, b"", {"Location": to})


def in_turn(*behaviours: Behaviour) -> Behaviour:
    """Each behaviour for one request; the last one for all that follow."""
    left = list(behaviours)

    def behave(sock: socket.socket, asked: Asked) -> None:
        (left.pop(0) if len(left) > 1 else left[0])(sock, asked)

    return behave


def _dripping(first: bytes, every_s: float) -> Behaviour:
    def behave(sock: socket.socket, asked: Asked) -> None:
        sock.sendall(first)
        while True:
            time.sleep(every_s)
            sock.sendall(b"1")

    return behave


def _last_words(words: bytes) -> Behaviour:
    def behave(sock: socket.socket, asked: Asked) -> None:
        sock.sendall(words)
        sock.shutdown(socket.SHUT_RDWR)

    return behave
