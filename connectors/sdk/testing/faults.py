"""A live proxy of faults: put it before any source, and switch its troubles on and off while it runs.

    with FaultProxy("http://127.0.0.1:9000") as proxy:      # proxy.url is what the source's base URL becomes
        proxy.put(Fault("latency", seconds=2, share=0.5))

From a shell: ``python -m connectors.sdk.testing.faulty http://127.0.0.1:9000 --fault drip --fault latency:seconds=2``.
"""

from __future__ import annotations

import json
import random
import socket
import struct
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import urllib3

from connectors.sdk.testing.bending import BENDS
from connectors.sdk.testing.server import Asked, Server

FAULTS: Mapping[str, str] = {
    "latency": "answers after this many seconds, give or take `jitter`",
    "stall": "takes the question and says nothing",
    "reset": "breaks the connection off",
    "rate_limit": "429 with Retry-After, this many seconds",
    "rate_limit_date": "429 with Retry-After as a date, this many seconds from now",
    "errors": "5xx: `status`",
    "truncate": "breaks off in the middle of the body",
    "drip": "sends a byte now and then, every `seconds`",
    "content_type": "says that its JSON is HTML",
    "clock_skew": "its clock is wrong by this many seconds",
    "duplicates": "tells every row of a list twice",
    "reorder": "tells the rows of a list in another order",
    "drift": "renames a field of every row",
}
"""Every fault that the proxy knows, and what it does."""
_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "content-encoding", "host", "te", "upgrade"}


@dataclass(frozen=True)
class Fault:
    """One trouble. ``share`` of the requests have it (0 to 1), in bursts of ``burst`` where that is more than 1.

    ``seconds`` is how long or how often (see FAULTS), ``jitter`` in seconds, ``status`` for errors. ``path`` limits it
    to addresses that start so. Raises ValueError, with a sentence, for what can't be meant.
    """

    kind: str
    share: float = 1.0
    seconds: float = 1.0
    jitter: float = 0.0
    status: int = 503
    burst: int = 1
    path: str = ""

    def __post_init__(self) -> None:
        if self.kind not in FAULTS:
            raise ValueError(f"{self.kind!r} is no fault. There are: {', '.join(FAULTS)}.")
        if not 0 <= self.share <= 1:
            raise ValueError("share must be from 0 to 1.")
        if abs(self.seconds) > 366 * 86400 or not 0 <= self.jitter <= 3600 or not 1 <= self.burst <= 1000:
            raise ValueError("seconds, jitter or burst is out of all proportion.")
        if not 500 <= self.status <= 599:
            raise ValueError("status must be from 500 to 599.")


