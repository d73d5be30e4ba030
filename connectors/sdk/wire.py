"""Connections that go only where they may: the host is resolved once, checked, and connected to as resolved.

Two look-ups would be a hole (the second could answer with another address), so the checked address is the
connected one, while TLS and the Host header keep the name. Whatever can't be checked is refused.
"""

from __future__ import annotations

import functools
import ipaddress
import os
import select
import socket
import ssl
import threading
from typing import Any

import certifi

from connectors.sdk.calls import Call, Cutter
from connectors.sdk.errors import BadSettings
from connectors.sdk.exchange import Trouble

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
        "fec0::/10",
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
    if _is_address(host):
        return [host]
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


def _is_address(host: str) -> bool:
    try:
        return bool(ipaddress.ip_address(host))
    except ValueError:
        return False


def checked(host: str, addresses: list[str], internal: bool) -> list[str]:
    """``addresses``, or BadSettings where one of them is not public and the source is not internal."""
    if not internal and not all(is_public(address) for address in addresses):
        raise BadSettings(
            f"{host} is an address inside a private network. Mark the source as internal if that is meant.",
            f"{host} resolved to {', '.join(addresses)}",
        )
    return addresses


class Wire:
    """One open connection, with a second handle by which it can be cut from elsewhere."""

    def __init__(self, sock: socket.socket, cutter: Cutter) -> None:
        self.sock, self.cutter = sock, cutter
        self._poll = select.poll()
        self._poll.register(sock, select.POLLIN)

    def readable(self) -> bool:
        """True where it has something to say while it waits: that it is closed, or what nobody asked for."""
        return bool(self._poll.poll(0))

    def close(self) -> None:
        self.sock.close()


def connect(scheme: str, host: str, port: int, internal: bool, within: Call) -> Wire:
    """A connection to where ``host`` was found to be; with TLS for ``https``. Raises Trouble or BadSettings."""
    try:
        addresses = resolve(host, port, min(within.left_s, RESOLVE_S))
    except OSError as error:
        raise Trouble("lost", f"{host} could not be looked up: {error}") from None
    sock = _connected(checked(host, addresses, internal), port, within)
    wire = Wire(sock, Cutter(sock))
    within.uses(wire.cutter)
    try:
        if within.expired:  # the watchdog may have come before there was anything to cut
            raise TimeoutError("no time left")
        if scheme == "https":
            wire.sock = _tls().wrap_socket(sock, server_hostname=host.rstrip("."))
        # From here on the watchdog alone keeps time: a timeout of its own costs each read and write a system call.
        wire.sock.settimeout(None)
    except ssl.SSLCertVerificationError as error:
        sock.close()
        raise Trouble("untrusted", str(error)) from None
    except OSError as error:
        sock.close()
        raise Trouble("lost", f"{type(error).__name__}: {error}") from None
    return wire


def _connected(addresses: list[str], port: int, within: Call) -> socket.socket:
    trouble = "no time left"
    for address in addresses:
        if within.left_s <= 0:
            break
        try:
            sock = socket.create_connection((address, port), within.left_s)
        except (OSError, OverflowError) as error:
            trouble = f"{type(error).__name__}: {error}"
        else:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return sock
    raise Trouble("lost", f"connecting failed: {trouble}")


def _tls() -> ssl.SSLContext:
    # A company's own authorities are told of in the variable that Python itself reads.
    return _trusting(os.environ.get("SSL_CERT_FILE") or certifi.where())


@functools.lru_cache(maxsize=4)
def _trusting(authorities: str) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=authorities)
