"""Tryton: what was sold, sent, come back, credited and paid back, with who did it and when."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Literal

from pydantic import Field, model_validator

from connectors.contrib.tryton import reading
from connectors.contrib.tryton.matter import (
    INVOICE,
    MODELS,
    NAMES,
    PAYABLE,
    PAYMENT,
    RETURN,
    Matter,
    listed,
    paid_note,
)
from connectors.contrib.tryton.rest import Tryton, like
from connectors.sdk import BadSettings, Connector, Fact, Found, Ref, Refused, Row, Settings, TryAgain, Undone

Part = Literal["sales", "shipments", "returns", "credit_notes", "refund_payments"]
PARTS: dict[str, tuple[Part, ...]] = {
    "warehouse": ("sales", "shipments", "returns", "credit_notes"),
    "finance": ("credit_notes", "refund_payments"),
    "all": ("sales", "shipments", "returns", "credit_notes", "refund_payments"),
}
"""What each use of Tryton reads. Finance finds sales too, since they lead to the rest, but says nothing about them."""

KINDS: dict[str, tuple[str, ...]] = {
    "sales": ("order.placed", "order.cancelled"),
    "shipments": ("shipment.dispatched",),
    "returns": ("return.requested", "return.received", "return.inspected", "return.cancelled"),
    "credit_notes": ("credit_note.issued",),
    "refund_payments": ("refund.approved", "refund.submitted", "refund.paid", "refund.failed"),
}


class TrytonSettings(Settings):
    database: str = Field(min_length=1, description="The name of the Tryton database")
    key: str = Field(description="The service user's REST application key, as a reference: env:TRYTON_KEY")
    part: Literal["warehouse", "finance", "all"] = Field(
        "warehouse", description="finance: credit notes and payments to customers, where Tryton itself pays them back"
    )
    read: tuple[Part, ...] = Field((), description="What to read, where that differs from the part's own")
    order_is: Literal["reference", "number"] = Field(
        "reference", description="Which field of a sale is the order's number"
    )
    number_prefix: str = Field(
        "", max_length=20, description="Put before Tryton's own numbers where another source counts alike"
    )
    done_means_inspected: bool = Field(True, description="A return put into stock (done) has passed its inspection")
    sees_all: bool = Field(True, description="False where record rules hide sales or returns from the service user")

    @model_validator(mode="after")
    def reads_its_part(self) -> TrytonSettings:
        self.read = self.read or PARTS[self.part]
        return self


class TrytonConnector(Connector):
    title = "Tryton"
    domain = "warehouse"
    Settings = TrytonSettings
    accepts = ("order", "return", "credit_note", "refund", "tryton.customer", "email")
    identifying = ("tryton.customer", "email")
    covers = {
        "order": tuple(k for kinds in KINDS.values() for k in kinds),
        "return": KINDS["returns"],
        "credit_note": (*KINDS["credit_notes"], *KINDS["refund_payments"]),
        "refund": KINDS["refund_payments"],
        "tryton.customer": KINDS["sales"],
        "email": KINDS["sales"],
    }

    @classmethod
    def headers(cls, settings: Any) -> dict[str, str]:
        return {"Authorization": f"Bearer {settings.key}"}

    def check(self) -> str:
        tryton, denied = Tryton(self.http, self.settings.database), []
        for part in dict.fromkeys(("sales", *self.settings.read)):
            try:
                tryton.search(MODELS[part], [["id", "=", 1]], ("number",))
            except Refused:
                denied.append(NAMES[part])
            except TryAgain as error:
                if "(500)" not in error.sentence:
                    raise
                sentence = f"This Tryton has no {NAMES[part]}: take {part!r} out of the setting read."
                raise BadSettings(sentence, error.detail) from None
        if denied:
            raise Refused(
                f"The service user may not read {listed(denied)}: give it the rights in Tryton, or read less."
            )
        return f"Tryton answers; {listed([NAMES[p] for p in self.settings.read])} can be read."

    def lookup(self, refs: Sequence[Ref]) -> Iterable[Found]:
        ask: dict[str, Callable[[Ref], Found]] = {
            "order": self._of_order, "return": self._of_return, "credit_note": self._of_credit_note,
            "refund": self._of_refund, "tryton.customer": self._of_customer, "email": self._of_email,
        }  # fmt: skip
        self._tryton = Tryton(self.http, self.settings.database)
        refused: Refused | None = None
        for ref in refs:
            try:
                yield ask[ref.scheme](ref)
            except Refused as error:  # what the user may not see of one ref says nothing about the next
                refused = error
        if refused:
            raise refused

    def read(self, row: Row) -> Iterable[Fact | Undone]:
        prefix = self.settings.number_prefix
        if row.type == "sale":
            return reading.sale_facts(row.body)
        if row.type == "shipment":
            return reading.shipment_facts(row.body, prefix)
        if row.type == "return":
            return reading.return_facts(row.body, prefix, self.settings.done_means_inspected)
        if row.type == "credit_note":
            return reading.credit_note_facts(row.body, prefix)
        return reading.refund_facts(row.body, prefix)

    # -- one ref at a time ---------------------------------------------------------------------------

    def _of_order(self, ref: Ref) -> Found:
        named = [["reference", "=", ref.value]]
        if self.settings.order_is == "number":
            named = [["number", "=", ref.value]]
        unnamed = [["number", "=", ref.value], ["reference", "=", None]]
        matter = self._matter()
        matter.add_sales(["OR", named, unnamed])
        matter.add_parts(self.settings.read)
        return matter.found(ref, self._kinds("order"))

    def _of_return(self, ref: Ref) -> Found:
        number = self._own_number(ref)
        if number is None or "returns" not in self.settings.read:
            return Found(ref, kinds=())
        matter = self._matter()
        shipments = matter.read("returns", [["number", "=", number]], RETURN)
        if shipments:
            matter.lead_back("shipment_returns", [s["id"] for s in shipments], "returns")
            if not matter.sales:
                matter.add_returns(shipments)
        return matter.found(ref, self._kinds("return"))

    def _of_credit_note(self, ref: Ref) -> Found:
        number = self._own_number(ref)
        if number is None or "credit_notes" not in self.settings.read:
            return Found(ref, kinds=())
        matter = self._matter()
        invoices = matter.read("credit_notes", [["number", "=", number], ["type", "=", "out"]], INVOICE)
        if invoices:
            matter.lead_back("invoices", [i["id"] for i in invoices], "credit_notes", "refund_payments")
        return matter.found(ref, self._kinds("credit_note"))

    def _of_refund(self, ref: Ref) -> Found:
        number = self._own_number(ref)
        if number is None or "refund_payments" not in self.settings.read:
            return Found(ref, kinds=())
        matter = self._matter()
        payments = matter.read("refund_payments", [["number", "=", number], PAYABLE], PAYMENT)
        notes = [id for id in map(paid_note, payments) if id]
        if notes:
            matter.lead_back("invoices", notes, "refund_payments")
        if not matter.sales:
            matter.add_payments(payments)
        return matter.found(ref, self._kinds("refund"))

    def _of_customer(self, ref: Ref) -> Found:
        if not (ref.value.isascii() and ref.value.isdigit() and len(ref.value) < 10):
            return Found(ref)
        return self._sales_of(ref, ["party", "=", int(ref.value)])

    def _of_email(self, ref: Ref) -> Found:
        return self._sales_of(ref, ["party.contact_mechanisms.value", "ilike", like(ref.value)])

    def _sales_of(self, ref: Ref, whose: list[Any]) -> Found:
        matter = self._matter()
        matter.add_sales([whose])
        return matter.found(ref, self._kinds(ref.scheme))

    def _matter(self) -> Matter:
        return Matter(self.settings, self._tryton)

    def _own_number(self, ref: Ref) -> str | None:
        """Tryton's number in a ref; None where the prefix says that it is another source's."""
        prefix = self.settings.number_prefix
        return ref.value[len(prefix) :] if ref.value.startswith(prefix) and ref.value != prefix else None

    def _kinds(self, scheme: str) -> tuple[str, ...]:
        readable = {k for part in self.settings.read for k in KINDS[part]}
        return tuple(k for k in self.covers[scheme] if k in readable)
