"""What the four demo systems share: storage, faults, and serving."""

from __future__ import annotations

import argparse
import json
import socket
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anyio
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

if TYPE_CHECKING:
    from connectors.sdk.testing import FaultProxy

Verb = Callable[[sqlite3.Connection, Mapping[str, Any]], dict[str, Any]]

COMMON_SCHEMA = """
CREATE TABLE IF NOT EXISTS demo_link (ref TEXT PRIMARY KEY, own TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS demo_meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""
"""``demo_link`` lets the control call name a thing by another system's reference. The API never reads it."""


class Problem(Exception):
    """Something the caller can put right: an HTTP status and one sentence."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence


@dataclass
class Faults:
    """How the system misbehaves at the moment; ``up`` ends all of it."""

    down: bool = False
    delay_s: float = 0.0
    limited_until: datetime | None = None

    def limited_for(self) -> int:
        """Seconds for which calls are still refused with 429, 0 where they are not."""
        if not self.limited_until:
            return 0
        return max(0, round((self.limited_until - datetime.now(UTC)).total_seconds()))


@dataclass
class System:
    """One demo system: what it stores, serves, and does on command.

    ``allowed(request, token)`` says whether a call carries the right key; ``own`` is the ref scheme of
    its own ids; ``verbs`` are its control commands; ``about`` adds to what ``GET /control`` tells.
    """

    name: str
    title: str
    own: str
    schema: str
    routes: Sequence[Route]
    allowed: Callable[[Request, str], bool]
    verbs: Mapping[str, Verb]
    about: Callable[[sqlite3.Connection], dict[str, Any]] = lambda db: {}
    faults: Faults = field(default_factory=Faults)
    proxy: FaultProxy | None = None
    """What stands before it while it is served, and spoils its answers on command."""


def utc_now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def open_db(path: Path | str, schema: str) -> sqlite3.Connection:
    """A connection to one system's own file, with its tables made."""
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    db = sqlite3.connect(path, timeout=10, isolation_level=None, check_same_thread=False)
    db.row_factory = sqlite3.Row
    db.execute("PRAGMA journal_mode=WAL")
    db.executescript(COMMON_SCHEMA + schema)
    return db


@contextmanager
def database(request: Request) -> Iterator[sqlite3.Connection]:
    """One connection for one call; a system is small enough to open its file each time."""
    db = sqlite3.connect(request.app.state.db_path, timeout=10, isolation_level=None)
    db.row_factory = sqlite3.Row
    try:
        yield db
    finally:
        db.close()


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")


def body_of(row: sqlite3.Row | None) -> dict[str, Any] | None:
    return json.loads(row["body"]) if row else None


def whole_number(request: Request, name: str, default: int, top: int) -> int:
    """A query parameter that must be a whole number; 400 says so."""
    text = request.query_params.get(name, str(default))
    if not text.isascii() or not text.isdigit() or len(text) > 12:
        raise Problem(400, f"{name} must be a whole number.")
    return min(int(text), top)


def page_of(params: Mapping[str, Any], faults: Faults) -> tuple[int, dict[str, str]] | None:
    """The answer of a system in trouble: status and headers; None where it is well."""
    if faults.down:
        return 503, {}
    wait = faults.limited_for()
    return (429, {"Retry-After": str(wait)}) if wait else None


class Trouble:
    """Applies faults and keys to everything but /health and /control."""

    def __init__(self, app: ASGIApp, system: System, token: str) -> None:
        self.app, self.system, self.token = app, system, token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in ("/health", "/control"):
            await self.app(scope, receive, send)
            return
        response = await self.refusal(Request(scope))
        await (response or self.app)(scope, receive, send)

    async def refusal(self, request: Request) -> Response | None:
        faults = self.system.faults
        if faults.delay_s:
            await anyio.sleep(faults.delay_s)
        trouble = page_of(request.query_params, faults)
        if trouble:
            status, headers = trouble
            words = "Too many calls; try again later." if status == 429 else "Closed for maintenance."
            return JSONResponse({"error": words}, status, headers)
        if not self.system.allowed(request, self.token):
            return JSONResponse({"error": "No valid key was sent with this call."}, 401)
        return None


async def _problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)
    return JSONResponse({"error": error.sentence}, error.status)


async def _health(request: Request) -> Response:
    return JSONResponse({"system": request.app.state.system.name, "ok": True})


def build(system: System, db_path: Path | str, token: str) -> ASGIApp:
    """The system as an ASGI application over one SQLite file."""
    from workspace.demo.systems.control import routes

    open_db(db_path, system.schema).close()
    app = Starlette(
        routes=[Route("/health", _health), *routes(), *system.routes],
        exception_handlers={Problem: _problem},
    )
    app.state.system, app.state.db_path = system, str(db_path)
    return Trouble(app, system, token)


def serve(system: System, argv: Sequence[str] | None = None) -> None:
    """Run one system on loopback until it is told to stop."""
    parser = argparse.ArgumentParser(prog=f"workspace.demo.systems.{system.name}", description=system.title)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--db", type=Path, required=True, help="SQLite file; made where there is none")
    parser.add_argument("--token-file", type=Path, required=True, help="holds the key that callers must send")
    args = parser.parse_args(argv)
    from connectors.sdk.testing import FaultProxy  # only where it is served: a system needs nothing of the product

    app = build(system, args.db, args.token_file.read_text().strip())
    behind = socket.create_server(("127.0.0.1", 0))
    upstream = f"http://127.0.0.1:{behind.getsockname()[1]}"
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=2))
    with FaultProxy(upstream, port=args.port, untouched=["/health", "/control"]) as system.proxy:
        server.run(sockets=[behind])
