"""The demo warehouse: parcels that come back. It knows return numbers and nothing else.

Key in ``X-Api-Key``, offset paging, local times without an offset, some entries with a date only, some
returns with a state and no log at all. Its rows carry no order of versions.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from secrets import compare_digest
from typing import Any
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from workspace.demo.systems.base import Problem, System, body_of, database, serve, utc_now, whole_number
from workspace.demo.systems.control import own_id

ZONE = ZoneInfo("Europe/Helsinki")
SCHEMA = """
CREATE TABLE IF NOT EXISTS returns (rma TEXT PRIMARY KEY, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS changes (seq INTEGER PRIMARY KEY AUTOINCREMENT, rma TEXT NOT NULL);
"""
STATES = ("announced", "in_transit", "received", "inspected")


def return_save(db: sqlite3.Connection, row: dict[str, Any], log: bool = True) -> None:
    """Write one return; ``log`` puts it on the list of changes."""
    db.execute("INSERT OR REPLACE INTO returns VALUES (?, ?)", (row["rma"], json.dumps(row, ensure_ascii=False)))
    if log:
        db.execute("INSERT INTO changes (rma) VALUES (?)", (row["rma"],))


def return_get(db: sqlite3.Connection, rma: str) -> dict[str, Any]:
    row = body_of(db.execute("SELECT body FROM returns WHERE rma = ?", (rma,)).fetchone())
    if row is None:
        raise Problem(404, f"No return {rma[:40]} is known here.")
    return row


# -- the API ----------------------------------------------------------------------------------------


def one(request: Request) -> Response:
    with database(request) as db:
        return JSONResponse(return_get(db, request.path_params["rma"]))


def changes(request: Request) -> Response:
    """Returns changed after change number ``since``, with ``offset`` and ``limit``.

    ``since=now`` gives only the last number."""
    limit = max(1, whole_number(request, "limit", 50, 200))
    offset = whole_number(request, "offset", 0, 10**9)
    with database(request) as db:
        last = db.execute("SELECT coalesce(max(seq), 0) FROM changes").fetchone()[0]
        if request.query_params.get("since", "now") == "now":
            return JSONResponse({"rows": [], "total": 0, "offset": 0, "count": 0, "last": last})
        since = whole_number(request, "since", 0, 10**12)
        if since > last:
            raise Problem(410, "This number is from another life of the warehouse; begin again with since=now.")
        # Every change is listed, a return once for each, so that an offset never slips while rows change.
        total = db.execute("SELECT count(*) FROM changes WHERE seq > ? AND seq <= ?", (since, last)).fetchone()[0]
        page = db.execute(
            "SELECT rma FROM changes WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ? OFFSET ?",
            (since, last, limit, offset),
        ).fetchall()
        rows = [return_get(db, rma) for rma in dict.fromkeys(r["rma"] for r in page)]
    return JSONResponse({"rows": rows, "total": total, "offset": offset, "count": len(page), "last": last})


# -- the control ------------------------------------------------------------------------------------


def _entry(row: dict[str, Any], state: str, command: Mapping[str, Any], **more: Any) -> None:
    at = utc_now().astimezone(ZONE).replace(tzinfo=None)
    when = {"date": at.date().isoformat()} if command.get("day_only") else {"at": at.isoformat()}
    row["log"].append({"state": state, **when, **more})
    row["state"], row["changed"] = state, at.isoformat()


def _return(db: sqlite3.Connection, command: Mapping[str, Any], *states: str) -> dict[str, Any]:
    row = return_get(db, own_id(db, command, "return"))
    if row["state"] not in states:
        raise Problem(409, f"Return {row['rma']} is {row['state']}; this needs {' or '.join(states)}.")
    return row


def _done(db: sqlite3.Connection, row: dict[str, Any]) -> dict[str, Any]:
    return_save(db, row)
    return {"return": row["rma"], "state": row["state"]}


def announce(db: sqlite3.Connection, command: Mapping[str, Any]) -> dict[str, Any]:
    """The warehouse is told to expect a return; ``order`` lets later commands name it by order."""
    ref = str(command.get("ref", ""))
    rma = ref.removeprefix("return:").strip()
    if not rma.startswith("RMA-") or len(rma) > 40:
        raise Problem(422, 'Announce a return number: "ref": "return:RMA-77120".')
    if db.execute("SELECT 1 FROM returns WHERE rma = ?", (rma,)).fetchone():
        raise Problem(409, f"Return {rma} is known already.")
    row: dict[str, Any] = {"rma": rma, "state": "announced", "result": None, "grade": None, "reason": None, "log": []}
    _entry(row, "announced", command)
    if command.get("order"):
        order = "order:" + str(command["order"]).removeprefix("order:")
        db.execute("INSERT OR REPLACE INTO demo_link VALUES (?, ?)", (order, rma))
    return _done(db, row)


def ship(db: sqlite3.Connection, command: Mapping[str, Any]) -> dict[str, Any]:
    row = _return(db, command, "announced")
    _entry(row, "in_transit", command, carrier=str(command.get("carrier", "Posti")))
    return _done(db, row)


def receive(db: sqlite3.Connection, command: Mapping[str, Any]) -> dict[str, Any]:
    row = _return(db, command, "announced", "in_transit")
    _entry(row, "received", command, by="Dock 3")
    return _done(db, row)


def inspect(db: sqlite3.Connection, command: Mapping[str, Any]) -> dict[str, Any]:
    """``result`` is pass (the default) or fail, with a ``reason``."""
    result = command.get("result", "pass")
    if result not in ("pass", "fail"):
        raise Problem(422, "result must be pass or fail.")
    row = _return(db, command, "received")
    reason = str(command.get("reason", "Worn and washed"))[:200] if result == "fail" else None
    row.update(result=result, grade="A" if result == "pass" else "D", reason=reason)
    _entry(row, "inspected", command, by="Inspection 2")
    return _done(db, row)


def about(db: sqlite3.Connection) -> dict[str, Any]:
    """How many returns are in which state, and orders whose return can be received next."""
    rows = db.execute("SELECT json_extract(body, '$.state') AS state, count(*) AS n FROM returns GROUP BY 1 ORDER BY 1")
    going = db.execute(
        "SELECT l.ref FROM demo_link l JOIN returns r ON r.rma = l.own"
        " WHERE json_extract(r.body, '$.state') IN ('announced', 'in_transit')"
        " AND l.ref LIKE 'order:%' AND l.own NOT IN (SELECT value FROM demo_meta) ORDER BY r.rma DESC LIMIT 12"
    )
    return {"returns": {r["state"]: r["n"] for r in rows}, "on_their_way": [r["ref"] for r in going]}


def allowed(request: Request, token: str) -> bool:
    return compare_digest(request.headers.get("x-api-key", "").encode(), token.encode())


SYSTEM = System(
    name="warehouse", title="The warehouse", own="return", schema=SCHEMA, allowed=allowed, about=about,
    routes=[Route("/v2/returns/{rma}", one), Route("/v2/changes", changes)],
    verbs={"announce": announce, "ship": ship, "receive": receive, "inspect": inspect},
)  # fmt: skip

if __name__ == "__main__":
    serve(SYSTEM)
