"""What sources said, and what is known of askings, as kinds of rows for the day's digests."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from connectors.host.services.digests.kinds import Kind, by_day
from connectors.host.services.plan import compact, salted_digest

FACT = ("record_id", "source_id", "raw_id", "kind", "version", "order_no", "started_at", "occurred", "day", "sort_at",
        "how", "implied", "payload_digest", "learned_at")  # fmt: skip
_REFS = (
    "(SELECT json_agg(json_build_array(v.scheme, v.value) ORDER BY r.place)::text FROM host_factref r"
    " JOIN host_refvalue v ON v.id = r.ref_id WHERE r.fact_id = t.id)"
)
_ASKED = (
    "(SELECT json_agg(json_build_array(r.ref_id, r.outcome, r.complete, r.kinds) ORDER BY r.id)::text"
    " FROM host_checkref r WHERE r.check_row_id = t.id)"
)
_REASONS = "(SELECT json_agg(r.reason ORDER BY r.id)::text FROM host_checkref r WHERE r.check_row_id = t.id)"
LARGE = 10**16
"""From here on PostgreSQL gives a float back as a whole number."""


def fact_fault(row: Mapping[str, Any]) -> str:
    """Whether a version's words and refs are those that it was stored with."""
    if row["salt"] is None:
        return "gone"
    contents = (fact_content(row, data) for data in (row["data"], _floats(row["data"])))
    if any(salted_digest(row["salt"], content) == row["payload_digest"] for content in contents):
        return ""
    return "changed"


def fact_content(row: Mapping[str, Any], data: Any) -> str:
    """The text that a version's payload digest is taken over: the shape of ``plan.said_as``."""
    occurred = row["day"]
    if row["occurred"]:
        occurred = datetime.fromisoformat(row["occurred"]).astimezone(UTC).isoformat()
    refs = [f"{scheme}:{value}" for scheme, value in row["refs"] or []]
    return compact(
        {"data": data, "implied": row["implied"], "occurred": occurred, "refs": refs, "said": row["said"]}
    )  # fmt: skip


def _floats(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _floats(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_floats(one) for one in value]
    return float(value) if isinstance(value, int) and LARGE <= abs(value) < 10**309 else value


FACTS = Kind(
    "facts", "fact versions", "Fact version", ("host_fact", "host_factpayload"),
    by_day("host_fact", "learned_at", (*FACT, "p.data::text", "p.said", "p.salt", _REFS),
           "LEFT JOIN host_factpayload p ON p.fact_id = t.id"),
    FACT, json=frozenset({"data", "refs"}), more=("data", "said", "salt", "refs"), check=fact_fault,
)  # fmt: skip
CLOSINGS = Kind(
    "closings",
    "closings of fact versions",
    "The closing of fact version",
    ("host_fact",),
    by_day("host_fact", "superseded_at", ("superseded_at", "closed_as")),
    ("superseded_at", "closed_as"),
    at="superseded_at",
)
RAW_ROWS = Kind(
    "raw_rows", "raw rows", "Raw row", ("host_rawrow",),
    by_day("host_rawrow", "learned_at", ("record_id", "learned_at", "digest", "url", "body::text")),
    ("record_id", "learned_at"), ("digest", "url", "body"), json=frozenset({"body"}),
)  # fmt: skip
CHECKS = Kind(
    "checks", "checks", "Check", ("host_check",),
    by_day("host_check", "learned_at", ("source_id", "how", "started_at", "took_ms", "late", "outcome", "learned_at",
           _ASKED, "reason", "detail", _REASONS)),
    ("source_id", "how", "started_at", "took_ms", "late", "outcome", "learned_at", "refs"),
    ("reason", "detail", "reasons"), json=frozenset({"refs", "reasons"}),
)  # fmt: skip
MALFORMED = Kind(
    "malformed",
    "rows that could not be read",
    "Unread row",
    ("host_malformed",),
    by_day("host_malformed", "learned_at", ("source_id", "raw_id", "kind", "refs", "learned_at", "reason")),
    ("source_id", "raw_id", "kind", "refs", "learned_at"),
    ("reason",),
)
DELIVERIES = Kind(
    "deliveries",
    "deliveries",
    "Delivery",
    ("host_inbound",),
    by_day("host_inbound", "received_at", ("source_id", "received_at", "key", "headers::text", "body", "signed")),
    ("source_id", "received_at"),
    ("key", "headers", "body", "signed"),
    json=frozenset({"headers"}),
    at="received_at",
)
TERMS = Kind(
    "terms",
    "terms of sources",
    "The terms",
    ("host_sourceterms",),
    by_day("host_sourceterms", "learned_at", ("source_id", "freshness_s", "paused", "why", "learned_at")),
    ("source_id", "freshness_s", "paused", "why", "learned_at"),
)
TERMS_ENDED = Kind(
    "terms_ended",
    "ends of sources' terms",
    "The end of the terms",
    ("host_sourceterms",),
    by_day("host_sourceterms", "superseded_at", ("superseded_at",)),
    ("superseded_at",),
    at="superseded_at",
)
SOURCE_LOG = Kind(
    "source_log",
    "entries of sources' logs",
    "Entry of a source's log",
    ("host_sourcelog",),
    by_day("host_sourcelog", "at", ("source_id", "at", "level", "what", "by", "sentence")),
    ("source_id", "at", "level", "what", "by"),
    ("sentence",),
    at="at",
)
UNHEARD = Kind(
    "unheard",
    "askings that nobody heard the end of",
    "Unheard asking",
    ("host_unheard",),
    by_day("host_unheard", "learned_at", ("source_id", "ref_id", "started_at", "ended_at")),
    ("source_id", "ref_id", "started_at", "ended_at"),
)
KINDS = (FACTS, CLOSINGS, RAW_ROWS, CHECKS, MALFORMED, DELIVERIES, TERMS, TERMS_ENDED, SOURCE_LOG, UNHEARD)
