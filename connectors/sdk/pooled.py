"""The transport that is used: HTTP/1.1 over connections that are kept open, to checked addresses alone."""

from __future__ import annotations

import threading
import time
from urllib.parse import urlsplit

from connectors.sdk.calls import Call
from connectors.sdk.exchange import Reply, Request, Trouble
from connectors.sdk.places import origin
from connectors.sdk.replies import Incoming
from connectors.sdk.wire import Wire, connect

_CHUNK = 65536
KEEP_S = 60.0
"""A connection that was idle for longer is not trusted to be alive."""


class PooledTransport:
    """Keeps up to ``size`` connections open. Retries, redirects, cookies and proxies are nobody's here."""

    def __init__(self, internal: bool, size: int) -> None:
        self._internal, self._size = internal, size
        self._idle: list[tuple[tuple[str, str, int], float, Wire]] = []
        self._lock = threading.Lock()

    def send(self, request: Request, within: Call, max_bytes: int) -> Reply:
        place = origin(urlsplit(request.url))
        wire = self._kept(place, within) or connect(*place, self._internal, within)
        incoming = Incoming(max_bytes)
        try:
            wire.sock.sendall(_on_the_wire(request, place))
            while not incoming.done:
                data = wire.sock.recv(_CHUNK)
                incoming.feed(data) if data else incoming.end()
        except (OSError, ValueError) as error:
            raise Trouble("lost", f"{type(error).__name__}: {error}") from None
        finally:
            within.uses(None)  # from here on nobody may cut what another call may already use
            if not incoming.keeps or within.expired or not self._keep(place, wire):
                wire.close()
        return incoming.reply()

    def close(self) -> None:
        with self._lock:
            idle, self._idle = self._idle, []
        for _, _, wire in idle:
            wire.close()

    def _kept(self, place: tuple[str, str, int], within: Call) -> Wire | None:
        """A connection that waits for use and is still open, the last used first."""
        while True:
            with self._lock:
                if not self._idle:
                    return None
                found, since, wire = self._idle.pop()
            if found == place and time.monotonic() - since < KEEP_S and not wire.readable():
                within.uses(wire.cutter)
                return wire
            wire.close()

    def _keep(self, place: tuple[str, str, int], wire: Wire) -> bool:
        with self._lock:
            if len(self._idle) >= self._size:
                return False
            self._idle.append((place, time.monotonic(), wire))
            return True


def _on_the_wire(request: Request, place: tuple[str, str, int]) -> bytes:
    scheme, host, port = place
    name = f"[{host}]" if ":" in host else host
    usual = port == {"http": 80, "https": 443}[scheme]
    lines = [f"{request.method} {request.target} HTTP/1.1", f"Host: {name if usual else f'{name}:{port}'}"]
    lines += [f"{name}: {value}" for name, value in request.headers.items()]
    if request.body or request.method != "GET":
        lines.append(f"Content-Length: {len(request.body)}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + request.body
