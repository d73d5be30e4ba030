"""What people do in the peers, over HTTP as they would: in Tryton the shop's and the warehouse's staff, in
localstripe the checkout and finance. A program that refuses raises StaffError with its own words."""

from __future__ import annotations

import base64
import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


class StaffError(Exception):
    """The program said no; the text holds its status and words."""


@dataclass
class Order:
    """One order as Tryton knows it: ids of its sale and, once there is one, of what comes back."""

    number: str
    sale: int
    returned: int = 0
    shipment: int = 0


class TrytonStaff:
    """A member of staff with all rights: REST for records and buttons, JSON-RPC for wizards."""

    def __init__(self, url: str, known: Mapping[str, Any]) -> None:
        self.root, self.known = f"{url}/{known['database']}", known
        company = base64.urlsafe_b64encode(json.dumps({"company": known["company"]}).encode()).decode()
        self.headers = {"Authorization": f"Bearer {known['keys']['staff']}", "X-Tryton-Context": company}
        self.session = ""

    def buy(self, number: str, email: str, name: str = "Maya Laine", quantity: int = 1) -> Order:
        """A confirmed sale, sent to the customer."""
        party = self._create("party.party", {
            "name": name, "addresses": [["create", [{"street": "Main street 1"}]]],
            "contact_mechanisms": [["create", [{"type": "email", "value": email}]]],
        }, "addresses")  # fmt: skip
        line = {"type": "line", "product": self.known["product"], "unit": self.known["unit"], "quantity": quantity,
                "unit_price": {"__class__": "Decimal", "decimal": "84.90"}}  # fmt: skip
        address = party["addresses"][0]
        sale = self._create("sale.sale", {
            "party": party["id"], "reference": number, "payment_term": self.known["payment_term"],
            "invoice_address": address, "shipment_address": address, "invoice_method": "order",
            "shipment_method": "order", "lines": [["create", [line]]],
        })["id"]  # fmt: skip
        self._press("sale.sale", sale, "quote", "confirm")
        return Order(number, sale)

    def send(self, order: Order) -> None:
        """Pick, pack and send the parcel."""
        (shipment,) = self._read("sale.sale", order.sale, "shipments")["shipments"]
        self._press("stock.shipment.out", shipment, "assign_force", "pick", "pack", "do")

    def announce_return(self, order: Order) -> None:
        """The wizard "Return sale", confirmed: the warehouse now expects the parcel."""
        wizard, state = (
            "wizard.sale.return_sale",
            {"active_model": "sale.sale", "active_id": order.sale, "active_ids": [order.sale]},
        )
        session = self._call(f"{wizard}.create", state)[0]
        self._call(f"{wizard}.execute", session, {}, "return_", state)
        domain = base64.urlsafe_b64encode(json.dumps([["origin", "=", f"sale.sale,{order.sale}"]]).encode()).decode()
        (sale,) = self._ask("GET", f"/rest/model/sale.sale?f=id&d={domain}")
        order.returned = sale["id"]
        self._ask("PUT", f"/rest/model/sale.sale/{order.returned}?f=id", {"invoice_method": "fulfillment"})
        self._press("sale.sale", order.returned, "quote", "confirm")
        (order.shipment,) = self._read("sale.sale", order.returned, "shipment_returns")["shipment_returns"]

    def receive(self, order: Order) -> None:
        self._press("stock.shipment.out.return", order.shipment, "receive")

    def put_into_stock(self, order: Order) -> None:
        self._press("stock.shipment.out.return", order.shipment, "do")

    def credit(self, order: Order) -> None:
        """Post the credit note that putting into stock has drafted."""
        (invoice,) = self._read("sale.sale", order.returned, "invoices")["invoices"]
        self._press("account.invoice", invoice, "post")

    def pay_back(self, order: Order, *buttons: str) -> int:
        """A payment to the customer for the posted credit note, approved and processed; then ``buttons``, such as
        succeed or fail. Gives its id."""
        (invoice,) = self._read("sale.sale", order.returned, "invoices")["invoices"]
        (line,) = self._read("account.invoice", invoice, "lines_to_pay")["lines_to_pay"]
        party = self._read("sale.sale", order.sale, "party")["party"]
        owed = self._read("account.invoice", invoice, "total_amount")["total_amount"]["decimal"]
        payment = self._create("account.payment", {
            "kind": "payable", "party": party, "line": line, "journal": self.known["payment_journal"],
            "amount": {"__class__": "Decimal", "decimal": owed.lstrip("-")},
        })["id"]  # fmt: skip
        self._press("account.payment", payment, "submit", "approve")
        wizard, records = "wizard.account.payment.process", {
            "active_model": "account.payment", "active_id": payment, "active_ids": [payment],
        }  # fmt: skip
        session = self._call(f"{wizard}.create", records)[0]
        self._call(f"{wizard}.execute", session, {}, "process", records)
        self._press("account.payment", payment, *buttons)
        return int(payment)

    def bank_says(self, payment: int, *buttons: str) -> None:
        """What became of a payment: succeed or fail."""
        self._press("account.payment", payment, *buttons)

    def groups_set(self, login: str, groups: list[int]) -> None:
        """Give a user exactly these groups, as an administrator does in the user's form."""
        domain = base64.urlsafe_b64encode(json.dumps([["login", "=", login]]).encode()).decode()
        (user,) = self._ask("GET", f"/rest/model/res.user?f=groups&d={domain}")
        change = [["remove", user["groups"]], ["add", groups]]
        self._ask("PUT", f"/rest/model/res.user/{user['id']}?f=id", {"groups": change})

    def _create(self, model: str, values: Mapping[str, Any], field: str = "id") -> dict[str, Any]:
        return dict(self._ask("POST", f"/rest/model/{model}?f={field}", values))

    def _read(self, model: str, id: int, field: str) -> dict[str, Any]:
        return dict(self._ask("GET", f"/rest/model/{model}/{id}?f={field}"))

    def _press(self, model: str, id: int, *buttons: str) -> None:
        for button in buttons:
            self._ask("POST", f"/rest/model/{model}/{id}/{button}?f=id", {})

    def _call(self, method: str, *params: Any) -> Any:
        """JSON-RPC, in the session of one login."""
        if not self.session:
            user, session, *_ = self._rpc("common.db.login", ["staff", {"password": "staff-pw-1"}], {})
            self.session = base64.b64encode(f"staff:{user}:{session}".encode()).decode()
        return self._rpc(method, list(params), {"Authorization": f"Session {self.session}"})

    def _rpc(self, method: str, params: list[Any], headers: Mapping[str, str]) -> Any:
        answer = ask("POST", f"{self.root}/rpc/", headers, {"id": 1, "method": method, "params": params})
        if "error" in answer:  # with status 200
            raise StaffError(f"{method}: {answer['error']}")
        return answer["result"]

    def _ask(self, verb: str, path: str, body: Any = None) -> Any:
        return ask(verb, self.root + path, self.headers, body)


