"""What each kind of fact reads like on the timeline: a title and a detail, with money printed for people."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from workspace.pages.present.words import money

Data = Mapping[str, Any]
Said = tuple[str, str]

ICONS = {
    "order": "shopping-bag", "payment": "landmark", "shipment": "truck", "return": "package-check",
    "refund": "landmark", "dispute": "hand", "invoice": "file-text", "credit_note": "file-text",
    "subscription": "refresh-cw", "policy": "scale",
}  # fmt: skip
SPECIAL = {
    "return.requested": "undo-2", "return.approved": "check", "return.dispatched": "truck",
    "return.received": "warehouse",
    "refund.failed": "triangle-alert", "return.rejected": "triangle-alert", "shipment.exception": "triangle-alert",
}  # fmt: skip


def icon(kind: str) -> str:
    return SPECIAL.get(kind) or ICONS.get(kind.split(".", 1)[0], "link")


def items(data: Data) -> str:
    found = [str(i.get("name", "")) for i in data.get("items") or ()]
    more = f" and {len(found) - 2} more" if len(found) > 2 else ""
    return ", ".join(found[:2]) + more


def paid_with(data: Data) -> str:
    """``Visa ending 4417``, ``gift card`` …; empty where the source does not say."""
    card = data.get("card") or {}
    if card.get("last4"):
        return f"{str(card.get('brand') or 'card').capitalize()} ending {card['last4']}"
    method = str(data.get("method") or "")
    return "" if method in ("", "other") else method.replace("_", " ")


def _to(words: str, link: str) -> Callable[[Data], Said]:
    def say(data: Data) -> Said:
        amount, where = money(data.get("amount")), paid_with(data)
        one = where if "ending" in where else f"a {where}"
        return f"{words.format(amount=amount)}{f' {link} {one}' if where else ''}", str(data.get("reason") or "")

    return say


def _step(words: str) -> Callable[[Data], Said]:
    """A step of a refund: its amount in the title; why, or else where to, beside it."""

    def say(data: Data) -> Said:
        where = paid_with(data)
        return words.format(amount=money(data.get("amount"))), str(data.get("reason") or (where and f"To {where}"))

    return say


def _plain(words: str, *fields: str) -> Callable[[Data], Said]:
    def say(data: Data) -> Said:
        return words, ", ".join(str(data[f]) for f in fields if data.get(f))

    return say


def _paid(data: Data) -> Said:
    title, _ = _to("Refund of {amount} sent", "to")(data)
    if not data.get("bank_reference") or data.get("method") == "gift_card":
        return title, ""
    return title, f"Bank reference …\u2060{str(data['bank_reference'])[-6:]}"


def _lowered(words: Any) -> str:
    """A source's phrase inside a sentence: ``Does not fit`` becomes ``does not fit``, ``USB-C cable`` stays."""
    text = str(words or "")
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def _inspected(data: Data) -> Said:
    grade = f", grade {data['grade']}" if data.get("grade") else ""
    return f"Inspection {data.get('result', '')}{grade}", str(data.get("reason") or "")


def _policy(data: Data) -> Said:
    version = str(data.get("version") or "")
    return f"{data.get('title', 'Policy')} in force", " ".join(filter(None, (str(data.get("document", "")), version)))


SAYINGS: Mapping[str, Callable[[Data], Said]] = {
    "order.placed": lambda d: (f"Order placed, {money(d.get('total'))}", items(d)),
    "order.cancelled": lambda d: ("Order cancelled", str(d.get("reason") or d.get("by") or "")),
    "order.changed": lambda d: (f"Order marked {str(d.get('status', '')).replace('_', ' ')}", str(d.get("note") or "")),
    "payment.captured": _to("Paid {amount}", "with"),
    "payment.failed": _to("Payment of {amount} failed", "with"),
    "shipment.dispatched": _plain("Parcel sent", "carrier", "tracking"),
    "shipment.delivered": _plain("Parcel delivered", "carrier", "tracking"),
    "shipment.exception": lambda d: ("Parcel lost by the carrier", str(d.get("carrier") or "")) if d.get("lost") else (
        "Parcel problem", ", ".join(str(d[f]) for f in ("reason", "carrier") if d.get(f))),
    "return.requested": lambda d: ("Return requested", ": ".join(filter(None, (items(d), _lowered(d.get("reason")))))),
    "return.approved": _plain("Return approved", "by"),
    "return.dispatched": _plain("Return on its way", "carrier", "tracking"),
    "return.received": lambda d: ("Parcel received", ", ".join(filter(None, (items(d), str(d.get("by") or ""))))),
    "return.inspected": _inspected,
    "return.rejected": _plain("Return rejected", "reason"),
    "return.cancelled": _plain("Return cancelled", "reason"),
    "refund.approved": _step("Refund of {amount} approved"),
    "refund.submitted": _step("Refund of {amount} handed over"),
    "refund.paid": _paid,
    "refund.failed": _step("Refund of {amount} failed"),
    "refund.cancelled": _step("Refund of {amount} cancelled"),
    "dispute.opened": _to("Payment of {amount} disputed", "on"),
    "dispute.closed": _plain("Dispute closed", "outcome"),
    "invoice.issued": lambda d: (f"Invoice for {money(d.get('amount'))} issued", str(d.get("number") or "")),
    "credit_note.issued": lambda d: (f"Credit note for {money(d.get('amount'))} issued", str(d.get("number") or "")),
    "policy.returns": _policy, "policy.refunds": _policy, "policy.delivery": _policy, "policy.cancellations": _policy,
}  # fmt: skip


def said(kind: str, data: Data, title: str, body: str = "") -> Said:
    """Title and detail of a fact; a kind of the source's own keeps the source's own sentence."""
    say = SAYINGS.get(kind)
    return say(data) if say else (title, body)
