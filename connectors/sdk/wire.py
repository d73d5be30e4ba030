"""Connections that go only where they may: the host is resolved once, checked, and connected to as resolved.

Two look-ups would be a hole (the second could answer with another address), so the checked address is the
connected one, while TLS and the Host header keep the name. Whatever can't be checked is refused.
"""

from __future__ import annotations

import http.client
import ipaddress
import os
import socket
import threading
from typing import Any

import requests.adapters
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError
from urllib3.util.connection import create_connection

from connectors.sdk.calls import Cutter, current_call
from connectors.sdk.errors import BadSettings

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_INSIDE = [
    ipaddress.ip_network(net)
    for net in (
        "192.0.0.0/24",
        "198.18.0.0/15",
        "168.63.129.16/32",
        "::/96",
        "64:ff9b:1::/48",
        "2001::/23",
        "2002::/16",
    )  # fmt: skip
]
"""Not the public internet, whatever the standard library's version says: protocol assignments, benchmarks,
an address answered by a cloud's own machinery, and tunnels that wrap an IPv4 address nobody checked."""

RESOLVE_S = 5.0


def is_public(address: str) -> bool:
    """True where an address belongs to the public internet, also when an IPv4 one is wrapped in IPv6."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped
        if ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner:
            return is_public(str(inner))
    outside = ip.is_global and not ip.is_multicast and not ip.is_reserved
    return outside and not any(ip in net for net in _INSIDE)


def resolve(host: str, port: int, limit_s: float) -> list[str]:
    """The addresses of ``host``, looked up once. Raises OSError, TimeoutError included."""
    answer: list[Any] = []

    def look_up() -> None:
        try:
            answer.append(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            answer.append(error)

    # A resolver can't be interrupted, so it is left behind when it takes too long.
    thread = threading.Thread(target=look_up, name="resolve", daemon=True)
    thread.start()
    thread.join(limit_s)
    if not answer:
        raise TimeoutError(f"looking up {host} took too long")
    if isinstance(answer[0], Exception):
        raise answer[0] if isinstance(answer[0], OSError) else socket.gaierror(str(answer[0]))
    return list(dict.fromkeys(str(found[4][0]) for found in answer[0]))


def checked(host: str, addresses: list[str], internal: bool) -> list[str]:
    """``addresses``, or BadSettings where one of them is not public and the source is not internal."""
    if not internal and not all(is_public(address) for address in addresses):
        raise BadSettings(
            f"{host} is an address inside a private network. Mark the source as internal if that is meant.",
            f"{host} resolved to {', '.join(addresses)}",
        )
    return addresses


class _WholeHeaders(http.client.HTTPResponse):
    """A response whose headers came to their end.

    The standard library takes a connection that closes inside the headers for an answer with fewer of them:
    status 200 and an empty body, or a 404 that nobody meant.
    """

    def begin(self) -> None:
        whole, watcher = self.fp, _LastLine(self.fp)
        self.fp = watcher  # type: ignore[assignment]
        try:
            super().begin()
        finally:
            if self.fp is not None:
                self.fp = whole
        if not watcher.line.strip(b"\r\n") and watcher.line:
            return
        raise http.client.HTTPException("the connection closed inside the headers")


class _LastLine:
    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self.line = b""

    def readline(self, limit: int = -1) -> bytes:
        self.line = self._stream.readline(limit)
        return self.line

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


class _Pinned:
    """What both kinds of connection share: the checked address, and telling the call which socket it uses."""

    internal = False
    response_class = _WholeHeaders
    _cutter: Cutter | None = None

    def _new_conn(self) -> socket.socket:
        this: Any = self
        call = current_call()
        left = call.left_s if call else RESOLVE_S
        try:
            addresses = resolve(this._dns_host, this.port, min(left, RESOLVE_S))
        except TimeoutError as error:
            raise ConnectTimeoutError(this, str(error)) from None
        except OSError as error:
            raise NameResolutionError(this.host, this, socket.gaierror(str(error))) from None
        sock = self._connect_to(checked(this.host, addresses, self.internal))
        self._cutter = Cutter(sock)
        if call:
            call.uses(self._cutter)
            if call.expired:  # the watchdog may have come before there was anything to cut
                sock.close()
                raise ConnectTimeoutError(this, "no time left")
        return sock

    def _connect_to(self, addresses: list[str]) -> socket.socket:
        this: Any = self
        trouble: OSError | None = None
        for address in addresses:
            call = current_call()
            left = call.left_s if call else this.timeout
            if not left:
                break
            try:
                return create_connection((address, this.port), left, socket_options=this.socket_options)
            except OSError as error:
                trouble = error
        if trouble is None or isinstance(trouble, TimeoutError):
            raise ConnectTimeoutError(this, f"connecting to {this.host} took too long")
        raise NewConnectionError(this, str(trouble))

    def request(self, *args: Any, **kwargs: Any) -> None:
        if call := current_call():
            call.uses(self._cutter)  # a connection kept open from an earlier call
        super().request(*args, **kwargs)  # type: ignore[misc]

    def close(self) -> None:
        self._cutter = None
        super().close()  # type: ignore[misc]


class _Http(_Pinned, HTTPConnection):  # type: ignore[misc]
    pass


class _Https(_Pinned, HTTPSConnection):  # type: ignore[misc]
    pass


class Adapter(requests.adapters.HTTPAdapter):
    """The pool of connections of one source. Retries, redirects, cookies and proxies are nobody's here."""

    def __init__(self, internal: bool, pool_size: int) -> None:
        # A company's own authorities are told of in the variable that Python itself reads.
        self.trust: str | bool = os.environ.get("SSL_CERT_FILE") or True
        super().__init__(pool_connections=1, pool_maxsize=pool_size, max_retries=0)
        marks = {"internal": internal}
        plain = type("_HttpHere", (_Http,), marks)
        tls = type("_HttpsHere", (_Https,), marks)
        self.poolmanager.pool_classes_by_scheme = {
            "http": type("_PoolHere", (HTTPConnectionPool,), {"ConnectionCls": plain}),
            "https": type("_TlsPoolHere", (HTTPSConnectionPool,), {"ConnectionCls": tls}),
        }
