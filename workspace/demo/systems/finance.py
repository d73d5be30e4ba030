"""The demo finance system: payments, refunds, disputes and credit notes. It knows payment ids and nothing else.

HTTP Basic, page-number paging, amounts in whole minor units, times in epoch seconds. It can only be asked:
it tells nobody what has changed.
"""

from __future__ import annotations

import json
import math
import sqlite3
from base64 import b64encode
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from secrets import choice, compare_digest
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from workspace.demo.systems.base import Problem, System, body_of, database, serve, transaction, utc_now, whole_number
from workspace.demo.systems.control import own_id

SCHEMA = """
CREATE TABLE IF NOT EXISTS entries (n INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT UNIQUE NOT NULL, entry TEXT NOT NULL,
  payment TEXT NOT NULL, body TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS entries_payment ON entries (payment);
CREATE TABLE IF NOT EXISTS asked (key TEXT PRIMARY KEY, body TEXT NOT NULL);
"""
USER = "throughline"
MOVES = {
    "submit": ("submitted", ("approved",)),
    "pay": ("paid", ("approved", "submitted")),
    "fail": ("failed", ("submitted", "paid")),
    "withdraw": ("cancelled", ("approved", "submitted")),
}
"""Command: the status it leads to, and the statuses from which it may."""


def entry_save(db: sqlite3.Connection, body: dict[str, Any]) -> None:
    """Write one entry of the ledger: a payment, refund, dispute or credit note."""
    text = json.dumps(body, ensure_ascii=False)
    db.execute(
        "INSERT INTO entries (id, entry, payment, body) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET body = excluded.body",
        (body["id"], body["entry"], body["payment"], text),
    )


def entries(db: sqlite3.Connection, payment: str, entry: str) -> list[dict[str, Any]]:
    rows = db.execute("SELECT body FROM entries WHERE payment = ? AND entry = ? ORDER BY n", (payment, entry))
    return [json.loads(r["body"]) for r in rows]


def ledger(request: Request) -> Response:
    """All entries of one payment, ``?payment=…&page=1``; 404 where there is no such payment."""
    payment = request.query_params.get("payment", "")
    if not payment:
        raise Problem(400, "Ask about one payment: ?payment=pay_…")
    page, size = max(1, whole_number(request, "page", 1, 10**6)), max(1, whole_number(request, "per_page", 20, 100))
    with database(request) as db:
        total = db.execute("SELECT count(*) FROM entries WHERE payment = ?", (payment,)).fetchone()[0]
        rows = db.execute(
            "SELECT body FROM entries WHERE payment = ? ORDER BY n LIMIT ? OFFSET ?", (payment, size, (page - 1) * size)
        ).fetchall()
    if not total:
        raise Problem(404, "There is no such payment.")
    return JSONResponse({"page": page, "pages": math.ceil(total / size), "entries": [body_of(r) for r in rows]})


async def refunds(request: Request) -> Response:
    """``{"do": "refund" | "resend", "payment": …, "amount": …}``: the desk's deed, once for each Idempotency-Key.

    With ``"try": true`` nothing is done.
    """
    try:
        wanted = await request.json()
        key, do = request.headers["idempotency-key"], {"refund": _refund_more, "resend": _resend}[wanted["do"]]
    except (ValueError, KeyError, TypeError):
        raise Problem(400, 'Send {"do": "refund" or "resend", "payment": …} with an Idempotency-Key.') from None
    with database(request) as db, transaction(db):
        known = db.execute("SELECT body FROM asked WHERE key = ?", (key,)).fetchone()
        done = body_of(known) or do(db, wanted)
        if not known and not wanted.get("try"):
            entry_save(db, done)
            db.execute("INSERT INTO asked (key, body) VALUES (?, ?)", (key, json.dumps(done)))
    return JSONResponse(done)


def ping(request: Request) -> Response:
    return JSONResponse({"ok": True})


# -- the control ------------------------------------------------------------------------------------


def _payment(db: sqlite3.Connection, command: Mapping[str, Any]) -> dict[str, Any]:
    payment = own_id(db, command, "payment")
    found = entries(db, payment, "payment")
    if not found:
        raise Problem(404, f"There is no payment {payment[:40]}.")
    return found[0]


def _minor(command: Mapping[str, Any], default: int) -> int:
    if "amount" not in command:
        return default
    try:
        amount = Decimal(str(command["amount"])) * 100
    except InvalidOperation:
        raise Problem(422, 'amount must be a number, e.g. "84.90".') from None
    if not amount.is_finite() or amount != amount.to_integral_value() or not 0 < amount < 10**10:
        raise Problem(422, "amount must be more than 0, with two decimals at most.")
    return int(amount)


def _digits(count: int) -> str:
    return "".join(choice("0123456789") for _ in range(count))


def _now() -> int:
    return int(utc_now().timestamp())


