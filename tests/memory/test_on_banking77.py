"""How well questions are read from what bank customers wrote: BANKING77 (CC BY 4.0), read where it lies, never copied.

A bank's customers ask for other things, which is the point: what no question here answers must propose nothing. The
exchange of goods is left out, since a bank's customers write "exchange" of money alone.
"""

from __future__ import annotations

import csv
import os
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from cases.memory.proposing import propose
from cases.questions.base import found

pytestmark = pytest.mark.needs_shared_data
FILE = Path(os.environ.get("SHARED_DATA") or Path(__file__).parents[3] / "shared" / "data") / "banking77" / "test.csv"
OURS = {
    "Refund_not_showing_up": "refund-status", "request_refund": "refund-status", "cancel_transfer": "cancellation",
    "transaction_charged_twice": "double-charge", "card_arrival": "order-status",
    "card_delivery_estimate": "order-status",
}  # fmt: skip
"""What of its kinds of messages is near to a question here."""
NEAR = {"reverted_card_payment?"}
"""Neither the same nor plainly another."""


def proposed() -> dict[str, Counter[str]]:
    """By kind of message: how often each question was proposed, ``-`` for none."""
    if not FILE.is_file():
        pytest.skip("The BANKING77 messages are not here. Set SHARED_DATA to the folder that holds banking77/.")
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    questions = [q for q in found().values() if q.name != "exchange-status"]
    with FILE.open(encoding="utf-8") as rows:
        for row in csv.DictReader(rows):
            proposal = propose(row["text"], questions)
            counts[row["category"]][proposal.question if proposal else "-"] += 1
    return counts


def test_refunds_are_recognised_and_what_is_not_ours_mostly_proposes_nothing():
    counts = proposed()
    assert counts["Refund_not_showing_up"]["refund-status"] >= 34  # of 40
    right = sum(counts[kind][question] for kind, question in OURS.items() if question in found())
    wrong = sum(n for kind, question in OURS.items() for q, n in counts[kind].items() if q not in ("-", question))
    assert right >= 130 and wrong <= 16  # of 240; the rest propose nothing
    others = [c for kind, c in counts.items() if kind not in OURS and kind not in NEAR]
    silent = sum(c["-"] for c in others) / sum(c.total() for c in others)
    assert silent >= 0.96
