"""For tests of connectors: recorded answers over real HTTP, and servers that misbehave on purpose.

A connector's folder holds ``recordings/*.json``; each is one recording or a list of them::

    {"request": {"method": "GET", "path": "/orders/48-1193", "params": {"expand": "lines"}},
     "response": {"status": 200, "headers": {"ETag": "\\"7\\""}, "body": {"number": "48-1193"}}}

``method`` is GET and ``params`` empty where left out; ``request.body``, where given, must be contained in the
JSON that is sent. A ``body`` of the answer that is text is sent as it is, anything else as JSON. Of several
recordings of one request each is given once, in the order of the file names, and the last again and again.
"""

from __future__ import annotations

import contextlib
import gzip
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
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

    @property
    def path(self) -> str:
        return unquote(self.raw_path)


Behaviour = Callable[[socket.socket, Asked], None]
"""Answers one request on a connection; closing it is allowed."""


class Server:
    """A small HTTP server on a free loopback port, for a ``with`` block; ``asked`` is what it was asked."""

    def __init__(self, behaviour: Behaviour) -> None:
        self.asked: list[Asked] = []
        self._behaviour = behaviour
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
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
                self._behaviour(sock, asked)
        self._open.discard(sock)


class ReplayServer(Server):
    """Serves a connector's recordings; a request that none was made of fails the test when the block ends.

    Usage: ``with ReplayServer(folder) as server: Http(server.url, internal=True)``.
    """

    def __init__(self, folder: Path | str) -> None:
        super().__init__(self._replay)
        self.unmatched: list[str] = []
        self._recordings = [one for path in sorted(Path(folder).glob("*.json")) for one in _recordings(path)]
        self._given: set[int] = set()
        self._lock = threading.Lock()
        if not self._recordings:
            raise ValueError(f"There are no recordings (*.json) in {folder}.")

    def __exit__(self, *error: object) -> None:
        super().__exit__(*error)
        if self.unmatched and error[0] is None:
            raise AssertionError("No recording for: " + "; ".join(self.unmatched))

    def _replay(self, sock: socket.socket, asked: Asked) -> None:
        with self._lock:
            fitting = [n for n, one in enumerate(self._recordings) if _fits(one["request"], asked)]
            fresh = [n for n in fitting if n not in self._given]
            chosen = fresh[0] if fresh else fitting[-1] if fitting else None
            if chosen is not None:
                self._given.add(chosen)
        if chosen is None:
            self.unmatched.append(f"{asked.method} {asked.path} {asked.params or ''} {asked.body[:200]!r}")
            return say(501, {"error": "no recording of this request"})(sock, asked)
        response = self._recordings[chosen]["response"]
        return say(response.get("status", 200), response.get("body", ""), response.get("headers"))(sock, asked)


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
        body += sock.recv(65536)
    method, target, _ = first.split(" ", 2)
    parts = urlsplit(target)
    params: dict[str, Any] = {}
    for name, value in parse_qsl(parts.query, keep_blank_values=True):
        params[name] = [*_listed(params[name]), value] if name in params else value
    return Asked(method, parts.path, params, headers, body)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _recordings(path: Path) -> Iterator[dict[str, Any]]:
    found = json.loads(path.read_text(encoding="utf-8"))
    for one in _listed(found):
        if not isinstance(one, dict) or "path" not in one.get("request", {}) or "response" not in one:
            raise ValueError(f"{path.name} is not a recording: it needs request.path and response.")
        yield one


def _fits(recorded: Mapping[str, Any], asked: Asked) -> bool:
    if recorded.get("method", "GET").upper() != asked.method or recorded["path"] not in (asked.path, asked.raw_path):
        return False
    params = {name: _text(value) for name, value in recorded.get("params", {}).items()}
    if params != asked.params:
        return False
    if "body" not in recorded:
        return True
    with contextlib.suppress(ValueError):
        return _contains(json.loads(asked.body), recorded["body"])
    return bool(recorded["body"] == asked.body.decode("utf-8", "replace"))


def _text(value: Any) -> Any:
    return [str(v) for v in value] if isinstance(value, list) else str(value)


def _contains(whole: Any, part: Any) -> bool:
    if isinstance(part, dict) and isinstance(whole, dict):
        return all(key in whole and _contains(whole[key], value) for key, value in part.items())
    return bool(whole == part)