def approve(db: sqlite3.Connection, command: Mapping[str, Any]) -> dict[str, Any]:
    """Approve a refund of the whole payment, or of ``amount``; ``again`` allows a second one."""
    payment = _payment(db, command)
    open_ones = [r for r in entries(db, payment["id"], "refund") if r["status"] not in ("failed", "cancelled")]
    if open_ones and not command.get("again"):
        raise Problem(409, f"Payment {payment['id']} has refund {open_ones[-1]['id']}, {open_ones[-1]['status']}.")
    refund = _refund(payment, _minor(command, payment["amount_minor"]))
    refund["history"][0]["by"] = "Finance desk"
    entry_save(db, refund)
    return {"refund": refund["id"], "status": "approved", "payment": payment["id"]}


def _refund_more(db: sqlite3.Connection, wanted: Mapping[str, Any]) -> dict[str, Any]:
    payment = _payment(db, {"ref": wanted.get("payment")})
    back = [r for r in entries(db, payment["id"], "refund") if r["status"] not in ("failed", "cancelled")]
    left = payment["amount_minor"] - sum(r["amount_minor"] for r in back)
    minor = _minor(wanted, left)
    if minor > left:
        raise Problem(409, f"Only {Decimal(left).scaleb(-2)} of payment {payment['id']} can still be given back.")
    return _refund(payment, minor)


def _resend(db: sqlite3.Connection, wanted: Mapping[str, Any]) -> dict[str, Any]:
    payment = _payment(db, {"ref": wanted.get("payment")})
    told = entries(db, payment["id"], "refund")
    if not told or told[-1]["status"] != "failed":
        raise Problem(409, f"Payment {payment['id']} has no refund that failed, so there is nothing to send again.")
    return _refund(payment, told[-1]["amount_minor"])


def _refund(payment: Mapping[str, Any], minor: int) -> dict[str, Any]:
    return {
        "entry": "refund", "id": f"rf_{_digits(12)}", "payment": payment["id"], "status": "approved",
        "amount_minor": minor, "currency": payment["currency"], "method": payment["method"],
        "card": payment["card"], "lines": [], "arn": None, "failure": None,
        "history": [{"status": "approved", "at": _now(), "by": "Customer service"}],
    }  # fmt: skip


def _move(do: str) -> Any:
    def verb(db: sqlite3.Connection, command: Mapping[str, Any]) -> dict[str, Any]:
        status, allowed_from = MOVES[do]
        payment = _payment(db, command)
        refund = next((r for r in reversed(entries(db, payment["id"], "refund")) if r["status"] in allowed_from), None)
        if refund is None:
            raise Problem(409, f"Payment {payment['id']} has no refund that is {' or '.join(allowed_from)}.")
        refund["status"] = status
        refund["history"].append({"status": status, "at": _now()})
        if status == "paid":
            refund["arn"] = f"7443{_digits(19)}"
        if status == "failed":
            refund["failure"] = str(command.get("reason", "The card account is closed"))[:200]
        entry_save(db, refund)
        return {"refund": refund["id"], "status": status, "payment": payment["id"]}

    return verb


def credit(db: sqlite3.Connection, command: Mapping[str, Any]) -> dict[str, Any]:
    payment = _payment(db, command)
    note = {"entry": "credit_note", "id": f"CRN-{_digits(6)}", "payment": payment["id"],
            "currency": payment["currency"], "issued": _now(),
            "amount_minor": _minor(command, payment["amount_minor"])}  # fmt: skip
    entry_save(db, note)
    return {"credit_note": note["id"], "payment": payment["id"]}


def dispute(db: sqlite3.Connection, command: Mapping[str, Any]) -> dict[str, Any]:
    payment = _payment(db, command)
    entry = {"entry": "dispute", "id": f"dp_{_digits(10)}", "payment": payment["id"], "currency": payment["currency"],
             "amount_minor": _minor(command, payment["amount_minor"]), "reason": "Goods not received",
             "opened": _now(), "closed": None, "outcome": None}  # fmt: skip
    entry_save(db, entry)
    return {"dispute": entry["id"], "payment": payment["id"]}


def about(db: sqlite3.Connection) -> dict[str, Any]:
    rows = db.execute("SELECT entry, count(*) AS n FROM entries GROUP BY 1 ORDER BY 1")
    return {"entries": {r["entry"]: r["n"] for r in rows}}


def allowed(request: Request, token: str) -> bool:
    right = b64encode(f"{USER}:{token}".encode()).decode()
    return compare_digest(request.headers.get("authorization", "").encode(), f"Basic {right}".encode())


SYSTEM = System(
    name="finance", title="Finance", own="payment", schema=SCHEMA, allowed=allowed, about=about,
    routes=[Route("/ledger", ledger), Route("/ping", ping), Route("/refunds", refunds, methods=["POST"])],
    verbs={"approve": approve, **{do: _move(do) for do in MOVES}, "credit": credit, "dispute": dispute},
)  # fmt: skip

if __name__ == "__main__":
    serve(SYSTEM)
