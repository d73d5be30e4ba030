"""All that Tryton shows of some sales, gathered along its own links."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from connectors.contrib.tryton import reading
from connectors.contrib.tryton.rest import Obj, Tryton, inner
from connectors.sdk import Found, Ref, Refused, Row

MODELS: dict[str, str] = {
    "sales": "sale.sale", "shipments": "stock.shipment.out", "returns": "stock.shipment.out.return",
    "credit_notes": "account.invoice", "refund_payments": "account.payment",
}  # fmt: skip
NAMES = {"sales": "sales", "shipments": "customer shipments", "returns": "customer returns",
         "credit_notes": "invoices", "refund_payments": "payments"}  # fmt: skip
SALE = (
    "number", "reference", "state", "sale_date", "origin", "total_amount", "currency.code",
    "shipments", "shipment_returns", "invoices", "party.name", "party.contact_mechanisms.type",
    "party.contact_mechanisms.value",
    "lines.type", "lines.quantity", "lines.unit_price", "lines.product.code", "lines.product.template.name",
)  # fmt: skip
SHIPMENT = ("number", "reference", "state", "planned_date", "effective_date", "create_date", "customer.id")
RETURN = (*SHIPMENT, "incoming_moves.quantity", "incoming_moves.product.code", "incoming_moves.product.template.name")
INVOICE = ("number", "reference", "state", "type", "total_amount", "currency.code", "invoice_date")
PAYMENT = (
    "number", "reference", "kind", "state", "amount", "currency.code", "date", "party.id", "line.move_origin",
)  # fmt: skip
LOG = ("resource", "event", "target", "create_date", "user.rec_name")
BELOW_ZERO = ["total_amount", "<", {"__class__": "Decimal", "decimal": "0"}]
PAYABLE = ["kind", "=", "payable"]
HIDDEN = "Tryton hides some records from this service user."
MORE = "Tryton has more records than were read."


class Matter:
    """All that Tryton shows of some sales, and what it would not show."""

    def __init__(self, settings: Any, tryton: Tryton) -> None:
        self.settings, self.tryton = settings, tryton
        self.sales: list[Obj] = []
        self.rows: list[Row] = []
        self.denied: list[str] = []
        self.cut = False

    def read(self, part: str, domain: Any, fields: Sequence[str]) -> list[Obj]:
        """The records of one part; nothing, and remembered as denied, where the user may not read it."""
        try:
            found, all_read = self.tryton.search(MODELS[part], domain, fields)
        except Refused:
            self._deny(part)
            return []
        self.cut = self.cut or not all_read
        return found

    def found(self, ref: Ref, kinds: tuple[str, ...]) -> Found:
        """What was found, for ``ref``. Raises Refused where the user may read none of it."""
        reason = f"Tryton does not let this service user read {listed(self.denied)}." if self.denied else ""
        if reason and not self.rows:
            raise Refused(reason)
        reason = reason or ("" if self.settings.sees_all else HIDDEN) or (MORE if self.cut else "")
        return Found(ref, self.rows, complete=not reason, kinds=kinds, reason=reason)

    def add_sales(self, domain: Any) -> None:
        self.sales = [s for s in self.read("sales", domain, SALE) if not is_return(s)]
        cancelled = [s["id"] for s in self.sales if s["state"] == "cancelled"]
        log = self.log("sales", cancelled)
        for sale in self.sales if "sales" in self.settings.read else ():
            body = {"sale": sale, "orders": self._orders([sale]), "log": log.get(sale["id"], [])}
            self.rows.append(Row("sale", str(sale["id"]), body))

    def add_parts(self, wanted: Collection[str]) -> None:
        """Of the sales found, the parcels, returns, credit notes and refunds, as far as they are ``wanted``."""
        if not self.sales:
            return
        origins = [f"sale.sale,{s['id']}" for s in self.sales]
        returns = self.read("sales", [["origin", "in", origins]], SALE)
        all_sales = [*self.sales, *returns]
        if "shipments" in wanted:
            self._add("shipment", "shipments", all_sales, "shipments", SHIPMENT)
        if "returns" in wanted:
            self._add("return", "returns", all_sales, "shipment_returns", RETURN)
        if "credit_notes" in wanted or "refund_payments" in wanted:
            notes = self._credit_notes(all_sales, "credit_notes" in wanted)
            if "refund_payments" in wanted:
                self._add_refunds(notes, all_sales)

    def lead_back(self, field: str, ids: Sequence[int], *parts: str) -> None:
        """From a return or credit note to its sale, from there to the first sale, and to its like of that order."""
        sales = self.read("sales", [[field, "in", list(ids)]], SALE)
        first = {first_sale(s) for s in sales}
        if first:
            self.add_sales([["id", "in", sorted(first)]])
            self.add_parts([part for part in parts if part in self.settings.read])

    def add_returns(self, shipments: Sequence[Obj]) -> None:
        """Returns whose sale is unknown or hidden: by their number and customer alone."""
        log = self.log("returns", [s["id"] for s in shipments])
        for shipment in shipments:
            party = inner(shipment, "customer.id")
            body = {"return": shipment, "orders": [], "party": party, "log": log.get(shipment["id"], [])}
            self.rows.append(Row("return", str(shipment["id"]), body))

    def log(self, part: str, ids: Sequence[int]) -> dict[int, list[Obj]]:
        """Who pressed what when, by record. Without the right to read it, days and unknown times remain."""
        if not ids:
            return {}
        resources = [f"{MODELS[part]},{id}" for id in ids]
        try:
            entries, _ = self.tryton.search("ir.model.log", [["resource", "in", resources]], LOG)
        except Refused:
            return {}
        found: dict[int, list[Obj]] = {}
        for entry in entries:
            found.setdefault(int(str(entry["resource"]).rpartition(",")[2]), []).append(entry)
        return found

    def _add(self, type: str, part: str, sales: Sequence[Obj], field: str, fields: Sequence[str]) -> None:
        of = self._named_in(sales, part, field)
        records = self.read(part, [["id", "in", sorted(of)]], fields) if of else []
        log = self.log(part, [r["id"] for r in records])
        for record in records:
            body: dict[str, Any] = {
                type: record,
                "orders": self._orders(of[record["id"]]),
                "log": log.get(record["id"], []),
            }
            returned = [s for s in of[record["id"]] if is_return(s)]
            if type == "return" and len(returned) == 1 and len(returned[0].get(field) or ()) == 1:
                body["return_sale"] = returned[0]
            self.rows.append(Row(type, str(record["id"]), body))

    def _credit_notes(self, sales: Sequence[Obj], wanted: bool) -> dict[int, Obj]:
        """The negative invoices of these sales, by id; their rows too, where they are wanted."""
        of = self._named_in(sales, "credit_notes", "invoices")
        domain = [["id", "in", sorted(of)], ["type", "=", "out"], BELOW_ZERO]
        notes = self.read("credit_notes", domain, INVOICE) if of else []
        for note in notes if wanted else ():
            self.rows.append(
                Row("credit_note", str(note["id"]), {"invoice": note, "orders": self._orders(of[note["id"]])})
            )
        return {n["id"]: {**n, "sales": of[n["id"]]} for n in notes}

    def _add_refunds(self, notes: dict[int, Obj], sales: Sequence[Obj]) -> None:
        origins = [f"account.invoice,{id}" for id in notes]
        payments = (
            self.read("refund_payments", [["line.move_origin", "in", origins], PAYABLE], PAYMENT) if notes else []
        )
        self.add_payments(payments, notes)

    def add_payments(self, payments: Sequence[Obj], notes: Mapping[int, Obj] | None = None) -> None:
        """Payments to customers, with the credit note that each pays and its orders, where these are known."""
        log = self.log("refund_payments", [p["id"] for p in payments])
        for payment in payments:
            note = (notes or {}).get(paid_note(payment), {})
            body = {"payment": payment, "credit_note": note.get("number"),
                    "orders": self._orders(note.get("sales", ())), "party": inner(payment, "party.id"),
                    "log": log.get(payment["id"], [])}  # fmt: skip
            self.rows.append(Row("refund", str(payment["id"]), body))

    def _named_in(self, sales: Sequence[Obj], part: str, field: str) -> dict[int, list[Obj]]:
        """Which sales name which records. A field that Tryton left out is hidden from this user, not empty."""
        found: dict[int, list[Obj]] = {}
        for sale in sales:
            if field not in sale:
                self._deny(part)
            for named in sale.get(field) or ():
                found.setdefault(named if isinstance(named, int) else int(named["id"]), []).append(sale)
        return found

    def _deny(self, part: str) -> None:
        if NAMES[part] not in self.denied:
            self.denied.append(NAMES[part])

    def _orders(self, sales: Sequence[Obj]) -> list[dict[str, Any]]:
        """What identifies the first sales behind these, in order of id."""
        by_id = {s["id"]: s for s in self.sales}
        ids = sorted({first_sale(s) for s in sales} & set(by_id))
        return [reading.about_sale(by_id[id], self.settings.order_is) for id in ids]


def paid_note(payment: Obj) -> int:
    """The id of the invoice that a payment is for; 0 where it is for none."""
    model, _, id = str(inner(payment, "line.move_origin") or "").rpartition(",")
    return int(id) if model == "account.invoice" and id.isdigit() else 0


def is_return(sale: Obj) -> bool:
    return str(sale.get("origin") or "").startswith("sale.sale,")


def first_sale(sale: Obj) -> int:
    """The id of the sale itself, or of the one that it takes goods back from."""
    return int(str(sale["origin"]).partition(",")[2]) if is_return(sale) else int(sale["id"])


def listed(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
