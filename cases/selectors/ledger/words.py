"""What a verification found, as sentences for people."""

from __future__ import annotations

from collections.abc import Mapping

from cases.selectors.ledger.verdicts import Verdict

WHAT = (
    ("events", "event", "events"), ("cases", "case", "cases"), ("facts", "fact version", "fact versions"),
    ("checks", "check", "checks"), ("told", "statement", "statements"),
)  # fmt: skip


def counted(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"


def looked_at(counts: Mapping[str, int]) -> str:
    """ "1,204 events of 31 cases, 5,310 fact versions, 18 statements", and how much was erased lawfully."""
    parts = [counted(counts[name], one, many) for name, one, many in WHAT if counts.get(name)]
    if not parts:
        return "nothing is recorded yet"
    days = counts.get("anchors", 0)
    under = f", under {counted(days, 'signed daily anchor', 'signed daily anchors')}" if days else ""
    return ", ".join(parts) + under


def erased_said(counts: Mapping[str, int]) -> str:
    number = counts.get("erased", 0)
    return f"The content of {counted(number, 'row', 'rows')} was erased lawfully, and is on record." if number else ""


def verdict_said(verdict: Verdict) -> str:
    """The whole in one line."""
    if verdict.fault:
        return f"History was changed. {verdict.fault.sentence}"
    erased = erased_said(verdict.counts)
    return f"Nobody changed history: {looked_at(verdict.counts)}.{' ' + erased if erased else ''}"
