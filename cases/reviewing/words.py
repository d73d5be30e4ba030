"""The words of reviews: rules, verdicts, and the short list of what can be coached. Pure."""

from __future__ import annotations

from collections.abc import Mapping

RULES: Mapping[str, str] = {
    "random": "Chosen at random",
    "promise_broken": "A promise was not kept",
    "told_broken": "What was told holds no longer",
    "transfers": "Three or more transfers",
    "overdue": "A refund is overdue",
    "overridden": "A person overrode the system",
}
"""Why something is reviewed: name and words, in the order in which reasons are listed."""
VERDICTS: Mapping[str, str] = {"yes": "Yes", "partly": "Partly", "no": "No"}
STATES: Mapping[str, str] = {
    "waiting": "Waiting", "held": "Being read", "appealed": "Appealed", "signed": "Signed off",
    "answered": "Answered", "decided": "Appeal decided",
}  # fmt: skip
OUTCOMES: Mapping[str, str] = {"stands": "The verdict stands", "changed": "The verdict is changed"}
COACHING: Mapping[str, str] = {
    "check-first": "Ask the sources again before answering",
    "cite": "Say where it comes from",
    "uncertain": "Say what is not certain",
    "promise": "Promise only what has an owner and a day",
    "plain": "Shorter, plainer words",
    "acknowledge": "Acknowledge what went wrong",
    "verify": "Verify who is asking",
    "hand-over": "Hand over once, with what the next person needs",
}
"""What a note can name without words; names never change their meaning."""
OVERDUE = ("approved_overdue", "cancelled_refund_overdue", "inspection_overdue")
"""Situations of an answer in which a refund, or the inspection that it waits for, is past its term."""
TRANSFERS = ("handover.accepted", "owner.changed")
MANY_TRANSFERS = 3
