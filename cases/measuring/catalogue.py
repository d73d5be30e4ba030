"""Every measure of trust, declared once: pages, API, exports, the weekly letter and docs/trust.md read this list."""

from __future__ import annotations

from cases.measuring.shapes import Measure

MINUTE, HOUR, DAY = 60, 3600, 86_400
HOLDS_FOR_DAYS, REPEAT_DAYS = 30, 7
EDITION = 2
"""Raise it when what is observed changes: everything is then counted anew."""

_PROMISES = "promises that came due"
_BEGUN = (
    "Only cases that customers or programs began count: one that somebody opens has its person from the first second."
)

MEASURES: tuple[Measure, ...] = (
    Measure(
        "held_up", "Answers that held up",
        "A message that told the customer facts held up if no source has spoken against it within"
        f" {HOLDS_FOR_DAYS} days of sending. Messages taken back before they left do not count.",
        "messages that held up", "messages that told facts", "share", "up", 0.98,
        by_source="the source that spoke against it",
    ),
    Measure(
        "caught_before", "Contradictions caught before sending",
        "A contradiction is a claim against which a fact or an earlier message speaks. It was caught if the writer was"
        " warned and the message left without it.",
        "contradictions caught before sending", "contradictions found", "share", "up", 0.9,
        by_source="the source that spoke against the claim",
    ),
    Measure(
        "found_after", "Contradictions found after sending",
        "Contradictions that came to light after the customer was told: facts changed or arrived later and speak"
        " against a claim that went out.",
        "contradictions found after sending", "contradictions found", "share", "down", 0.1,
        by_source="the source that spoke against the claim",
    ),
    Measure(
        "promises_kept", "Promises kept in time",
        "A promise counts in the week in which it was kept, became late or was broken; it is kept if that was done by"
        " the time that the customer was given. Withdrawn promises, and those that another replaced in time, do not"
        " count.",
        "promises kept in time", _PROMISES, "share", "up", 0.95,
    ),
    Measure(
        "promises_late", "Promises late",
        "A promise is late if its time passed before it was kept or replaced, whether or not it was kept since.",
        "promises that became late", _PROMISES, "share", "down", 0.05,
    ),
    Measure(
        "promises_broken", "Promises broken",
        "A promise is broken if somebody said that it was not kept and will not be.",
        "promises broken", _PROMISES, "share", "down", 0.01,
    ),
    Measure(
        "promises_ownerless", "Promises without an owner",
        "A promise of which no one person answered when it was made. There must be none.",
        "promises without an owner", "promises made", "share", "down", 0.0,
    ),
    Measure(
        "promises_undated", "Promises without a date",
        "A sentence of a sent message that promises something and names no day by which it will be done.",
        "promises without a date", "promises made, with a date or without", "share", "down", 0.05,
    ),
    Measure(
        "transfers", "Transfers per case",
        "How often a case opened in the week went from one owner to another. Offers that nobody took are none.",
        "changes of owner", "cases opened", "mean", "down", 0.5,
    ),
    Measure(
        "transferred_twice", "Cases with more than one transfer",
        "Cases opened in the week that changed hands twice or more.",
        "cases with more than one transfer", "cases opened", "share", "down", 0.05,
    ),
    Measure(
        "repeat_contacts", f"Repeat contacts within {REPEAT_DAYS} days",
        f"The customer came back about the same matter within {REPEAT_DAYS} days of a reply, in this case or in another"
        " one that shares an order, return, payment or refund. An answer to a question of ours is no repeat contact,"
        " and what they write before we reply is one contact.",
        "contacts that came after a reply", "contacts", "share", "down", 0.1,
    ),
    Measure(
        "not_helped", "Heard but not helped",
        "A message that gave neither a fact, nor something done, nor a promise, nor a question that moves the matter"
        " on: kind words alone, or not even those.",
        "messages that did not help", "messages sent", "share", "down", 0.02,
    ),
    Measure(
        "full_picture", "Time to the full picture",
        "From opening the case until somebody was first shown an answer with no gap: every source that could change it"
        " had answered, and none was stale. Cases that never got there are not in it.",
        "time from opening to the first answer without a gap", "cases with a full picture", "duration", "down",
        2 * MINUTE,
    ),
    Measure(
        "picture_complete", "Working time with the full picture",
        "Working time is the time in which people looked at or worked on a case before they replied, at most ten"
        " minutes for each look or deed. The picture is complete while the answer last shown has no gap.",
        "seconds of working time with the picture complete", "seconds of working time", "share", "up", 0.9,
    ),
    Measure(
        "facts_fresh", "Facts within their limit when used",
        "A fact that a message rested on was fresh if its source had confirmed it within the source's freshness limit"
        " when the message was sent.",
        "facts within their limit", "facts used in messages", "share", "up", 0.95, by_source="the source of the fact",
    ),
    Measure(
        "disagreements", "Cases where sources disagreed",
        "Cases opened in the week whose answer was at some time that two sources contradict each other.",
        "cases where sources disagreed", "cases opened", "share", "down", 0.02,
    ),
    Measure(
        "source_wrong", "Which source was wrong",
        "When a disagreement ends, the source whose word has changed or gone since is taken for the one that was wrong."
        " Each source that took part counts once for each disagreement that has ended.",
        "disagreements in which it gave way", "disagreements that it took part in", "share", "none",
        by_source="the source that took part",
    ),
    Measure(
        "human", "Time to an accountable person",
        "Every case has an owner from its first second. This is the time until the person who owned it first looked at"
        f" it or did something in it. {_BEGUN}",
        "time from opening to the first look or deed of its owner", "cases whose owner has come", "duration", "down",
        30 * MINUTE,
    ),
    Measure(
        "first_response", "First response",
        f"From opening until the first message or call that reached the customer. {_BEGUN}",
        "time from opening to the first response", "cases answered", "duration", "down", 4 * HOUR, efficiency=True,
    ),
    Measure(
        "resolution", "Resolution",
        "From opening until the case was closed; a case that was opened again counts when it is closed again.",
        "time from opening to closing", "cases closed", "duration", "down", 3 * DAY, efficiency=True,
    ),
    Measure(
        "volume", "Cases opened", "How many cases were opened.", "cases opened", "", "count", "none", efficiency=True,
    ),
)  # fmt: skip
BY_NAME = {m.name: m for m in MEASURES}