CARD = {"card[number]": "4242424242424242", "card[exp_month]": "12", "card[exp_year]": "2033", "card[cvc]": "123"}


class Checkout:
    """Takes cards and gives money back, over Stripe's API."""

    def __init__(self, url: str, key: str = "sk_test_demo") -> None:
        self.url, self.headers = url, {"Authorization": f"Bearer {key}"}

    def pay(self, number: str, email: str, cents: int, currency: str = "eur", name: str = "Maya Laine") -> str:
        """A card payment for an order; the id of its payment intent."""
        customer = self._post("/v1/customers", email=email, name=name)["id"]
        card = {
            "card[number]": "4242424242424242",
            "card[exp_month]": "12",
            "card[exp_year]": "2033",
            "card[cvc]": "123",
        }
        method = self._post("/v1/payment_methods", type="card", **card)["id"]
        self._post(f"/v1/payment_methods/{method}/attach", customer=customer)
        form = {"amount": str(cents), "currency": currency, "customer": customer, "payment_method": method}
        paid = self._post("/v1/payment_intents", **form, confirm="true", **{"metadata[order]": number})
        return str(paid["id"])

    def refund(self, payment: str, cents: int | None = None) -> str:
        part = {"amount": str(cents)} if cents else {}
        return str(self._post("/v1/refunds", payment_intent=payment, **part)["id"])

    def _post(self, path: str, **form: str) -> Any:
        return ask("POST", self.url + path, self.headers, urllib.parse.urlencode(form).encode())


def ask(verb: str, url: str, headers: Mapping[str, str], body: Any = None) -> Any:
    """One call: bytes are sent as a form, anything else as JSON."""
    kind = "application/x-www-form-urlencoded" if isinstance(body, bytes) else "application/json"
    sent = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
    headers = {**headers, "Content-Type": kind} if sent is not None else headers
    request = urllib.request.Request(url, sent, dict(headers), method=verb)  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            return json.loads(answer.read() or b"null")
    except urllib.error.HTTPError as error:
        raise StaffError(f"{verb} {url}: {error.code} {error.read(600).decode('utf-8', 'replace')}") from None
