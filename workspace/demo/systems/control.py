"""The control of a demo system: ``POST /control`` plays its staff, ``GET /control`` says what can be done."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from workspace.demo.systems.base import Problem, System, database, transaction, utc_now
from workspace.demo.systems.control_page import page_of

FAULT_VERBS = ("down", "up", "delay", "rate_limit", "fault", "mend")
HOMES = {
    "shop": "send deliver trouble lose cancel announce call_off", "warehouse": "ship receive inspect",
    "policy": "edit_policy", "finance": "approve submit pay fail withdraw credit dispute",
}  # fmt: skip
"""Whose work each command is, for the sentence that sends a caller to the right door."""
MAX_BODY = 64_000


def routes() -> list[Route]:
    return [Route("/control", show, methods=["GET"]), Route("/control", command, methods=["POST"])]


async def command(request: Request) -> Response:
    """Carry out one command; 400, 404, 409 or 422 with a sentence where it can't be done."""
    return await run_in_threadpool(_carry_out, request, await request.body())


def _carry_out(request: Request, raw: bytes) -> Response:
    system: System = request.app.state.system
    order = _parsed(raw)
    do = order.get("do")
    if do in FAULT_VERBS:
        return JSONResponse({"system": system.name, "did": do, **set_fault(system, str(do), order)})
    verb = system.verbs.get(do) if isinstance(do, str) else None
    if verb is None:
        raise Problem(422, _unknown_verb(system, do))
    with database(request) as db, transaction(db):
        done = verb(db, order)
    return JSONResponse({"system": system.name, "did": do, **done})


def _parsed(raw: bytes) -> dict[str, Any]:
    if len(raw) > MAX_BODY:
        raise Problem(413, "A command is small; this one is too large.")
    try:
        order = json.loads(raw)
    except ValueError:
        raise Problem(400, 'Send one JSON object, e.g. {"do": "down"}.') from None
    if not isinstance(order, dict):
        raise Problem(400, 'Send one JSON object, e.g. {"do": "down"}.')
    return order


def _unknown_verb(system: System, do: object) -> str:
    home = next((name for name, verbs in HOMES.items() if do in verbs.split() and name != system.name), None)
    hint = f" That is the {home}'s work." if home else ""
    return f"{system.title} doesn't know {str(do)[:40]!r}.{hint} It knows: {', '.join([*system.verbs, *FAULT_VERBS])}."


def set_fault(system: System, do: str, order: Mapping[str, Any]) -> dict[str, Any]:
    """Begin or end a fault. ``seconds``: how long each answer is held (delay), or 429 is given (rate_limit).

    ``fault`` begins one of those of the proxy before the system (``kind``, ``share``, ``seconds`` …), ``mend`` ends
    them, ``up`` ends everything.
    """
    faults = system.faults
    if do in ("fault", "mend"):
        return _spoil(system, do, order)
    seconds = order.get("seconds", 5 if do == "delay" else 30)
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 <= seconds <= 3600:
        raise Problem(422, "seconds must be a number from 0 to 3600.")
    if do == "down":
        faults.down = True
    elif do == "up":
        faults.down, faults.delay_s, faults.limited_until = False, 0.0, None
        if system.proxy:
            system.proxy.clear()
    elif do == "delay":
        faults.delay_s = float(seconds)
    else:
        faults.limited_until = utc_now() + timedelta(seconds=seconds)
    return in_force(system)


def _spoil(system: System, do: str, order: Mapping[str, Any]) -> dict[str, Any]:
    from connectors.sdk.testing import Fault

    if system.proxy is None:
        raise Problem(409, "No proxy stands before this system: it was not started by the demo.")
    if do == "mend":
        system.proxy.clear(str(order["kind"]) if order.get("kind") else None)
        return in_force(system)
    known = {"kind": str, "share": float, "seconds": float, "jitter": float, "status": int, "burst": int, "path": str}
    try:
        given = {name: read(order[name]) for name, read in known.items() if order.get(name) not in (None, "")}
        system.proxy.put(Fault(**{"kind": "", **given}))
    except (TypeError, ValueError) as error:
        raise Problem(422, str(error)) from None
    return in_force(system)


def in_force(system: System) -> dict[str, Any]:
    """How the system misbehaves now."""
    faults, proxy = system.faults, system.proxy
    told = {"down": faults.down, "delay_s": faults.delay_s, "rate_limited_s": faults.limited_for()}
    return {**told, "faults": proxy.faults if proxy else []}


def own_id(db: sqlite3.Connection, order: Mapping[str, Any], own: str) -> str:
    """The system's own id of what ``ref`` names: in its own scheme, bare, or through the link table."""
    ref = order.get("ref")
    if not isinstance(ref, str) or not ref.strip():
        raise Problem(422, f'Name what it is about: "ref": "{own}:…" or "order:…".')
    scheme, _, value = ref.strip().rpartition(":")
    if scheme in ("", own):
        return value
    row = db.execute("SELECT own FROM demo_link WHERE ref = ?", (ref.strip(),)).fetchone()
    if row is None:
        raise Problem(404, f"Nothing here belongs to {ref[:80]}. Use {own}:… or a reference of a seeded order.")
    return str(row["own"])


def show(request: Request) -> Response:
    """What can be done here, as a page for people or as JSON for programs."""
    system: System = request.app.state.system
    with database(request) as db:
        about = system.about(db)
    if "text/html" not in request.headers.get("accept", ""):
        verbs = [*system.verbs, *FAULT_VERBS]
        told = {"system": system.name, "title": system.title, "ref": f"{system.own}:…", "verbs": verbs}
        return JSONResponse({**told, "in_force": in_force(system), **about})
    return HTMLResponse(page_of(system, about, in_force(system)))
