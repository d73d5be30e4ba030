"""The demo finance system: payments, refunds, disputes and credit notes, asked by payment id."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from pydantic import Field

from connectors import sdk
from connectors.sdk import Connector, Done, Fact, Found, Missing, Ref, Row, action

KINDS = {name: f"refund.{name}" for name in ("approved", "submitted", "paid", "failed", "cancelled")}
BEFORE = {"submitted": ("approved",), "paid": ("approved", "submitted"), "failed": ("approved", "submitted")}
"""What a status implies where the history does not tell it."""


class Settings(sdk.Settings):
    user: str = Field("throughline", description="The user that finance made for us")
    password: str = Field(description="Its password, as env:… or file:…")


class DemoFinance(Connector):
    title = "Demo finance"
    domain = "finance"
    Settings = Settings
    accepts = ("payment",)
    covers = {
        "payment": ("payment.captured", *KINDS.values(), "dispute.opened", "dispute.closed", "credit_note.issued")
    }

    @classmethod
    def headers(cls, settings: Any) -> dict[str, str]:
        pair = f"{settings.user}:{settings.password}".encode()
        return {"Authorization": f"Basic {b64encode(pair).decode()}"}

    def check(self) -> str:
        self.http.get("/ping")
        return "Finance answers and takes the key."

    def lookup(self, refs: Sequence[Ref]) -> Iterable[Found]:
        for ref in refs:
            try:
                yield Found(ref, list(self._ledger(ref.value)))
            except Missing:
                yield Found(ref)

    @action("Give back {amount} on payment {payment}?", refs=("payment",), dry_run=True)
    def refund(self, payment: Ref, amount: Decimal, key: str, dry_run: bool) -> Done:
        """Approve a refund of ``amount``, in the payment's own currency."""
        return self._asked({"do": "refund", "payment": payment.value, "amount": str(amount)}, key, dry_run)

    @action("Ask finance to send the failed refund on payment {payment} again?", refs=("payment",), dry_run=True)
    def resend_refund(self, payment: Ref, key: str, dry_run: bool) -> Done:
        """A refund that failed is approved anew."""
        return self._asked({"do": "resend", "payment": payment.value}, key, dry_run)

    def _asked(self, wanted: dict[str, Any], key: str, dry_run: bool) -> Done:
        body = wanted | ({"try": True} if dry_run else {})
        entry = self.http.post("/refunds", json=body, idempotency_key=key or "try")
        amount = money(entry["amount_minor"], entry["currency"])
        said = f"{amount['amount']} {amount['currency']} on payment {entry['payment']}"
        if dry_run:
            return Done(f"{said} would be given back.")
        return Done(f"Finance approved {said} as refund {entry['id']}.", [Row("refund", entry["id"], entry)])

    def read(self, row: Row) -> Iterable[Fact]:
        return READERS[row.type](row.body)

    def _ledger(self, payment: str) -> Iterator[Row]:
        for page in self.http.pages("/ledger", {"payment": payment, "page": 1}, following):
            yield from (Row(entry["entry"], entry["id"], entry) for entry in page["entries"])


def money(minor: int, currency: str) -> dict[str, str]:
    return {"amount": str(Decimal(minor).scaleb(-2)), "currency": currency}


def when(seconds: int | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def following(page: Any) -> dict[str, int] | None:
    return {"page": page["page"] + 1} if page["page"] < page["pages"] else None


def line_of(line: Any, currency: str) -> dict[str, Any]:
    return {"label": line["label"], "kind": line["kind"], "amount": money(line["amount_minor"], currency)}


def read_payment(entry: Any) -> Iterator[Fact]:
    data = {"amount": money(entry["amount_minor"], entry["currency"]), "method": entry["method"]}
    if entry["card"]:
        data["card"] = {name: entry["card"][name] for name in ("brand", "last4")}
    yield Fact("payment.captured", data, [Ref("payment", entry["id"])], when(entry["captured"]))


def read_refund(entry: Any) -> Iterator[Fact]:
    currency, told = entry["currency"], {step["status"]: step for step in entry["history"]}
    data = {"amount": money(entry["amount_minor"], currency), "method": entry["method"]}
    if entry["card"]:
        data["card"] = {name: entry["card"][name] for name in ("brand", "last4")}
    if entry["lines"]:
        data["lines"] = [line_of(x, currency) for x in entry["lines"]]
    refs = [Ref("refund", entry["id"]), Ref("payment", entry["payment"])]
    implied = [s for s in BEFORE.get(entry["status"], ()) if s not in told] if not told else []
    for status in dict.fromkeys([*implied, *told, entry["status"]]):
        step = told.get(status, {})
        more = {"by": step["by"]} if status == "approved" and step.get("by") else {}
        if status == "paid" and entry["arn"]:
            more["bank_reference"] = entry["arn"]
        if status == "failed" and entry["failure"]:
            more["reason"] = entry["failure"]
        yield Fact(KINDS[status], data | more, refs, when(step.get("at")), implied=status in implied)


def read_dispute(entry: Any) -> Iterator[Fact]:
    refs = [Ref("dispute", entry["id"]), Ref("payment", entry["payment"])]
    amount = money(entry["amount_minor"], entry["currency"])
    yield Fact("dispute.opened", {"amount": amount, "reason": entry["reason"]}, refs, when(entry["opened"]))
    if entry["outcome"]:
        yield Fact("dispute.closed", {"outcome": entry["outcome"], "amount": amount}, refs, when(entry["closed"]))


def read_credit_note(entry: Any) -> Iterator[Fact]:
    data = {"amount": money(entry["amount_minor"], entry["currency"]), "number": entry["id"]}
    refs = [Ref("credit_note", entry["id"]), Ref("payment", entry["payment"])]
    yield Fact("credit_note.issued", data, refs, when(entry["issued"]))


READERS = {"payment": read_payment, "refund": read_refund, "dispute": read_dispute, "credit_note": read_credit_note}
