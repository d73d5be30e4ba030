"""What is told of a return that has arrived."""

from __future__ import annotations

from cases.answers import text
from cases.questions.common.reading import Reading
from cases.questions.common.saying import Sentences, promise, reason, say, when


def received_letter(r: Reading) -> Sentences:
    """That it arrived, and until when it is inspected."""
    said = text("We received your parcel{on}, and it waits for inspection.", on=when(r, r.received, long=True))
    yield say("received", said, r.received, domain="warehouse")
    words = "We inspect it by {d}."
    yield from promise("inspect", words, r, r.inspection_due, r.received, r.returns_policy, "inspection_days")


def not_passed_letter(r: Reading) -> Sentences:
    """That it was not taken back, and why."""
    fact = r.rejected
    assert fact
    said = text("Your return did not pass our inspection{on}{why}.", on=when(r, fact, long=True), why=reason(fact))
    yield say("not_passed", said, fact, domain="warehouse")
