"""The demo shop: orders, customers, parcels and return registrations.

It knows order numbers, e-mails and its own customer ids; of returns only their numbers, of payments only
their ids. Bearer key, cursor paging, UTC times, and every order carries a revision.
"""

from __future__ import annotations

import json
import sqlite3
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Iterable, Mapping
from secrets import compare_digest
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from workspace.demo.systems.base import Problem, System, body_of, database, serve, utc_now, whole_number
from workspace.demo.systems.control import own_id

SCHEMA = """
CREATE TABLE IF NOT EXISTS customers (id TEXT PRIMARY KEY, email TEXT NOT NULL, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS orders (number TEXT PRIMARY KEY, customer TEXT NOT NULL, email TEXT NOT NULL,
  body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS belongs (kind TEXT, id TEXT, number TEXT NOT NULL, PRIMARY KEY (kind, id));
CREATE TABLE IF NOT EXISTS changes (seq INTEGER PRIMARY KEY AUTOINCREMENT, number TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS orders_email ON orders (email);
CREATE INDEX IF NOT EXISTS orders_customer ON orders (customer);
"""
FILTERS = {
    "email": "email = ?", "customer": "customer = ?",
    "return": "number IN (SELECT number FROM belongs WHERE kind = 'return' AND id = ?)",
    "payment": "number IN (SELECT number FROM belongs WHERE kind = 'payment' AND id = ?)",
}  # fmt: skip


def order_save(db: sqlite3.Connection, order: dict[str, Any], log: bool = True) -> None:
    """Write one order; ``log`` puts it on the list of changes."""
    person = order["customer"]
    row = (order["number"], person["id"], person["email"].lower(), json.dumps(order, ensure_ascii=False))
    db.execute("INSERT OR REPLACE INTO orders VALUES (?, ?, ?, ?)", row)
    owned = [("payment", order["payment"]["id"]), *(("return", r["number"]) for r in order["returns"])]
    db.executemany("INSERT OR REPLACE INTO belongs VALUES (?, ?, ?)", [(*o, order["number"]) for o in owned])
    if log:
        db.execute("INSERT INTO changes (number) VALUES (?)", (order["number"],))


def order_get(db: sqlite3.Connection, number: str) -> dict[str, Any]:
    order = body_of(db.execute("SELECT body FROM orders WHERE number = ?", (number,)).fetchone())
    if order is None:
        raise Problem(404, f"There is no order {number[:40]}.")
    return order


# -- the API ----------------------------------------------------------------------------------------


def one(request: Request) -> Response:
    with database(request) as db:
        return JSONResponse(order_get(db, request.path_params["number"]))


def listing(request: Request) -> Response:
    """``?email=``, ``?customer=``, ``?return=`` or ``?payment=``, with ``limit`` and ``cursor``."""
    name = next((n for n in FILTERS if n in request.query_params), None)
    if name is None:
        raise Problem(400, "Filter by email, customer, return or payment.")
    value = request.query_params[name]
    after = _after(request.query_params.get("cursor", ""))
    limit = max(1, whole_number(request, "limit", 10, 50))
    with database(request) as db:
        rows = db.execute(
            f"SELECT number, body FROM orders WHERE {FILTERS[name]} AND number > ? ORDER BY number LIMIT ?",
            (value.lower() if name == "email" else value, after, limit + 1),
        ).fetchall()
    more = urlsafe_b64encode(rows[limit - 1]["number"].encode()).decode() if len(rows) > limit else None
    return JSONResponse({"orders": [body_of(r) for r in rows[:limit]], "next_cursor": more})


def _after(cursor: str) -> str:
    try:
        return b64decode(cursor.encode(), altchars=b"-_", validate=True).decode()
    except ValueError:
        raise Problem(400, "This cursor is not one of ours.") from None


def changes(request: Request) -> Response:
    """Orders changed after a cursor, oldest change first; ``after=latest`` gives only the present cursor."""
    limit = max(1, whole_number(request, "limit", 50, 200))
    with database(request) as db:
        last = db.execute("SELECT coalesce(max(seq), 0) FROM changes").fetchone()[0]
        if request.query_params.get("after", "latest") == "latest":
            return JSONResponse({"orders": [], "cursor": str(last), "more": False})
        after = whole_number(request, "after", 0, 10**12)
        if after > last:
            raise Problem(410, "This cursor is from another life of the shop; begin again with after=latest.")
        found = db.execute("SELECT seq, number FROM changes WHERE seq > ? ORDER BY seq LIMIT ?", (after, limit))
        seqs = found.fetchall()
        numbers = list(dict.fromkeys(r["number"] for r in seqs))
        orders = [order_get(db, n) for n in numbers]
    cursor = seqs[-1]["seq"] if seqs else after
    return JSONResponse({"orders": orders, "cursor": str(cursor), "more": cursor < last})


# -- the control ------------------------------------------------------------------------------------


def _changed(db: sqlite3.Connection, order: dict[str, Any]) -> dict[str, Any]:
    order["revision"] += 1
    order["updated_at"] = _stamp()
    order_save(db, order)
    return {"order": order["number"], "revision": order["revision"], "status": order["status"]}


def _stamp() -> str:
    return utc_now().isoformat().replace("+00:00", "Z")


def _order(db: sqlite3.Connection, command: Mapping[str, Any]) -> dict[str, Any]:
    return order_get(db, own_id(db, command, "order"))


