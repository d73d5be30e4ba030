"""Writing the seed into the systems' own files, each in its own ids, units and clocks."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from workspace.demo.seed.days import ZONE
from workspace.demo.seed.documents import documents
from workspace.demo.seed.people import MARKETS
from workspace.demo.seed.story import Return, Story
from workspace.demo.seed.world import World, build
from workspace.demo.systems import NAMES, finance, policy, shop, warehouse
from workspace.demo.systems.base import open_db, transaction

EDITION = "5"
"""Raise it when the seed changes, so that an older one is written anew."""
CURRENCY = "EUR"
Writer = Callable[[sqlite3.Connection, World, date], None]


def seed_if_old(folder: Path, today: date) -> bool:
    """Write all four files anew unless they were written today. True where it did; the systems must be stopped."""
    mark = f"{today.isoformat()} {EDITION}"
    if all(_mark(folder / f"{name}.sqlite") == mark for name in NAMES):
        return False
    world = build(today)
    for name in NAMES:
        path = folder / f"{name}.sqlite"
        for leftover in (path, *(path.with_name(path.name + end) for end in ("-wal", "-shm"))):
            leftover.unlink(missing_ok=True)
        system, write = WRITERS[name]
        db = open_db(path, system.schema)
        with transaction(db):
            write(db, world, today)
            db.execute("INSERT INTO demo_meta VALUES ('seeded', ?)", (mark,))
        db.close()
    return True


def _mark(path: Path) -> str:
    """What the file says of its seed; empty where there is no file, or none of ours."""
    if not path.exists():
        return ""
    try:
        db = sqlite3.connect(path)
        row = db.execute("SELECT value FROM demo_meta WHERE name = 'seeded'").fetchone()
    except sqlite3.Error:
        return ""
    db.close()
    return str(row[0]) if row else ""


# -- the shop: UTC times, decimal strings -----------------------------------------------------------


def utc(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z") if at else None


def write_shop(db: sqlite3.Connection, world: World, today: date) -> None:
    for p in world.customers:
        body = json.dumps({"id": p.id, "name": p.name, "market": p.market}, ensure_ascii=False)
        db.execute("INSERT INTO customers VALUES (?, ?, ?)", (p.id, p.email, body))
    for name, story in world.named.items():
        db.execute("INSERT INTO demo_meta VALUES (?, ?)", (name, story.number))
    for story in world.orders:
        shop.order_save(db, shop_order(story))
        link(db, story.number, f"payment:{story.payment}", *(f"return:{r.number}" for r in story.returns))


def link(db: sqlite3.Connection, own: str, *refs: str) -> None:
    db.executemany("INSERT OR REPLACE INTO demo_link VALUES (?, ?)", [(ref, own) for ref in refs])


def shop_order(s: Story) -> dict[str, Any]:
    person = {"id": s.person.id, "name": s.person.name, "email": s.person.email}
    cancelled = None
    if s.cancelled_at:
        cancelled = {"at": utc(s.cancelled_at), "reason": "Asked by the customer", "by": "customer"}
    return {
        "number": s.number, "revision": len(s.shop_times), "updated_at": utc(s.shop_times[-1]),
        "placed_at": utc(s.placed_at), "status": s.status, "customer": person, "market": s.person.market,
        "channel": s.channel, "currency": CURRENCY, "total": str(s.total), "shipping": str(s.shipping),
        "lines": s.lines,
        "payment": {"id": s.payment, "method": s.method, "amount": str(s.total)}, "cancelled": cancelled,
        "refunded": {"at": utc(s.refunded_note), "amount": str(s.total)} if s.refunded_note else None,
        "shipments": [shipment(s, n) for n in range(len(s.parcels))],
        "returns": [registration(s, r) for r in s.returns],
    }  # fmt: skip


def shipment(s: Story, n: int) -> dict[str, Any]:
    parcel, more = s.parcels[n], f"-{n + 1}" if n else ""
    at, reason, lost = parcel["problem"] or (None, "", False)
    return {
        "id": f"SH-{s.number}{more}", "order": s.number, "carrier": MARKETS[s.person.market],
        "tracking": parcel["tracking"],
        "sent_at": utc(parcel["sent_at"]), "delivered_at": utc(parcel["delivered_at"]),
        "problem": {"at": utc(at), "reason": reason, "lost": lost} if at else None,
    }  # fmt: skip


def registration(s: Story, r: Return) -> dict[str, Any]:
    amount = sum((Decimal(x["price"]) for x in r.lines), Decimal(0))
    return {"number": r.number, "order": s.number, "requested_at": utc(r.at),
            "cancelled_at": utc(r.cancelled_at), "reason": r.reason,
            "lines": r.lines, "amount": str(amount), "currency": CURRENCY}  # fmt: skip


# -- the warehouse: wall clock of its own zone ------------------------------------------------------


def write_warehouse(db: sqlite3.Connection, world: World, today: date) -> None:
    for name, story in world.named.items():
        for n, back in enumerate(story.returns):
            db.execute("INSERT INTO demo_meta VALUES (?, ?)", (f"{name} {n}", back.number))
    for story in world.orders:
        for back in story.returns:
            warehouse.return_save(db, warehouse_row(back))
            link(db, back.number, f"order:{story.number}", f"payment:{story.payment}")


def warehouse_row(r: Return) -> dict[str, Any]:
    log = [{k: _local(v) for k, v in entry.items()} for entry in r.log]
    changed = next((e.get("at") or e.get("date") for e in reversed(log)), None)
    grade = {"pass": "A", "fail": "D"}.get(r.result or "")
    return {"rma": r.number, "state": r.state, "result": r.result, "grade": grade, "reason": r.why_failed,
            "changed": changed, "log": log}  # fmt: skip


def _local(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(ZONE).replace(tzinfo=None).isoformat()
    return value.isoformat() if isinstance(value, date) else value


# -- finance: minor units, epoch seconds ------------------------------------------------------------


def write_finance(db: sqlite3.Connection, world: World, today: date) -> None:
    for story in world.orders:
        for entry in finance_entries(story):
            finance.entry_save(db, entry)
        link(db, story.payment, f"order:{story.number}", *(f"return:{r.number}" for r in story.returns))


def minor(amount: Decimal) -> int:
    return int(amount * 100)


def finance_entries(s: Story) -> list[dict[str, Any]]:
    card = dict(zip(("brand", "last4"), s.person.card, strict=True)) if s.method == "card" else None
    money = {"payment": s.payment, "currency": CURRENCY}
    whole = {**money, "amount_minor": minor(s.total)}
    found = [{"entry": "payment", "id": s.payment, **whole, "method": s.method, "card": card,
              "captured": int(s.placed_at.timestamp()) + 40}]  # fmt: skip
    for r in s.refunds:
        lines = [{"label": x["label"], "kind": x["kind"], "amount_minor": minor(x["amount"])} for x in r.lines]
        history = [{"status": status, "at": int(at.timestamp())} for status, at in r.history]
        found.append({
            "entry": "refund", "id": r.id, **money, "amount_minor": minor(r.amount), "status": r.history[-1][0],
            "method": s.method, "card": card, "lines": lines, "arn": r.arn, "failure": r.failure,
            "history": [{**history[0], "by": "Finance desk"}, *history[1:]],
        })  # fmt: skip
    for n, at in enumerate(s.credits):
        found.append({"entry": "credit_note", "id": f"CRN-{s.number[3:]}{n}", **whole, "issued": int(at.timestamp())})
    for n, at in enumerate(s.disputes):
        found.append({"entry": "dispute", "id": f"dp_{s.number[3:]}{n}", **whole, "reason": "Goods not as described",
                      "opened": int(at.timestamp()), "closed": None, "outcome": None})  # fmt: skip
    return found


def write_policy(db: sqlite3.Connection, world: World, today: date) -> None:
    for terms, text in documents(today):
        policy.document_save(db, terms, text)


WRITERS: dict[str, tuple[Any, Writer]] = {
    "shop": (shop.SYSTEM, write_shop), "warehouse": (warehouse.SYSTEM, write_warehouse),
    "finance": (finance.SYSTEM, write_finance), "policy": (policy.SYSTEM, write_policy),
}  # fmt: skip
