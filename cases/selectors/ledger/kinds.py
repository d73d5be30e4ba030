"""Everything that enters a day's digests: what sources said, and what cases, customers and people added."""

from __future__ import annotations

from collections.abc import Collection

from cases.models import ErasedRow
from connectors.host.services.digests import SAID_KINDS, Kind, by_day

_HEADS = """
SELECT case_id, seq, digest, at FROM cases_event WHERE at >= %(start)s AND at < %(end)s ORDER BY at, id
"""
_ERASED = """
SELECT r.id, r.erasure_id, r.what, r.row, e.at FROM cases_erasedrow r JOIN cases_erasure e ON e.id = r.erasure_id
WHERE e.at >= %(start)s AND e.at < %(end)s ORDER BY e.at, r.id
"""
_TOLD = ("case_id", "event_id", "channel", "recipient_id", "actor_kind", "actor", "at", "helped", "answer_digest",
         "as_of")  # fmt: skip
_WORDS = ("words", "claims", "unchecked", "said", "kept", "recipients")
_JSON = ("claims", "unchecked", "said", "kept", "recipients")
_ACCESS = ("at", "actor_kind", "actor", "what", "route", "cases", "customers", "refs")
_MERGE = ("keep_id", "other_id", "by", "from_at")
_VERDICT = ("review_id", "reviewer_id", "verdict", "coaching", "system_verdict", "blind", "to_person", "event_id", "at")
_REASON = ("review_id", "subject_id", "rule", "event_id", "at")
_ANSWER = ("verdict_id", "kind", "event_id", "at")
_DECIDED = ("decided_at", "decided_by_id", "outcome", "new_verdict", "decision_id")

HEADS = Kind("heads", "heads of cases", "Case", ("cases_event",), _HEADS, ("seq", "digest"), own=False, at="at")
"""``id`` is the case's: what its chain ended with after each event. Erasing takes none of it."""
STATEMENTS = Kind(
    "statements", "statements", "Statement", ("cases_statement",),
    by_day("cases_statement", "at", (*_TOLD, *(f"{n}::text" if n in _JSON else n for n in _WORDS))),
    _TOLD, _WORDS, json=frozenset(_JSON), at="at",
)  # fmt: skip
ACCESS = Kind(
    "access", "looks at personal data", "Look", ("cases_access",),
    by_day("cases_access", "at", (*_ACCESS, "why")), _ACCESS, ("why",), at="at",
)  # fmt: skip
LETTERS = Kind(
    "letters", "letters that came in", "Letter", ("cases_inmail",),
    by_day("cases_inmail", "arrived_at", ("mailbox", "size", "arrived_at", "message_id", "content_digest", "raw",
                                          "raw_digest")),
    ("mailbox", "size", "arrived_at"), ("message_id", "content_digest", "raw", "raw_digest"), at="arrived_at",
)  # fmt: skip
VERDICTS = Kind(
    "verdicts", "verdicts of reviews", "Verdict", ("cases_reviewverdict",),
    by_day("cases_reviewverdict", "at", _VERDICT), _VERDICT, at="at",
)  # fmt: skip
REASONS = Kind(
    "review_reasons", "reasons of reviews", "Reason of a review", ("cases_reviewreason",),
    by_day("cases_reviewreason", "at", _REASON), _REASON, at="at",
)  # fmt: skip
ANSWERS = Kind(
    "review_answers", "answers to reviews", "Answer to a review", ("cases_reviewanswer",),
    by_day("cases_reviewanswer", "at", _ANSWER), _ANSWER, at="at",
)  # fmt: skip
APPEALS = Kind(
    "appeals_decided", "decisions of appeals", "The decision of appeal", ("cases_reviewanswer",),
    by_day("cases_reviewanswer", "decided_at", _DECIDED), _DECIDED, at="decided_at",
)  # fmt: skip
LINKS = Kind(
    "links", "links of identities", "Link", ("customers_link",),
    by_day("customers_link", "learned_at", ("identity_id", "fact_id", "learned_at")),
    ("identity_id", "fact_id", "learned_at"),
)  # fmt: skip
MERGES = Kind(
    "merges", "merges of customers", "Merge", ("customers_merge",),
    by_day("customers_merge", "from_at", (*_MERGE, "why")), _MERGE, ("why",), at="from_at",
)  # fmt: skip
MERGES_ENDED = Kind(
    "merges_ended", "ends of merges", "The end of merge", ("customers_merge",),
    by_day("customers_merge", "to_at", ("to_at", "ended_by", "ended_why")), ("to_at", "ended_by"), ("ended_why",),
    at="to_at",
)  # fmt: skip
ERASED = Kind(
    "erased_rows", "records of erased rows", "Record of erasure", ("cases_erasedrow",), _ERASED,
    ("erasure_id", "what", "row"),
)  # fmt: skip
ERASURES = Kind(
    "erasures", "erasures", "Erasure", ("cases_erasure",),
    by_day("cases_erasure", "at", ("request_id", "rule", "before", "asked_by", "done_by", "at", "why")),
    ("request_id", "rule", "before", "asked_by", "done_by", "at"), ("why",), at="at",
)  # fmt: skip
KINDS = [
    *SAID_KINDS, STATEMENTS, ACCESS, LETTERS, VERDICTS, REASONS, ANSWERS, APPEALS, LINKS, MERGES, MERGES_ENDED,
    ERASURES, ERASED, HEADS,
]  # fmt: skip
BY_NAME = {kind.name: kind for kind in KINDS}
CHAINED = ("cases_event", "cases_eventpayload")


def kind_enter(*kinds: Kind) -> None:
    """Have rows of another app enter the digests, too: called once, while the apps get ready."""
    KINDS.extend(kinds)
    BY_NAME.update({kind.name: kind for kind in kinds})


def dated() -> list[Kind]:
    """Those whose own table has the time."""
    return [kind for kind in KINDS if kind is not ERASED]


def erased_of(tables: Collection[str], ids: Collection[int]) -> set[int]:
    """Of these rows of these tables, those that went lawfully."""
    return set(ErasedRow.objects.filter(what__in=tables, row__in=ids).values_list("row", flat=True))
