"""The canonical fact kinds: required fields, types, units, and the sentence each has on the timeline.

Field names follow schema.org (Order, MerchantReturnPolicy), GS1 EPCIS and ISO 20022 where they have one.
Money is ``{"amount": "84.90", "currency": "EUR"}``. Kinds of our own need a namespace: ``acme.pallet_moved``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import jsonschema
import jsonschema_rs

MONEY: dict[str, Any] = {
    "type": "object",
    "required": ["amount", "currency"],
    "properties": {
        "amount": {"type": "string", "pattern": r"^-?[0-9]{1,15}(\.[0-9]{1,6})?$(?!\n)"},
        "currency": {"type": "string", "pattern": "^[A-Z]{3}$"},
    },
    "additionalProperties": False,
}
TEXT: dict[str, Any] = {"type": "string", "maxLength": 2000}
CODE: dict[str, Any] = {"type": "string", "minLength": 1, "maxLength": 300}
DAY: dict[str, Any] = {"type": "string", "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
COUNT: dict[str, Any] = {"type": "integer", "minimum": 0, "maximum": 3650}
METHOD: dict[str, Any] = {"enum": ["card", "gift_card", "bank_transfer", "invoice", "wallet", "cash", "other"]}
CARD: dict[str, Any] = {
    "type": "object",
    "properties": {"brand": TEXT, "last4": {"type": "string", "pattern": r"^\d{4}$"}},
}
ITEMS: dict[str, Any] = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["name", "quantity"],
        "properties": {"name": TEXT, "quantity": {"type": "number"}, "sku": TEXT, "price": MONEY, "category": CODE},
    },
}
LINES: dict[str, Any] = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["label", "kind", "amount"],
        "properties": {"label": TEXT, "kind": {"enum": ["item", "shipping", "fee", "other"]}, "amount": MONEY},
    },
}
SPAN: dict[str, Any] = {"type": "array", "items": COUNT, "minItems": 2, "maxItems": 2}
REFUND: dict[str, Any] = {"amount": MONEY, "method": METHOD, "card": CARD, "lines": LINES}
POLICY: dict[str, Any] = {
    "document": CODE, "title": TEXT, "version": CODE, "zone": CODE, "in_force_from": DAY, "in_force_to": DAY,
    "applies_from": {"enum": ["order.placed", "return.requested"]}, "calendar": CODE, "url": TEXT,
    "when": {"type": "object", "additionalProperties": {"type": "string"}},
    "clauses": {"type": "object", "additionalProperties": {"type": "string"}}, "text": {"type": "string"},
}  # fmt: skip
POLICY_REQUIRED = ("document", "title", "version", "in_force_from")


@dataclass(frozen=True)
class Kind:
    """One kind: a milestone (something happened) unless ``holding`` (something is so). ``properties`` are the JSON
    schemas of its fields, ``sentence`` makes its words on the timeline."""

    name: str
    required: tuple[str, ...]
    properties: Mapping[str, Any]
    sentence: Callable[[Mapping[str, Any]], str]
    holding: bool = False

    @property
    def schema(self) -> dict[str, Any]:
        """The JSON schema of its ``data``."""
        return {"type": "object", "required": list(self.required), "properties": dict(self.properties)}


def money_text(money: Mapping[str, Any] | None) -> str:
    """``EUR 84.90`` for logs and plain titles; pages print money by locale."""
    return f"{money['currency']} {money['amount']}" if money else ""


def _with(words: str, *fields: str) -> Callable[[Mapping[str, Any]], str]:
    def say(data: Mapping[str, Any]) -> str:
        found = [money_text(v) if isinstance(v, Mapping) else str(v) for v in map(data.get, fields) if v]
        return " ".join([words, *found])

    return say


def _inspected(data: Mapping[str, Any]) -> str:
    grade = f", grade {data['grade']}" if data.get("grade") else ""
    return f"Inspection {data['result']}{grade}"


_KINDS = [
    Kind("order.placed", ("number", "total"), {"number": CODE, "total": MONEY, "items": ITEMS, "customer_name": TEXT,
         "method": METHOD, "shipping": MONEY}, _with("Order placed,", "total")),
    Kind("order.cancelled", (), {"reason": TEXT, "by": TEXT}, _with("Order cancelled")),
    Kind("order.changed", ("status",), {"status": CODE, "note": TEXT, "refunded": MONEY}, _with("Order is", "status"),
         holding=True),
    Kind("payment.captured", ("amount", "method"), {"amount": MONEY, "method": METHOD, "card": CARD},
         _with("Paid", "amount")),
    Kind("payment.failed", ("amount",), {"amount": MONEY, "method": METHOD, "reason": TEXT},
         _with("Payment failed,", "amount")),
    Kind("shipment.dispatched", (), {"carrier": TEXT, "tracking": TEXT}, _with("Parcel sent", "carrier")),
    Kind("shipment.delivered", (), {"carrier": TEXT, "tracking": TEXT}, _with("Parcel delivered", "carrier")),
    Kind("shipment.exception", ("reason",), {"reason": TEXT, "carrier": TEXT, "lost": {"type": "boolean"}},
         _with("Parcel problem:", "reason")),
    Kind("return.requested", (), {"items": ITEMS, "amount": MONEY, "reason": TEXT}, _with("Return requested")),
    Kind("return.approved", (), {"by": TEXT}, _with("Return approved")),
    Kind("return.dispatched", (), {"carrier": TEXT, "tracking": TEXT}, _with("Return on its way", "carrier")),
    Kind("return.received", (), {"items": ITEMS, "by": TEXT}, _with("Return received")),
    Kind("return.inspected", ("result",), {"result": {"enum": ["passed", "failed"]}, "grade": TEXT, "reason": TEXT,
         "by": TEXT}, _inspected),
    Kind("return.rejected", (), {"reason": TEXT, "by": TEXT}, _with("Return rejected")),
    Kind("return.cancelled", (), {"reason": TEXT, "by": TEXT}, _with("Return cancelled")),
    Kind("refund.approved", ("amount",), {**REFUND, "by": TEXT}, _with("Refund approved,", "amount")),
    Kind("refund.submitted", ("amount",), REFUND, _with("Refund submitted,", "amount")),
    Kind("refund.paid", ("amount",), {**REFUND, "bank_reference": CODE}, _with("Refund sent,", "amount")),
    Kind("refund.failed", ("amount",), {**REFUND, "reason": TEXT}, _with("Refund failed,", "amount")),
    Kind("refund.cancelled", ("amount",), {**REFUND, "reason": TEXT}, _with("Refund cancelled,", "amount")),
    Kind("dispute.opened", ("amount",), {"amount": MONEY, "reason": TEXT}, _with("Payment disputed,", "amount")),
    Kind("dispute.closed", ("outcome",), {"outcome": {"enum": ["won", "lost", "withdrawn"]}, "amount": MONEY},
         _with("Dispute closed:", "outcome")),
    Kind("invoice.issued", ("amount",), {"amount": MONEY, "number": CODE}, _with("Invoice issued,", "amount")),
    Kind("credit_note.issued", ("amount",), {"amount": MONEY, "number": CODE}, _with("Credit note issued,", "amount")),
    Kind("subscription.started", (), {"plan": TEXT}, _with("Subscription started", "plan")),
    Kind("subscription.renewed", (), {"plan": TEXT, "amount": MONEY}, _with("Subscription renewed", "plan")),
    Kind("subscription.cancelled", (), {"plan": TEXT, "reason": TEXT}, _with("Subscription cancelled", "plan")),
    Kind("policy.returns", (*POLICY_REQUIRED, "window_days"), {**POLICY, "window_days": COUNT,
         "window_from": {"enum": ["shipment.delivered", "order.placed"]}, "inspection_days": COUNT,
         "arrival_days": COUNT, "exclusions": {"type": "array", "items": TEXT},
         "excluded_categories": {"type": "array", "items": CODE}}, _with("Policy on returns:", "title"), holding=True),
    Kind("policy.refunds", (*POLICY_REQUIRED, "refund_days", "bank_days"), {**POLICY, "refund_days": COUNT,
         "bank_days": {"type": "object", "additionalProperties": SPAN}, "fees": LINES,
         "early_refund": {"enum": ["never", "lost_parcel"]}, "decides": {"type": "object"}},
         _with("Policy on refunds:", "title"), holding=True),
    Kind("policy.delivery", POLICY_REQUIRED, {**POLICY, "days": SPAN, "dispatch_days": COUNT, "lost_days": COUNT},
         _with("Policy on delivery:", "title"), holding=True),
    Kind("policy.cancellations", POLICY_REQUIRED, {**POLICY, "refund_days": COUNT, "cancel_days": COUNT},
         _with("Policy on cancellations:", "title"), holding=True),
]  # fmt: skip
KINDS: Mapping[str, Kind] = {kind.name: kind for kind in _KINDS}


def is_canonical_family(kind: str) -> bool:
    """True where the word before the dot belongs to canonical kinds, so that it is nobody's own namespace."""
    return kind.split(".", 1)[0] in {k.split(".", 1)[0] for k in KINDS}


