"""Recorded answers of a source, served over real HTTP.

A connector's folder holds ``recordings/*.json``; each is one recording or a list of them::

    {"request": {"method": "GET", "path": "/orders/48-1193", "params": {"expand": "lines"}},
     "response": {"status": 200, "headers": {"ETag": "\\"7\\""}, "body": {"number": "48-1193"}}}

``method`` is GET and ``params`` empty where left out; a parameter that is ``"*"`` may have any value (keys are never
recorded); ``request.body``, where given, must be contained in the JSON that is sent. A ``body`` of the answer that is
text is sent as it is, anything else as JSON. Of several recordings of one request each is given once, in the order of
the file names, and the last again and again.
"""

from __future__ import annotations

import contextlib
import json
import socket
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from connectors.sdk.testing.server import Asked, Server, listed, say


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


def _recordings(path: Path) -> Iterator[dict[str, Any]]:
    found = json.loads(path.read_text(encoding="utf-8"))
    for one in listed(found):
        if not isinstance(one, dict) or "path" not in one.get("request", {}) or "response" not in one:
            raise ValueError(f"{path.name} is not a recording: it needs request.path and response.")
        yield one


def _fits(recorded: Mapping[str, Any], asked: Asked) -> bool:
    if recorded.get("method", "GET").upper() != asked.method or recorded["path"] not in (asked.path, asked.raw_path):
        return False
    params = {name: _text(value) for name, value in recorded.get("params", {}).items()}
    if params.keys() != asked.params.keys() or any(v not in ("*", asked.params[k]) for k, v in params.items()):
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
