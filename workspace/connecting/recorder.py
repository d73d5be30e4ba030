"""Recording what a source really answers: exchanges are kept as they pass, masked, and written as a replay reads them.

No request header is ever kept, and of the answer's only those that steer a client. What is written is searched for
every secret that this process knows; where one is found, nothing is written.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from connectors.sdk.calls import Call
from connectors.sdk.exchange import Reply, Request, Transport
from connectors.sdk.pooled import PooledTransport
from connectors.sdk.secrets import mask
from workspace.connecting.standins import StandIns

KEPT = ("content-type", "link", "etag", "retry-after")
MADE_UP = "x-made-up"
"""Marks a recording that no source ever gave, with the ref that it answers: real ones take its place."""
ANY = "*"
"""Stands in a recorded parameter for whatever value is sent there."""


class LeaksSecret(Exception):
    """A secret was about to be written; the sentence says where. Nothing was written."""


@dataclass
class RecordingTransport:
    """Passes everything on, and keeps it. Threads share it, as they do any transport."""

    internal: bool
    kept: list[tuple[Request, Reply]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._under: Transport = PooledTransport(self.internal, 4)

    def send(self, request: Request, within: Call, max_bytes: int) -> Reply:
        reply = self._under.send(request, within, max_bytes)
        self.kept.append((request, reply))
        return reply

    def close(self) -> None:
        self._under.close()


def recordings_made(
    kept: Sequence[tuple[Request, Reply]], base_url: str, secret_params: Sequence[str] = ()
) -> list[dict[str, Any]]:
    """Exchanges as recordings, each request once, with addresses below ``base_url``; not yet masked."""
    made: dict[str, dict[str, Any]] = {}
    for request, reply in kept:
        one = {"request": _request(request, base_url, secret_params), "response": _response(reply, base_url)}
        made.setdefault(json.dumps(one["request"], sort_keys=True), one)
    return list(made.values())


def recordings_known(folder: Path) -> set[str]:
    """The requests that the recordings of a folder answer already."""
    made_up = recordings_made_up(folder)
    return {_mark(one["request"]) for path in folder.glob("*.json") if path not in made_up for one in _read(path)}


def recordings_made_up(folder: Path) -> dict[Path, list[str]]:
    """The files that hold nothing but what was made up, with the refs that they answer."""
    found = {}
    for path in sorted(folder.glob("*.json")):
        marks = [one["response"].get("headers", {}).get(MADE_UP, "") for one in _read(path)]
        if marks and all(marks):
            found[path] = [mark for mark in marks if ":" in mark]
    return found


def recordings_write(
    folder: Path, name: str, made: Sequence[Mapping[str, Any]], standins: StandIns, secrets: Sequence[str] = ()
) -> tuple[Path | None, int]:
    """Mask and write what is not recorded yet, to a new file. Gives its path, None where there was nothing new, and how
    many were written. Raises LeaksSecret."""
    masked = standins.masked(list(made))
    known = recordings_known(folder)
    fresh = [one for one in masked if _mark(one["request"]) not in known]
    if not fresh:
        return None, 0
    text = json.dumps(fresh, indent=1, ensure_ascii=False) + "\n"
    if mask(text, secrets) != text:
        raise LeaksSecret("A secret of these settings stands in what the source sent, so nothing was written.")
    folder.mkdir(parents=True, exist_ok=True)
    number = 1 + max((int(p.name[:2]) for p in folder.glob("[0-9][0-9]-*.json")), default=0)
    path = folder / f"{number:02}-{_slug(name)}.json"
    with path.open("x", encoding="utf-8") as file:  # never over another
        file.write(text)
    return path, len(fresh)


def _read(path: Path) -> list[dict[str, Any]]:
    return _listed(json.loads(path.read_text(encoding="utf-8")))


def _mark(request: Mapping[str, Any]) -> str:
    given = request.get("params", {})
    params = {name: value if isinstance(value, list) else str(value) for name, value in given.items()}
    return json.dumps([request.get("method", "GET"), request["path"], params, request.get("body")], sort_keys=True)


def _request(request: Request, base_url: str, secret_params: Sequence[str]) -> dict[str, Any]:
    parts, below = urlsplit(request.url), urlsplit(base_url).path.rstrip("/")
    path = unquote(parts.path.removeprefix(below)) or "/"
    params: dict[str, Any] = {}
    for name, value in parse_qsl(parts.query, keep_blank_values=True):
        said = ANY if name in secret_params or mask(value) != value else value
        params[name] = [*_listed(params[name]), said] if name in params else said
    found: dict[str, Any] = {"method": request.method, "path": path}
    if params:
        found["params"] = params
    if request.body and "json" in str(request.headers.get("Content-Type", "")):
        found["body"] = json.loads(request.body)
    return found


def _response(reply: Reply, base_url: str) -> dict[str, Any]:
    headers = {name: value for name, value in reply.headers.items() if name in KEPT}
    found: dict[str, Any] = {"status": reply.status}
    if "link" in headers:
        headers["link"] = _below(headers["link"], base_url)
    text = reply.body.decode("utf-8", "replace")
    try:
        body = json.loads(text)
    except ValueError:
        body = text
    if not isinstance(body, dict | list):
        body = text  # as it was sent: a text is replayed without being written as JSON
    found["headers"] = headers
    found["body"] = _everywhere(body, base_url)
    return found


def _everywhere(value: Any, base_url: str) -> Any:
    if isinstance(value, str):
        return _below(value, base_url)
    if isinstance(value, dict):
        return {key: _everywhere(inner, base_url) for key, inner in value.items()}
    return [_everywhere(inner, base_url) for inner in value] if isinstance(value, list) else value


def _below(text: str, base_url: str) -> str:
    """Addresses of the source as paths below its base URL, so that they lead to wherever it is replayed."""
    base = base_url.rstrip("/")
    text = re.sub(re.escape(base) + r"(?=[/?])", "", text)
    below = urlsplit(base).path
    if below and text.startswith(below + "/"):
        return text.removeprefix(below)
    return text


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:60] or "answers"