@cache
def _validator(kind: str) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(KINDS[kind].schema)


@cache
def _quick(kind: str) -> jsonschema_rs.Validator:
    return jsonschema_rs.validator_for(KINDS[kind].schema)


def _is_valid(kind: str, data: Mapping[str, Any]) -> bool:
    """Sound beyond doubt; where this says no, the slower validator decides and finds the words."""
    try:
        return _quick(kind).is_valid(data)
    except (TypeError, ValueError, OverflowError):
        return False


def problem(kind: str, data: Mapping[str, Any], said: str = "") -> str:
    """Why this can't be a fact, in a sentence that names the field; empty where it is sound."""
    if kind not in KINDS:
        if "." not in kind or is_canonical_family(kind):
            return f"{kind!r} is not a known kind; use a canonical one or your own namespace (acme.thing_happened)."
        return "" if said else f"{kind} is a kind of your own and needs a sentence (said=…)."
    if _is_valid(kind, data):
        return ""
    error = next(iter(sorted(_validator(kind).iter_errors(data), key=lambda e: str(e.path))), None)
    if error is None:
        return ""
    where = "/".join(map(str, error.absolute_path)) or "data"
    return f"{kind}: {where}: {error.message[:300]}"


def sentence(kind: str, data: Mapping[str, Any], said: str = "") -> str:
    """The short timeline sentence of a fact."""
    return said or (KINDS[kind].sentence(data) if kind in KINDS else kind)


def is_holding(kind: str) -> bool:
    """True where a fact of this kind says that something *is* so; unknown kinds are milestones."""
    return kind in KINDS and KINDS[kind].holding
