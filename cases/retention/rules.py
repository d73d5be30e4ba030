"""Each rule of retention as the question which rows it would take. Pure: SQL and its values.

Every ``sql`` gives ``(id, held)`` in order of id, after ``%(after)s``, of rows older than ``%(before)s``, at
most ``%(limit)s``; a held one is old enough and stays. ``rows`` says what kind of row ``history_erase``
takes them for; empty for ordinary rows, which are deleted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from cases.retention.policy import Policy

_HELD = "{id} IN (SELECT h.id FROM erasure_held_rows() h WHERE h.what = '{what}')"
_NAMES = "erasure_says({words}, (SELECT erasure_held_pattern()))"
_CASE = _HELD.format(id="c.id", what="case")
_FACTS = f"""
SELECT f.id, {_HELD.format(id="f.id", what="fact")}
    OR EXISTS (SELECT FROM host_factref r JOIN cases_casesummary s ON s.ref_ids @> ARRAY[r.ref_id]
               JOIN cases_case c ON c.id = s.case_id AND c.state <> 'closed' WHERE r.fact_id = f.id)
    OR f.superseded_at IS NULL AND EXISTS (
        SELECT FROM host_record n WHERE n.id = f.record_id AND n.started_at >= %(before)s)
FROM host_fact f JOIN host_factpayload p ON p.fact_id = f.id
WHERE f.id > %(after)s AND f.learned_at < %(before)s AND f.kind LIKE %(like)s AND NOT f.kind LIKE ANY (%(but)s)
ORDER BY f.id LIMIT %(limit)s
"""
_DATA: dict[str, tuple[str, str, str]] = {
    "deliveries": ("delivery", "what sources sent, as it came", f"""
        SELECT i.id, w.state IN ('waiting', 'failed') OR {_HELD.format(id="i.id", what="delivery")}
            OR {_NAMES.format(words="erasure_text(i.body)")}
        FROM host_inbound i JOIN host_inboundwork w ON w.inbound_id = i.id
        WHERE i.id > %(after)s AND i.received_at < %(before)s AND length(i.body) > 0 ORDER BY i.id LIMIT %(limit)s"""),
    "raw_rows": ("raw", "rows as their sources sent them", f"""
        SELECT r.id, EXISTS (SELECT FROM host_fact f WHERE f.raw_id = r.id AND f.record_id = r.record_id
                             AND f.superseded_at IS NULL)
            OR {_HELD.format(id="r.id", what="raw")} OR {_NAMES.format(words="r.body::text")}
        FROM host_rawrow r
        WHERE r.id > %(after)s AND r.learned_at < %(before)s AND r.digest NOT LIKE 'erased-%%'
        ORDER BY r.id LIMIT %(limit)s"""),
    "unread": ("raw", "rows that could not be read", f"""
        SELECT r.id, EXISTS (SELECT FROM host_fact f WHERE f.raw_id = r.id AND f.record_id = r.record_id)
            OR {_HELD.format(id="r.id", what="raw")} OR {_NAMES.format(words="r.body::text")}
        FROM host_rawrow r JOIN (SELECT DISTINCT m.raw_id FROM host_malformed m WHERE m.learned_at < %(before)s) m
            ON m.raw_id = r.id
        WHERE r.id > %(after)s AND r.learned_at < %(before)s AND r.digest NOT LIKE 'erased-%%'
        ORDER BY r.id LIMIT %(limit)s"""),
    "checks": ("check", "words of askings", f"""
        SELECT c.id, {_HELD.format(id="c.id", what="check")} OR {_NAMES.format(words="c.reason || ' ' || c.detail")}
        FROM host_check c WHERE c.id > %(after)s AND c.learned_at < %(before)s
        AND c.reason || c.detail <> '' ORDER BY c.id LIMIT %(limit)s"""),
    "source_log": ("log", "sentences of sources’ logs", f"""
        SELECT l.id, {_NAMES.format(words="l.sentence")}
        FROM host_sourcelog l WHERE l.id > %(after)s AND l.at < %(before)s
        AND l.sentence <> 'The words of this entry were erased.' ORDER BY l.id LIMIT %(limit)s"""),
    "conversations": ("case", "words of closed cases", f"""
        SELECT c.id, {_CASE} FROM cases_case c
        WHERE c.id > %(after)s AND c.state = 'closed' AND NOT EXISTS (
            SELECT FROM cases_event e WHERE e.case_id = c.id AND e.at >= %(before)s)
        AND EXISTS (SELECT FROM cases_event e JOIN cases_eventpayload p ON p.event_id = e.id WHERE e.case_id = c.id)
        ORDER BY c.id LIMIT %(limit)s"""),
    "letters": ("letter", "letters as they came, and their files", f"""
        SELECT m.id, coalesce(c.state <> 'closed', false) OR {_HELD.format(id="m.id", what="letter")}
            OR w.state IN ('waiting', 'held', 'failed')
        FROM cases_inmail m JOIN cases_inmailwork w ON w.mail_id = m.id LEFT JOIN cases_case c ON c.id = w.case_id
        WHERE m.id > %(after)s AND m.arrived_at < %(before)s AND m.raw_digest <> 'erased'
        ORDER BY m.id LIMIT %(limit)s"""),
    "drafts": ("", "what somebody began to write and left", f"""
        SELECT d.id, {_CASE} FROM cases_draft d JOIN cases_case c ON c.id = d.case_id
        WHERE d.id > %(after)s AND d.updated_at < %(before)s ORDER BY d.id LIMIT %(limit)s"""),
    "alerts": ("", "what people were told of", f"""
        SELECT a.id, a.seen_at IS NULL OR coalesce({_CASE}, false) FROM cases_alert a
        LEFT JOIN cases_case c ON c.id = a.case_id
        WHERE a.id > %(after)s AND a.at < %(before)s ORDER BY a.id LIMIT %(limit)s"""),
    "notices": ("", "what other systems were told of", f"""
        SELECT n.id, n.state = 'waiting' OR coalesce({_CASE}, false) FROM outbound_notice n
        LEFT JOIN cases_event e ON e.id = n.event_id LEFT JOIN cases_case c ON c.id = e.case_id
        WHERE n.id > %(after)s AND n.at < %(before)s ORDER BY n.id LIMIT %(limit)s"""),
    "import_lines": ("", "lines of files that could not be stored", f"""
        SELECT r.id, f.ended_at IS NULL OR {_NAMES.format(words="r.text")}
        FROM host_importrefusal r JOIN host_fileimport f ON f.id = r.file_id
        WHERE r.id > %(after)s AND coalesce(f.ended_at, f.created_at) < %(before)s ORDER BY r.id LIMIT %(limit)s"""),
    "references": ("ref", "refs that nothing with content carries", """
        SELECT v.id, EXISTS (SELECT FROM host_checkref k WHERE k.ref_id = v.id AND k.learned_at >= %(before)s)
        FROM host_refvalue v WHERE v.id > %(after)s AND v.value NOT LIKE 'erased-%%'
        AND EXISTS (SELECT FROM host_factref r WHERE r.ref_id = v.id)
        AND NOT EXISTS (SELECT FROM host_factref r JOIN host_factpayload p ON p.fact_id = r.fact_id
                        WHERE r.ref_id = v.id)
        AND NOT EXISTS (SELECT FROM cases_caseref c WHERE c.ref_id = v.id)
        AND NOT EXISTS (SELECT FROM customers_identity i WHERE i.ref_id = v.id AND i.to_at IS NULL)
        ORDER BY v.id LIMIT %(limit)s"""),
}  # fmt: skip
TABLES = {
    "drafts": "cases_draft", "alerts": "cases_alert", "notices": "outbound_notice",
    "import_lines": "host_importrefusal",
}  # fmt: skip
"""Where ordinary rows are deleted."""


@dataclass(frozen=True)
class Rule:
    """One rule of the policy; ``age`` None keeps for ever."""

    name: str
    what: str
    age: timedelta | None
    rows: str
    sql: str
    values: dict[str, Any]

    @property
    def role(self) -> str:
        """The part of its name after the colon."""
        return self.name.partition(":")[2]


def rules_of(policy: Policy) -> tuple[Rule, ...]:
    """Every rule, facts first; each kind of fact falls under the longest pattern that fits it, and no other."""
    found = []
    patterns = sorted(policy.facts, key=lambda p: (-len(p), p))
    for n, pattern in enumerate(patterns):
        days = policy.facts[pattern]
        age = timedelta(days=days) if days else None
        values = {"like": _like(pattern), "but": [_like(p) for p in patterns[:n]]}
        found.append(Rule(f"facts:{pattern}", _facts_words(pattern), age, "fact", _FACTS, values))
    for role, (rows, what, sql) in _DATA.items():
        found.append(Rule(f"data:{role}", what, policy.age(role), rows, sql, {}))
    return tuple(found)


def _facts_words(pattern: str) -> str:
    if not pattern.endswith("*"):
        return f"facts {pattern}"
    about = pattern.removesuffix(".*").replace("_", " ")
    return "all other facts" if pattern == "*" else f"facts about {about}"


def _like(pattern: str) -> str:
    escaped = pattern.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return escaped.replace("*", "%").replace("?", "_")
