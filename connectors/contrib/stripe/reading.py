"""How Stripe's objects are read as facts. Pure: no calls and no clock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from connectors.contrib.stripe.amounts import money
from connectors.sdk import Fact, Ref, Undone
from connectors.sdk.times import epoch

Obj = Mapping[str, Any]

METHODS = {
    "card": "card", "card_present": "card", "interac_present": "card",
    "sepa_debit": "bank_transfer", "us_bank_account": "bank_transfer", "bacs_debit": "bank_transfer",
    "acss_debit": "bank_transfer", "au_becs_debit": "bank_transfer", "customer_balance": "bank_transfer",
    "ideal": "bank_transfer", "bancontact": "bank_transfer", "eps": "bank_transfer", "p24": "bank_transfer",
    "sofort": "bank_transfer", "giropay": "bank_transfer", "fpx": "bank_transfer", "blik": "bank_transfer",
    "klarna": "invoice", "afterpay_clearpay": "invoice", "affirm": "invoice", "zip": "invoice", "alma": "invoice",
    "paypal": "wallet", "alipay": "wallet", "wechat_pay": "wallet", "cashapp": "wallet", "link": "wallet",
    "amazon_pay": "wallet", "revolut_pay": "wallet", "mobilepay": "wallet", "twint": "wallet", "swish": "wallet",
}  # fmt: skip
"""Stripe's payment method types in the product's words; all others are ``other``."""

OUTCOMES = {"won": "won", "lost": "lost", "warning_closed": "withdrawn", "prevented": "withdrawn"}
"""How a dispute ended. An inquiry that was closed took no money, so it counts as withdrawn."""


def id_of(value: Any) -> str:
    """The id of something that Stripe sends either as an id or, expanded, as the object itself."""
    if isinstance(value, Mapping):
        value = value.get("id")
    return value if isinstance(value, str) else ""


def obj_of(value: Any) -> Obj:
    """The object where it was expanded, else nothing."""
    return value if isinstance(value, Mapping) else {}


def words(code: Any) -> str:
    """``expired_or_canceled_card`` as a person would write it."""
    return str(code or "unknown").replace("_", " ").replace("canceled", "cancelled")[:200]


def payment_body(intent: Obj, charge: Obj) -> dict[str, Any]:
    """The body of a payment's row: each object once, and nothing by which somebody could pay."""
    customers = (intent.get("customer"), charge.get("customer"))
    customer = next((c for c in customers if isinstance(c, Mapping)), customers[0] or customers[1])
    apart = {"customer": customer, "payment_method": intent.get("payment_method")}
    hidden = ("client_secret", "next_action", "charges", "latest_charge", "refunds", "payment_intent", *apart)
    body: dict[str, Any] = {
        "payment_intent": {k: v for k, v in intent.items() if k not in hidden},
        "charge": {k: v for k, v in charge.items() if k not in hidden},
    }
    return body | {k: v if isinstance(v, dict) else {"id": v} for k, v in apart.items() if v}


def refunds_asked_by(payment: Obj) -> tuple[str, str] | None:
    """How the refunds of a payment are asked for; None where no charge was made, so that there can be none."""
    charge = id_of(payment["charge"])
    intent = id_of(payment["payment_intent"])
    return ("payment_intent", intent) if intent and charge else ("charge", charge) if charge else None


def context(payment: Obj, order_key: str) -> dict[str, Any]:
    """What every fact of one payment shares. ``payment`` is the body of a payment's row."""
    intent, charge = obj_of(payment.get("payment_intent")), obj_of(payment.get("charge"))
    customer = obj_of(payment.get("customer"))
    metadata = {**(charge.get("metadata") or {}), **(intent.get("metadata") or {})}
    billing = obj_of(charge.get("billing_details"))
    found = {
        "payment": id_of(intent),
        "charge": id_of(charge),
        "order": str(metadata.get(order_key) or ""),
        "customer": id_of(customer) or id_of(intent.get("customer")) or id_of(charge.get("customer")),
        # A guest has no customer object; the address that the receipt went to is the next best.
        "email": customer.get("email") or charge.get("receipt_email") or billing.get("email") or "",
        **_paid_with(charge, obj_of(payment.get("payment_method"))),
    }
    return {k: v for k, v in found.items() if v}


def _paid_with(charge: Obj, method: Obj) -> dict[str, Any]:
    details = obj_of(charge.get("payment_method_details")) or method
    kind = str(details.get("type") or details.get("object") or "")
    card = obj_of(details.get(kind)) if METHODS.get(kind) == "card" else {}
    card = card or (details if details.get("object") == "card" else {})
    shown = {k: str(card[k]) for k in ("brand", "last4") if card.get(k)}
    return {"method": METHODS.get(kind, "other"), "card": shown}


