"""The reply to the customer for each situation: for one who is known, and for anybody."""

from __future__ import annotations

from collections.abc import Callable

from cases.answers import Claim, Text, text
from cases.questions.common.saying import ASK, NOT_FOUND, Sentences, cannot_find, plain, say, when
from cases.questions.invoice_copy.reading import INVOICE, PaperReading


def draft(r: PaperReading, name: str) -> tuple[Claim, ...]:
    """What may be sent; empty where a person must decide first."""
    write = _LETTERS.get(name)
    return tuple(c for c in write(r) if c.facts or c.checks) if write else ()


def _issued(r: PaperReading) -> Sentences:
    facts = [*r.invoices, *r.credits]
    said = text("This is what we issued for your order: {p}.", p=r.listed(facts, long=True))
    yield say("paper", said, *facts)


def _credit(r: PaperReading) -> Sentences:
    yield from _issued(r)
    words = "I find no invoice for your order, so I am asking our finance team for it."
    yield Claim("reply.no_invoice", plain(words), "finance", (), r.absence(INVOICE))


def _cancelled(r: PaperReading) -> Sentences:
    said = text("Your order was cancelled{on}.", on=when(r, r.cancelled, long=True))
    yield say("cancelled", said, r.cancelled, domain="order")
    yield Claim("reply.no_invoice", plain("No invoice was issued for it."), "finance", (), r.absence(INVOICE))


def _not_issued(r: PaperReading) -> Sentences:
    words = "The invoice for your order has not been issued yet. I am asking our finance team for it."
    yield Claim("reply.not_issued", plain(words), "finance", (), r.absence(INVOICE))


_LETTERS: dict[str, Callable[[PaperReading], Sentences]] = {
    "invoice_and_credit_note": _issued, "several_invoices": _issued, "issued": _issued, "credit_note_only": _credit,
    "cancelled": _cancelled, "not_issued": _not_issued, "nothing_found": cannot_find,
}  # fmt: skip
"""``sources_disagree`` and ``which_one`` promise nothing."""

SEND = "Your invoice has been issued. A copy goes only to the address that you ordered with."
PLAIN = {
    "invoice_and_credit_note": SEND, "several_invoices": SEND, "issued": SEND,
    "credit_note_only":
        "A credit note was issued for your order. Its copy goes only to the address that you ordered with.",
    "cancelled": "Your order was cancelled, and no invoice was issued for it.",
    "not_issued": "The invoice for your order has not been issued yet.", "nothing_found": "We can’t " + NOT_FOUND,
}  # fmt: skip


def unverified(r: PaperReading, name: str) -> tuple[Text, ...]:
    """What may be said to anybody: no amount, no date, no reference."""
    if name == "nothing_found":
        return (plain(ASK if r.m.facts else PLAIN[name]),)
    return (plain(PLAIN[name]), plain(ASK)) if name in PLAIN else ()
