"""Can I have my invoice?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from connectors.sdk import Ref
from tests.questions.conftest import EUR, ORDER, Cast
from tests.questions.stories import Story, home, nothing, two_orders

QUESTION = "invoice-copy"
HALF = {"amount": "40.00", "currency": "EUR"}
LINK = "https://finance.example/papers/IN-204"


def paper(c: Cast, number: str, day: int, kind: str = "invoice", amount: Any = EUR, source: str = "finance") -> Cast:
    own = (Ref(kind, number), ORDER)
    told = c.tell(f"{kind}.issued", day, {"amount": amount, "number": number}, own, source, number)
    c.facts[-1] = replace(told, url=LINK)
    return c


def bought(c: Cast) -> Cast:
    return home(c).bought(9)


def invoiced(c: Cast) -> Cast:
    return paper(bought(c), "IN-204", 10)


def differing(c: Cast) -> Cast:
    c.sources["bank"] = "finance"
    return paper(invoiced(c), "IN-204", 10, amount=HALF, source="bank")


def cancelled(c: Cast) -> Cast:
    bought(c).tell("order.cancelled", 10)
    return c


PRINTED = "Invoice IN-204 of Tue 10 Nov over €84.90"
STORIES: dict[str, Story] = {
    "which_one": (two_orders, "Maya has several orders that could be meant. Ask which one."),
    "sources_disagree": (differing, "Don’t answer yet: two sources give one paper differently."),
    "invoice_and_credit_note": (lambda c: paper(invoiced(c), "CN-9", 17, "credit_note"),
                                f"{PRINTED}, and credit note CN-9 of Tue 17 Nov over €84.90 beside it."),
    "several_invoices": (lambda c: paper(invoiced(c), "IN-205", 11, amount=HALF),
                         f"{PRINTED} and invoice IN-205 of Wed 11 Nov over €40.00 were issued."),
    "issued": (invoiced, f"{PRINTED} was issued."),
    "credit_note_only": (lambda c: paper(bought(c), "CN-9", 17, "credit_note"),
                         "Credit note CN-9 of Tue 17 Nov over €84.90 was issued. No invoice is known."),
    "cancelled": (cancelled, "The order was cancelled on Tue 10 Nov, and no invoice was issued."),
    "not_issued": (bought, "No invoice has been issued yet for the order placed on Mon 9 Nov."),
    "nothing_found": (nothing, "Nothing was found for 48-1193. We looked until 14:00."),
}  # fmt: skip
