"""A small made-up system to practise on: *Nordic Lockers* knows where parcels are. Run it, and connect it.

``python -m connectors.sdk.testing.practice`` serves it on loopback until Ctrl-C. It is as real systems are: it wants a
key, tells its times without a zone, pages its lists, and has words of its own.
"""

from __future__ import annotations

import argparse
import socket
import threading
from typing import Any

from connectors.sdk.testing.server import Asked, Server, say

KEY = "practice-key"
PARCELS: list[dict[str, Any]] = [
    {"tracking": "NL-5510", "order": "48-1193", "state": "SENT", "changed": "2026-11-12 09:05:00", "locker": None},
    {"tracking": "NL-5511", "order": "48-1193", "state": "DELIVERED", "changed": "2026-11-14 16:20:00", "locker": "K3"},
    {"tracking": "NL-5512", "order": "48/1201", "state": "LOST", "changed": "2026-11-15 08:00:00", "locker": None},
    {"tracking": "NL-5513", "order": "48-1202", "state": "DELIVERED", "changed": "2026-11-16 12:45:00", "locker": "T1"},
]  # fmt: skip
PAGE = 2


def practice(port: int = 0) -> Server:
    """The system, as a server for a ``with`` block."""
    return Server(_answer, port=port)


def _answer(sock: socket.socket, asked: Asked) -> None:
    say(*_said(asked))(sock, asked)


def _said(asked: Asked) -> tuple[int, Any]:
    if asked.headers.get("authorization") != f"Bearer {KEY}":
        return 401, {"message": "Who are you?"}
    if asked.path == "/v2/ping":
        return 200, {"pong": True}
    if asked.path != "/v2/parcels":
        return 404, {"message": "There is nothing here."}
    fitting = [p for p in PARCELS if asked.params.get("order") in (None, p["order"])]
    start = int(asked.params.get("from", "0")) if str(asked.params.get("from", "0")).isdigit() else 0
    more = start + PAGE < len(fitting)
    return 200, {"parcels": fitting[start : start + PAGE], "next": start + PAGE if more else None}


def main() -> None:
    parser = argparse.ArgumentParser(description="A small made-up system to practise on.")
    parser.add_argument("--port", type=int, default=0)
    port = parser.parse_args().port
    try:
        system = practice(port)
    except OSError as error:
        why = str(error.strerror).lower()
        parser.error(f"port {port} can't be had: {why}. Give another, and use it in --base-url too.")
    with system as server:
        print(f"Nordic Lockers answers at {server.url}/v2 and takes the key {KEY}. Ctrl-C ends it.", flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
