"""The control of a demo system: ``POST /control`` plays its staff, ``GET /control`` says what can be done."""

from __future__ import annotations

import html
import json
import sqlite3
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from workspace.demo.systems.base import Faults, Problem, System, database, transaction, utc_now

FAULT_VERBS = ("down", "up", "delay", "rate_limit")
HOMES = {
    "shop": "announce cancel deliver lose", "warehouse": "ship receive inspect", "policy": "edit_policy",
    "finance": "approve submit pay fail withdraw credit dispute",
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
        return JSONResponse({"system": system.name, "did": do, **set_fault(system.faults, str(do), order)})
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


def set_fault(faults: Faults, do: str, order: Mapping[str, Any]) -> dict[str, Any]:
    """Begin or end a fault. ``seconds``: how long each answer is held (delay), or 429 is given (rate_limit)."""
    seconds = order.get("seconds", 5 if do == "delay" else 30)
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 <= seconds <= 3600:
        raise Problem(422, "seconds must be a number from 0 to 3600.")
    if do == "down":
        faults.down = True
    elif do == "up":
        faults.down, faults.delay_s, faults.limited_until = False, 0.0, None
    elif do == "delay":
        faults.delay_s = float(seconds)
    else:
        faults.limited_until = utc_now() + timedelta(seconds=seconds)
    return {"down": faults.down, "delay_s": faults.delay_s, "rate_limited_s": faults.limited_for()}


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
        return JSONResponse({**told, **about})
    return HTMLResponse(PAGE.format(
        title=html.escape(system.title), own=system.own,
        options="".join(f"<option>{v}</option>" for v in [*system.verbs, *FAULT_VERBS]),
        about=html.escape(json.dumps(about, indent=1)),
    ))  # fmt: skip


PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>
<style>body{{font:16px/1.5 system-ui;max-width:42rem;margin:2rem auto;padding:0 1rem}}
label{{display:block;margin:.6rem 0}}
input,select,button{{font:inherit;padding:.3rem .5rem}}pre{{background:#f2f2ef;padding:.8rem;overflow:auto}}</style>
<h1>{title}</h1><p>This page plays the staff of the system. What it changes, the workspace learns by itself.</p>
<form id="f"><label>Do <select name="do">{options}</select></label>
<label>Reference <input name="ref" placeholder="{own}:… or order:…"></label><button>Do it</button></form>
<pre id="said" role="status"></pre><h2>Here now</h2><pre>{about}</pre>
<script>f.onsubmit=async e=>{{e.preventDefault();
const r=await fetch('/control',{{method:'POST',body:JSON.stringify(Object.fromEntries(new FormData(f)))}});
said.textContent=await r.text()}}</script></html>"""