class FaultProxy(Server):
    """A server that hands every request to ``upstream`` and spoils the answers as its faults say.

    ``untouched`` are the starts of paths that no fault ever meets. Chance comes from ``seed``, so that a run can be
    had again. Faults may be put and cleared at any time, from any thread.
    """

    def __init__(self, upstream: str, *, port: int = 0, untouched: Sequence[str] = (), seed: int = 0) -> None:
        super().__init__(self._pass_on, port=port)
        self.upstream = upstream.rstrip("/")
        self._untouched = tuple(untouched)
        self._faults: dict[str, Fault] = {}
        self._bursts: dict[str, int] = {}
        self._chance = random.Random(seed)
        self._lock = threading.Lock()
        self._pool = urllib3.PoolManager(maxsize=32, retries=False)

    def put(self, fault: Fault) -> None:
        """Begin a fault, in place of one of its kind."""
        with self._lock:
            self._faults[fault.kind] = fault
            self._bursts.pop(fault.kind, None)

    def clear(self, kind: str | None = None) -> None:
        """End one kind of fault, or all of them."""
        with self._lock:
            for name in [kind] if kind else list(self._faults):
                self._faults.pop(name, None)

    @property
    def faults(self) -> list[dict[str, Any]]:
        """The faults that are on, as plain data."""
        with self._lock:
            return [asdict(fault) for fault in self._faults.values()]

    def _chosen(self, asked: Asked) -> dict[str, Fault]:
        """The faults that this request meets."""
        if asked.raw_path.startswith(self._untouched) and self._untouched:
            return {}
        with self._lock:
            return {f.kind: f for f in self._faults.values() if asked.path.startswith(f.path) and self._meets(f)}

    def _meets(self, fault: Fault) -> bool:
        left = self._bursts.get(fault.kind, 0)
        if left:
            self._bursts[fault.kind] = left - 1
            return True
        met = self._chance.random() < fault.share / fault.burst
        if met:
            self._bursts[fault.kind] = fault.burst - 1
        return met

    def _pass_on(self, sock: socket.socket, asked: Asked) -> None:
        del self.asked[:-100]  # a proxy may run for days
        met = self._chosen(asked)
        if "latency" in met:
            slow = met["latency"]
            time.sleep(max(0.0, slow.seconds + self._chance.uniform(-slow.jitter, slow.jitter)))
        if "stall" in met:
            sock.recv(1)
        elif "reset" in met:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            sock.close()
        elif refusal := _refusal(met):
            status, headers = refusal
            sock.sendall(_head(status, {**headers, "Content-Type": "text/plain", "Content-Length": "3"}) + b"No.")
        else:
            self._answer(sock, asked, met)

    def _answer(self, sock: socket.socket, asked: Asked, met: Mapping[str, Fault]) -> None:
        status, headers, body = self._ask_upstream(asked)
        for kind, bend in BENDS.items():
            if kind in met:
                headers, body = bend(headers, body, met[kind].seconds)
        if "content_type" in met:
            headers["content-type"] = "text/html; charset=utf-8"
        head = _head(status, {**headers, "Content-Length": str(len(body))})
        if "truncate" in met:
            sock.sendall(head + body[: len(body) // 2])
            sock.close()
        elif "drip" in met:
            sock.sendall(head)
            for n in range(len(body)):
                sock.sendall(body[n : n + 1])
                time.sleep(met["drip"].seconds)
        else:
            sock.sendall(head + body)

    def _ask_upstream(self, asked: Asked) -> tuple[int, dict[str, str], bytes]:
        headers = {name: value for name, value in asked.headers.items() if name not in _HOP - {"content-encoding"}}
        url = self.upstream + asked.target
        try:
            answer = self._pool.request(asked.method, url, body=asked.body or None, headers=headers, redirect=False,
                                        timeout=60, preload_content=True)  # fmt: skip
        except urllib3.exceptions.HTTPError:
            return 502, {"content-type": "text/plain"}, b"What stands behind this proxy does not answer."
        kept = {name.lower(): value for name, value in answer.headers.items() if name.lower() not in _HOP}
        return answer.status, kept, answer.data


def _refusal(met: Mapping[str, Fault]) -> tuple[int, dict[str, str]] | None:
    if "rate_limit" in met:
        return 429, {"Retry-After": str(max(0, round(met["rate_limit"].seconds)))}
    if "rate_limit_date" in met:
        when = datetime.now(UTC) + timedelta(seconds=met["rate_limit_date"].seconds)
        return 429, {"Retry-After": format_datetime(when, usegmt=True)}
    if "errors" in met:
        return met["errors"].status, {}
    return None


def _head(status: int, headers: Mapping[str, str]) -> bytes:
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 {status} Proxied\r\n{lines}\r\n".encode("latin-1", "replace")


def parsed(text: str) -> Fault:
    """``latency:seconds=2,share=0.5`` as a Fault. Raises ValueError with a sentence."""
    kind, _, rest = text.partition(":")
    fault = Fault(kind.strip())
    for part in filter(None, rest.split(",")):
        name, _, value = part.partition("=")
        if name not in ("share", "seconds", "jitter", "status", "burst", "path"):
            raise ValueError(f"{name!r} is nothing that a fault has: share, seconds, jitter, status, burst, path.")
        kept: Any = value if name == "path" else json.loads(value)
        fault = replace(fault, **{name: kept})
    return fault