def announce(db: sqlite3.Connection, command: Mapping[str, Any]) -> dict[str, Any]:
    """The customer registers a return of the whole order; the answer tells its new number."""
    order = _order(db, command)
    if order["status"] != "delivered":
        raise Problem(409, f"Order {order['number']} is {order['status']}; only a delivered order is returned.")
    if any(not r["cancelled_at"] for r in order["returns"]) and not command.get("again"):
        raise Problem(409, f"Order {order['number']} has return {order['returns'][-1]['number']} already.")
    last = db.execute("SELECT max(cast(substr(id, 5) AS INTEGER)) FROM belongs WHERE kind = 'return'").fetchone()[0]
    number = f"RMA-{(last or 77000) + 1}"
    order["returns"].append({
        "number": number, "order": order["number"], "requested_at": _stamp(), "cancelled_at": None,
        "reason": str(command.get("reason", "Does not fit"))[:200], "lines": order["lines"],
        "amount": order["total"], "currency": order["currency"],
    })  # fmt: skip
    db.execute("INSERT OR REPLACE INTO demo_link VALUES (?, ?)", (f"return:{number}", order["number"]))
    return {**_changed(db, order), "return": number, "payment": order["payment"]["id"]}


def cancel(db: sqlite3.Connection, command: Mapping[str, Any]) -> dict[str, Any]:
    order = _order(db, command)
    if order["cancelled"]:
        raise Problem(409, f"Order {order['number']} is cancelled already.")
    order["status"] = "cancelled"
    order["cancelled"] = {"at": _stamp(), "reason": "Asked by the customer", "by": "customer"}
    return _changed(db, order)


def deliver(db: sqlite3.Connection, command: Mapping[str, Any]) -> dict[str, Any]:
    order = _order(db, command)
    for shipment in order["shipments"]:
        shipment["delivered_at"] = shipment["delivered_at"] or _stamp()
    order["status"] = "delivered"
    return _changed(db, order)


def lose(db: sqlite3.Connection, command: Mapping[str, Any]) -> dict[str, Any]:
    order = _order(db, command)
    if not order["shipments"]:
        raise Problem(409, f"Order {order['number']} has not been sent.")
    order["shipments"][-1]["problem"] = {"at": _stamp(), "reason": "Parcel lost by the carrier", "lost": True}
    return _changed(db, order)


def send(db: sqlite3.Connection, command: Mapping[str, Any]) -> dict[str, Any]:
    """A parcel of the order is given to the carrier; a second ``send`` sends a second parcel."""
    order = _order(db, command)
    parcels = order["shipments"]
    more = f"-{len(parcels) + 1}" if parcels else ""
    parcels.append({
        "id": f"SH-{order['number']}{more}", "order": order["number"], "delivered_at": None, "sent_at": _stamp(),
        "carrier": str(command.get("carrier", "Posti"))[:60], "problem": None,
        "tracking": f"{order['market']}{order['number'].replace('-', '')}{len(parcels) + 1:02d}",
    })  # fmt: skip
    order["status"] = "shipped"
    return {**_changed(db, order), "tracking": parcels[-1]["tracking"]}


def trouble(db: sqlite3.Connection, command: Mapping[str, Any]) -> dict[str, Any]:
    """The carrier reports a problem with the last parcel, with a ``reason``."""
    order = _order(db, command)
    if not order["shipments"]:
        raise Problem(409, f"Order {order['number']} has not been sent.")
    reason = str(command.get("reason", "The address was not found"))[:200]
    order["shipments"][-1]["problem"] = {"at": _stamp(), "reason": reason, "lost": False}
    return _changed(db, order)


def call_off(db: sqlite3.Connection, command: Mapping[str, Any]) -> dict[str, Any]:
    """The customer keeps what was to be returned: the latest registration is cancelled."""
    order = _order(db, command)
    open_ones = [r for r in order["returns"] if not r["cancelled_at"]]
    if not open_ones:
        raise Problem(409, f"Order {order['number']} has no return to call off.")
    open_ones[-1]["cancelled_at"] = _stamp()
    return {**_changed(db, order), "return": open_ones[-1]["number"]}


def refunded(db: sqlite3.Connection, command: Mapping[str, Any]) -> dict[str, Any]:
    """The shop's staff note an order as refunded, whatever finance says."""
    order = _order(db, command)
    order["status"] = "refunded"
    order["refunded"] = {"at": _stamp(), "amount": str(command.get("amount", order["total"]))}
    return _changed(db, order)


def about(db: sqlite3.Connection) -> dict[str, Any]:
    """Orders that were delivered lately and have no return: good to begin a walk with."""
    rows: Iterable[sqlite3.Row] = db.execute(
        "SELECT o.number FROM orders o WHERE json_extract(body, '$.status') = 'delivered'"
        " AND json_array_length(body, '$.returns') = 0"
        " AND json_extract(body, '$.payment.method') = 'card' AND o.number NOT IN (SELECT value FROM demo_meta)"
        " ORDER BY json_extract(body, '$.placed_at') DESC LIMIT 12"
    )
    return {"orders_without_return": [f"order:{r['number']}" for r in rows]}


def allowed(request: Request, token: str) -> bool:
    return compare_digest(request.headers.get("authorization", "").encode(), f"Bearer {token}".encode())


SYSTEM = System(
    name="shop", title="The shop", own="order", schema=SCHEMA, allowed=allowed, about=about,
    routes=[Route("/orders", listing), Route("/orders/{number}", one), Route("/changes", changes)],
    verbs={
        "send": send, "deliver": deliver, "trouble": trouble, "lose": lose, "cancel": cancel, "announce": announce,
        "call_off": call_off, "refunded": refunded,
    },
)  # fmt: skip

if __name__ == "__main__":
    serve(SYSTEM)
