"""How Tryton's records are read as facts. Pure: no calls and no clock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from connectors.contrib.tryton.rest import Obj, day, decimal, inner, instant
from connectors.sdk import Fact, Ref, Undone
from connectors.sdk import money as sdk_money

PLACED = ("confirmed", "processing", "done")


def order_number(sale: Obj, order_is: str) -> str:
    """The customer's order number. A sale without a reference goes by Tryton's own number."""
    return str((sale.get("reference") if order_is == "reference" else None) or sale.get("number") or "")


def about_sale(sale: Obj, order_is: str) -> dict[str, Any]:
    """What all records of one sale share; kept in each row, since a row is read by itself."""
    mechanisms = inner(sale, "party.contact_mechanisms") or []
    emails = sorted({str(m["value"]).lower() for m in mechanisms if m.get("type") == "email" and m.get("value")})
    return {"order": order_number(sale, order_is), "party": inner(sale, "party.id"), "emails": emails}


def refs(row: Obj, *first: Ref | None) -> list[Ref]:
    """The record's own ref, then those of the orders it belongs to, then the customer in Tryton."""
    orders = row.get("orders") or []
    found = [r for r in first if r] + [Ref("order", o["order"]) for o in orders if o.get("order")]
    party = next((o["party"] for o in orders if o.get("party")), row.get("party"))
    return found + ([Ref("tryton.customer", str(party))] if party else [])


def sale_facts(row: Obj) -> Iterator[Fact | Undone]:
    sale, order = row["sale"], row["orders"][0]
    who = refs(row) + [Ref("email", e) for e in order["emails"]]
    state, placed = sale["state"], day(sale.get("sale_date"))
    if state in PLACED or (state == "cancelled" and placed):
        data = {"number": order["order"], "total": money(sale["total_amount"], sale), "items": _items(sale)}
        name = inner(sale, "party.name")
        yield Fact("order.placed", {**data, **({"customer_name": name} if name else {})}, who, occurred=placed)
    if state == "cancelled":
        when, by = last(row, "cancel", "state:cancelled")
        yield Fact("order.cancelled", {"by": by} if by else {}, who, occurred=when, implied=when is None)
    else:
        yield Undone("order.cancelled")


def shipment_facts(row: Obj, prefix: str) -> Iterator[Fact | Undone]:
    shipment = row["shipment"]
    if shipment["state"] not in ("shipped", "done"):
        yield Undone("shipment.dispatched")
        return
    when, _ = last(row, "ship", "state:shipped", "do", "state:done")
    yield _told("shipment.dispatched", {}, refs(row, own("shipment", shipment, prefix)), when, shipment)


def return_facts(row: Obj, prefix: str, done_means_inspected: bool) -> Iterator[Fact | Undone]:
    """Draft is announced, received is received; done means that the goods were put into stock."""
    shipment = row["return"]
    who, state = refs(row, own("return", shipment, prefix)), shipment["state"]
    items = _moved(shipment)
    yield Fact("return.requested", {**items, **_amount(row)}, who, occurred=instant(shipment.get("create_date")))
    reached = {"draft": 0, "cancelled": 0, "received": 1, "done": 2}[state]
    if reached >= 1:
        when, by = last(row, "receive", "state:received")
        yield _told("return.received", {**items, **({"by": by} if by else {})}, who, when, shipment)
    elif state == "draft":
        yield Undone("return.received")
    if reached == 2 and done_means_inspected:
        when, by = last(row, "do", "state:done")
        data = {"result": "passed", **({"by": by} if by else {})}
        yield Fact("return.inspected", data, who, occurred=when, implied=when is None)
    else:
        yield Undone("return.inspected")
    if state == "cancelled":
        when, by = last(row, "cancel", "state:cancelled")
        yield Fact("return.cancelled", {"by": by} if by else {}, who, occurred=when, implied=when is None)
    else:
        yield Undone("return.cancelled")


