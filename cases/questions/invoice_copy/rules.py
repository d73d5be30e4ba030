"""The question's rules: what is asked, in which order it is decided, and who says what."""

from __future__ import annotations

from collections.abc import Mapping

from cases.questions.common.answering import Rules
from cases.questions.invoice_copy import claims, letters
from cases.questions.invoice_copy import sentences as say
from cases.questions.invoice_copy.reading import PaperReading
from cases.questions.invoice_copy.situations import TABLE, conflict, rank


def _open(r: PaperReading) -> Mapping[str, str]:
    papers = "what finance has issued since" if r.invoices or r.credits else "whether an invoice was issued"
    return {"order": "where the order stands now", "finance": papers}


RULES = Rules(
    question="invoice-copy", version="1", domains=("order", "finance"), open=_open, table=TABLE,
    headlines=say.HEADLINES, claims=claims.claims, steps=claims.steps, next=say.next_step, draft=letters.draft,
    unverified=letters.unverified, rank=rank, reading=PaperReading, conflict=conflict, hint=say.hint,
    details=say.details,
)  # fmt: skip