def refs(about: Obj, *first: Ref) -> list[Ref]:
    pairs = (("payment", "payment"), ("payment", "charge"), ("order", "order"), ("stripe.customer", "customer"),
             ("email", "email"))  # fmt: skip
    return [*first, *(Ref(scheme, about[name]) for scheme, name in pairs if about.get(name))]


def payment_facts(body: Obj, order_key: str) -> Iterator[Fact | Undone]:
    """``payment.captured`` or ``payment.failed``; neither while it is only authorised or still in progress."""
    intent, charge = obj_of(body.get("payment_intent")), obj_of(body.get("charge"))
    about = context(body, order_key)
    paid = charge or intent
    if charge.get("status") == "succeeded" and charge.get("captured"):
        data = {"amount": money(charge.get("amount_captured") or charge["amount"], charge["currency"])}
        # Where it was authorised first, Stripe's charge does not say when it was captured.
        at_once = intent.get("capture_method") != "manual"
        yield Fact("payment.captured", {**data, **_with(about)}, refs(about),
                   occurred=epoch(charge["created"]) if at_once else None, implied=not at_once)  # fmt: skip
        yield Undone("payment.failed")
    elif not charge and intent.get("status") == "succeeded":
        data = {"amount": money(intent.get("amount_received") or intent["amount"], intent["currency"])}
        yield Fact("payment.captured", {**data, **_with(about)}, refs(about), implied=True)
    elif paid.get("status") == "failed" or intent.get("last_payment_error"):
        error = obj_of(intent.get("last_payment_error"))
        reason = str(charge.get("failure_message") or error.get("message") or words(error.get("code")))[:500]
        yield Fact("payment.failed", {"amount": money(paid["amount"], paid["currency"]), "reason": reason,
                                      "method": about["method"]}, refs(about),
                   occurred=epoch(charge["created"]) if charge else None, implied=not charge)  # fmt: skip


def _with(about: Obj) -> dict[str, Any]:
    """The method and card that money was moved with."""
    return {k: about[k] for k in ("method", "card") if about.get(k)}


def refund_facts(body: Obj) -> Iterator[Fact | Undone]:
    """What has become of a refund. Stripe's ``succeeded`` means that it was sent to the customer's bank."""
    refund, about = body["refund"], body["payment"]
    created, status = epoch(refund["created"]), refund.get("status")
    data = {"amount": money(refund["amount"], refund["currency"]), **_with(about)}
    who = refs(about, Ref("refund", refund["id"]))
    by_card = about.get("method") == "card"
    if status not in ("pending", "requires_action", "succeeded", "failed", "canceled"):
        raise ValueError(f"{str(status)[:40]!r} is no refund status that Stripe's documentation names.")
    if not (status == "succeeded" and by_card):
        yield Fact("refund.submitted", data, who, occurred=created)
    if status == "succeeded":
        # A card refund succeeds as it is made; for other methods the object keeps no time of success.
        yield Fact("refund.paid", {**data, **_bank_reference(refund)}, who,
                   occurred=created if by_card else None, implied=not by_card)  # fmt: skip
        return
    yield Undone("refund.paid")
    if status == "failed":
        returned = obj_of(body.get("failure_balance_transaction")).get("created")
        yield Fact("refund.failed", {**data, "reason": words(refund.get("failure_reason"))}, who,
                   occurred=epoch(returned) if returned else None, implied=not returned)  # fmt: skip
    elif status == "canceled":
        why = {"reason": words(refund["reason"])} if refund.get("reason") else {}
        yield Fact("refund.cancelled", {**data, **why}, who, implied=True)


def _bank_reference(refund: Obj) -> dict[str, str]:
    """The reference by which the customer's bank can find the money, once Stripe has it."""
    details = obj_of(refund.get("destination_details"))
    reference = obj_of(details.get(str(details.get("type")))).get("reference")
    return {"bank_reference": str(reference)} if reference else {}


def dispute_facts(body: Obj) -> Iterator[Fact | Undone]:
    dispute, about = body["dispute"], body["payment"]
    status = str(dispute.get("status") or "")
    who = refs(about, Ref("dispute", dispute["id"]))
    amount = money(dispute["amount"], dispute["currency"])
    inquiry = "inquiry, no money taken yet: " if status.startswith("warning_") else ""
    yield Fact("dispute.opened", {"amount": amount, "reason": inquiry + words(dispute.get("reason"))}, who,
               occurred=epoch(dispute["created"]))  # fmt: skip
    if status in OUTCOMES:
        yield Fact("dispute.closed", {"outcome": OUTCOMES[status], "amount": amount}, who, implied=True)