def credit_note_facts(row: Obj, prefix: str) -> Iterator[Fact | Undone]:
    """A posted invoice with a negative total. It says that money is owed back, not that it was paid."""
    invoice = row["invoice"]
    if invoice["state"] not in ("posted", "paid"):
        yield Undone("credit_note.issued")
        return
    ref = own("credit_note", invoice, prefix)
    data = {"amount": money(invoice["total_amount"], invoice), "number": str(invoice["number"])}
    yield Fact("credit_note.issued", data, refs(row, ref), occurred=day(invoice.get("invoice_date")))


def refund_facts(row: Obj, prefix: str) -> Iterator[Fact | Undone]:
    """Tryton's own payment of a credit note. Its ``submitted`` asks for approval: no money has left yet."""
    payment, state = row["payment"], row["payment"]["state"]
    note = Ref("credit_note", prefix + str(row["credit_note"])) if row.get("credit_note") else None
    who = [*refs(row, own("refund", payment, prefix), note)]
    data = {"amount": money(payment["amount"], payment)}
    if state in ("approved", "processing", "succeeded", "failed"):
        when, by = last(row, "approve", "state:approved")
        yield Fact("refund.approved", {**data, **({"by": by} if by else {})}, who, occurred=when, implied=when is None)
    if state in ("processing", "succeeded", "failed"):
        when, _ = last(row, "state:processing")
        yield Fact("refund.submitted", data, who, occurred=when, implied=when is None)
    if state == "succeeded":
        when, _ = last(row, "succeed", "state:succeeded")
        bank = {"bank_reference": str(payment["reference"])} if payment.get("reference") else {}
        yield Fact("refund.paid", {**data, **bank}, who, occurred=when or day(payment.get("date")))
    else:
        yield Undone("refund.paid")
    if state == "failed":
        when, _ = last(row, "fail", "state:failed")
        yield Fact("refund.failed", data, who, occurred=when, implied=when is None)
    else:
        yield Undone("refund.failed")


def own(scheme: str, record: Obj, prefix: str) -> Ref | None:
    return Ref(scheme, prefix + str(record["number"])) if record.get("number") else None


def last(row: Obj, *targets: str) -> tuple[datetime | None, str]:
    """When one of these buttons or transitions was last logged, and by whom; the first target that is there."""
    for target in targets:
        hits = [e for e in row.get("log") or () if e.get("target") == target]
        if hits:
            entry = max(hits, key=lambda e: int(e["id"]))
            return instant(entry.get("create_date")), str(inner(entry, "user.rec_name") or "")
    return None, ""


def money(amount: Any, record: Obj) -> dict[str, str]:
    """Without its sign: which way the money goes is what the fact's kind says."""
    return sdk_money.money(abs(decimal(amount)), inner(record, "currency.code"))


def _told(kind: str, data: dict[str, Any], who: list[Ref], when: datetime | None, record: Obj) -> Fact:
    """A fact at the logged instant, else on the day that the record itself carries."""
    occurred: datetime | date | None = when or day(record.get("effective_date"))
    return Fact(kind, data, who, occurred=occurred, implied=occurred is None)


def _amount(row: Obj) -> dict[str, Any]:
    sale = row.get("return_sale")
    return {"amount": money(sale["total_amount"], sale)} if sale and sale.get("total_amount") else {}


def _items(sale: Obj) -> list[dict[str, Any]]:
    return [
        _item(line, line["quantity"]) | {"price": money(line["unit_price"], sale)}
        for line in sale.get("lines") or ()
        if line.get("type") == "line" and line.get("product") and line.get("quantity")
    ]


def _moved(shipment: Obj) -> dict[str, Any]:
    moves = [m for m in shipment.get("incoming_moves") or () if m.get("product")]
    return {"items": [_item(m, m["quantity"]) for m in moves]} if moves else {}


def _item(line: Obj, quantity: Any) -> dict[str, Any]:
    code = inner(line, "product.code")
    name = inner(line, "product.template.name") or inner(line, "product.rec_name")
    return {"name": str(name), "quantity": sdk_money.number(quantity),
            **({"sku": str(code)} if code else {})}  # fmt: skip
