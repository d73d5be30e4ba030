"""A small HTTP server whose every byte can be decided: the ground of recordings, of hostile answers and of faults."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import parse_qsl, unquote, urlsplit


@dataclass(frozen=True)
class Asked:
    """One request as a server saw it. ``path`` is decoded; ``raw_path`` is as sent, without the query."""

    method: str
    raw_path: str
    params: dict[str, Any]
    headers: Mapping[str, str]
    body: bytes
    target: str = ""
    """As sent, with the query."""

    @property
    def path(self) -> str:
        return unquote(self.raw_path)


Behaviour = Callable[[socket.socket, Asked], None]
"""Answers one request on a connection; closing it is allowed."""


class Server:
    """A small HTTP server on a loopback port (0: a free one), for a ``with`` block; ``asked`` is what it was asked.

    ``behaviour`` may be changed at any time.
    """

    def __init__(self, behaviour: Behaviour, *, port: int = 0) -> None:
        self.asked: list[Asked] = []
        self.behaviour = behaviour
        self._listener = socket.create_server(("127.0.0.1", port), backlog=128)
        self._open: set[socket.socket] = set()
        self.port = int(self._listener.getsockname()[1])
        self.url = f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for sock in list(self._open):
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                sock, _ = self._listener.accept()
                self._open.add(sock)
                threading.Thread(target=self._serve, args=(sock,), daemon=True).start()

    def _serve(self, sock: socket.socket) -> None:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with contextlib.suppress(OSError, ValueError), sock:
            while asked := _read_request(sock):
                self.asked.append(asked)
                self.behaviour(sock, asked)
        self._open.discard(sock)


def say(status: int, body: Any = b"", headers: Mapping[str, str] | None = None) -> Behaviour:
    """A well-behaved answer: bytes and text as they are, anything else as JSON."""
    content, sort = body, "text/plain; charset=utf-8"
    if isinstance(body, str):
        content = body.encode()
    elif not isinstance(body, bytes):
        content, sort = json.dumps(body, ensure_ascii=False).encode(), "application/json"
    lower = {name.lower(): value for name, value in (headers or {}).items() if name.lower() != "transfer-encoding"}
    if content:
        lower.setdefault("content-type", sort)
    lower["content-length"] = str(len(content))
    head = "".join(f"{name}: {value}\r\n" for name, value in lower.items())
    sent = f"HTTP/1.1 {status} Said\r\n{head}\r\n".encode() + content

    def behave(sock: socket.socket, asked: Asked) -> None:
        sock.sendall(sent)

    return behave


def _read_request(sock: socket.socket) -> Asked | None:
    data = b""
    while b"\r\n\r\n" not in data:
        more = sock.recv(65536)
        if not more:
            return None
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    while len(body) < int(headers.get("content-length", 0)):
        more = sock.recv(65536)
        if not more:
            return None
        body += more
    method, target, _ = first.split(" ", 2)
    parts = urlsplit(target)
    params: dict[str, Any] = {}
    for name, value in parse_qsl(parts.query, keep_blank_values=True):
        params[name] = [*listed(params[name]), value] if name in params else value
    return Asked(method, parts.path, params, headers, body, target)


def listed(value: Any) -> list[Any]:
    """The value itself where it is a list, else a list of it."""
    return value if isinstance(value, list) else [value]
