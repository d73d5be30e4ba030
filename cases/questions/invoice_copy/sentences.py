"""The headline and who is next. Fixed words hold no digit and no month name."""

from __future__ import annotations

from collections.abc import Callable

from cases.answers import Next, Text, Value, text
from cases.questions.common.saying import asked_about, nothing_found, plain, when
from cases.questions.invoice_copy.reading import PaperReading


def begun(said: Text) -> Text:
    """With a capital letter."""
    first, *rest = said.parts
    return Text((first[:1].upper() + first[1:] if isinstance(first, str) else first, *rest))


def _was(r: PaperReading) -> Text:
    return begun(text("{p} was issued.", p=r.named(r.invoices[-1])))


def _several(r: PaperReading) -> Text:
    return begun(text("{p} were issued.", p=r.listed(r.invoices)))


def _beside(r: PaperReading) -> Text:
    return begun(text("{i}, and {c} beside it.", i=r.listed(r.invoices), c=r.listed(r.credits)))


def _credit(r: PaperReading) -> Text:
    return begun(text("{c} was issued. No invoice is known.", c=r.listed(r.credits)))


def _nothing(r: PaperReading) -> Text:
    return text("No order is known for {x}.", x=asked_about(r)) if r.m.facts else nothing_found(r)


HEADLINES: dict[str, Callable[[PaperReading], Text]] = {
    "invoice_and_credit_note": _beside, "several_invoices": _several, "issued": _was, "credit_note_only": _credit,
    "cancelled": lambda r: text("The order was cancelled{on}, and no invoice was issued.", on=when(r, r.cancelled)),
    "not_issued": lambda r: text("No invoice has been issued yet for the order{on}.", on=_of(r)),
    "nothing_found": _nothing,
}  # fmt: skip


def _of(r: PaperReading) -> Text:
    return text(" placed{on}", on=when(r, r.order)) if when(r, r.order) else Text()


NEXT: dict[str, tuple[str, str]] = {
    "sources_disagree": ("Find out which source is right", "rep"),
    "invoice_and_credit_note": ("Send a copy of both", "rep"),
    "several_invoices": ("Send a copy of each", "rep"), "issued": ("Send a copy of it", "rep"),
    "credit_note_only": ("Ask finance for the invoice", "rep"), "cancelled": ("Nothing is due", "nobody"),
    "not_issued": ("Finance issues the invoice", "finance"), "nothing_found": ("Ask for an order number", "rep"),
}  # fmt: skip


def next_step(r: PaperReading, name: str) -> Next:
    what, who = NEXT[name]
    return Next(plain(what), who)


def hint(r: PaperReading, name: str) -> Text:
    if name in ("issued", "several_invoices", "invoice_and_credit_note", "credit_note_only"):
        if r.link is None:
            return plain("The source gives no link to it: ask finance for the file.")
        return text("It lies at {x}. Letters from here carry no files: send the copy from there.", x=r.link)
    return Text()


def details(r: PaperReading) -> dict[str, Value]:
    return {"invoice_link": r.link} if r.link else {}
