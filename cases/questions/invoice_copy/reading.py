"""The papers of an order: its invoices and credit notes, one for each number."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from cases.answers import Text, Value, text
from cases.questions.common import values as v
from cases.questions.common.matter import Matter
from cases.questions.common.reading import Reading
from connectors.host.views import FactView

INVOICE, CREDIT = "invoice.issued", "credit_note.issued"
NAMES = {INVOICE: "invoice", CREDIT: "credit note"}


def number(fact: FactView) -> str:
    """The number printed on it; empty where the source gives none."""
    return str(fact.data.get("number") or fact.ref(fact.kind.partition(".")[0]) or "")


def papers(matter: Matter, kind: str) -> list[FactView]:
    """The latest word on each paper, oldest first. Finance's where finance tells of any."""
    told = matter.of(kind)
    told = [f for f in told if f.domain == "finance"] or told
    found: dict[Any, FactView] = {}
    for fact in told:
        found[number(fact) or (fact.source, fact.record_type, fact.record_id)] = fact
    return list(found.values())


class PaperReading(Reading):
    """The reading of “Can I have my invoice?”."""

    @cached_property
    def invoices(self) -> list[FactView]:
        return papers(self.m, INVOICE)

    @cached_property
    def credits(self) -> list[FactView]:
        return papers(self.m, CREDIT)

    def named(self, fact: FactView, long: bool = False) -> Text:
        """``invoice IN-204 of Tue 17 Nov over €84.90``."""
        own = Text()
        if fact.data.get("number"):
            own = text(" {n}", n=v.said(fact, "/number", type_="ref"))
        elif number(fact):
            own = text(" {n}", n=v.ref(fact, fact.kind.partition(".")[0]))
        of = text(" of {d}", d=v.when(fact, self.zone, self.today, long=long)) if self.day(fact) else Text()
        return text(NAMES[fact.kind] + "{n}{of} over {a}", n=own, of=of, a=v.money(fact))

    def listed(self, facts: list[FactView], long: bool = False) -> Text:
        """Each of them, joined into one sentence."""
        parts: list[str | Value] = []
        for n, fact in enumerate(facts):
            if n:
                parts.append(" and " if n == len(facts) - 1 else ", ")
            parts += self.named(fact, long).parts
        return Text(tuple(parts))

    @cached_property
    def link(self) -> Value | None:
        """Where the latest invoice lies in the system that issued it: for people here, not for the customer."""
        fact = next((f for f in reversed([*self.credits, *self.invoices]) if f.url), None)
        if fact is None:
            return None
        return Value("text", fact.url, fact.url, rule="link of the record", inputs=({"fact": fact.id, "pointer": ""},))
