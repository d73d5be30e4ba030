"""What is to be looked at before something is erased: rows that name somebody and that no ref leads to."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

_NAMED = {
    "delivery": """
        SELECT i.id FROM host_inbound i WHERE length(i.body) > 0 AND (erasure_says(i.headers::text, %(pattern)s)
          OR erasure_says(i.key, %(pattern)s) OR erasure_says(erasure_text(i.body), %(pattern)s))
        UNION
        SELECT w.inbound_id FROM host_inboundwork w JOIN host_inbound i ON i.id = w.inbound_id AND length(i.body) > 0
        JOIN (SELECT f.source_id, f.learned_at FROM host_fact f
              WHERE (f.source_id, f.learned_at) IN (SELECT g.source_id, g.learned_at FROM host_fact g
                                                    WHERE g.id = ANY (%(facts)s) AND g.how = 'push')
              GROUP BY 1, 2 HAVING bool_and(f.id = ANY (%(facts)s))) alone
          ON alone.source_id = w.source_id AND alone.learned_at = w.learned_at""",
    "check": """
        SELECT c.id FROM host_check c
        WHERE c.reason || c.detail <> '' AND erasure_says(c.reason || ' ' || c.detail, %(pattern)s)
        UNION
        SELECT c.id FROM host_checkref r JOIN host_check c ON c.id = r.check_row_id
        WHERE r.ref_id = ANY (%(refs)s) AND (c.reason || c.detail <> '' OR r.reason <> '')
           OR r.reason <> '' AND erasure_says(r.reason, %(pattern)s)""",
    "log": "SELECT l.id FROM host_sourcelog l WHERE erasure_says(l.sentence, %(pattern)s)",
    "raw": """
        SELECT DISTINCT r.id FROM host_malformed m JOIN host_rawrow r ON r.id = m.raw_id
        WHERE erasure_says(r.body::text, %(pattern)s)""",
}
_FACTS = """
SELECT f.id, f.kind, coalesce(f.occurred, f.learned_at), f.learned_at, f.superseded_at IS NULL, p.data, s.title
FROM host_fact f JOIN host_factpayload p ON p.fact_id = f.id JOIN host_source s ON s.id = f.source_id
WHERE f.id = ANY (%s) ORDER BY f.id
"""


@dataclass(frozen=True)
class HeldFact:
    """One fact version that still has its words; ``current`` where its source says so to this day."""

    id: int
    kind: str
    at: datetime
    learned_at: datetime
    current: bool
    data: dict[str, Any]
    source: str


def pattern_of(needles: Sequence[str]) -> list[str] | None:
    """What ``erasure_says`` finds these by; None for none. Making it can take longer than looking by it, so it is made
    once for several looks."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT erasure_pattern(%s)", [list(needles)])
        found: list[str] | None = cursor.fetchone()[0]
    return found


def rows_named(*, needles: Sequence[str], facts: Collection[int], refs: Collection[int]) -> dict[str, list[int]]:
    """Ids by kind (delivery, check, log, raw) of rows that name one of these, or that only these facts came from."""
    given: dict[str, Any] = {"pattern": pattern_of(needles), "facts": list(facts), "refs": list(refs)}
    found: dict[str, list[int]] = {}
    with connection.cursor() as cursor:
        for what, sql in _NAMED.items():
            cursor.execute(sql, given)
            found[what] = sorted(row[0] for row in cursor.fetchall())
    return found


def ids_named(table: str, words: str, pattern: list[str] | None) -> list[int]:
    """Ids of the rows of a table whose ``words``, an expression over its columns, hold what ``pattern`` finds."""
    if pattern is None:
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM {table} WHERE erasure_says({words}, %s)", [pattern])
        return [row[0] for row in cursor.fetchall()]


def facts_held(ids: Collection[int]) -> list[HeldFact]:
    """These fact versions, as far as they still have their words."""
    with connection.cursor() as cursor:
        cursor.execute(_FACTS, [list(ids)])
        return [HeldFact(a, b, c, d, e, _loaded(data), title) for a, b, c, d, e, data, title in cursor.fetchall()]


def imports_naming(needles: Sequence[str]) -> list[str]:
    """Names of imported files that are still to be read and name one of these."""
    sql = """SELECT DISTINCT f.name FROM host_importpiece p JOIN host_fileimport f ON f.id = p.file_id
        WHERE erasure_named(erasure_text(p.body), %s) ORDER BY 1"""
    with connection.cursor() as cursor:
        cursor.execute(sql, [list(needles)])
        return [row[0] for row in cursor.fetchall()]


def naming(texts: Sequence[str | bytes], *, needles: Sequence[str]) -> list[bool]:
    """Of each of these texts whether it names one of these, as the database sees it in its own rows."""
    return said_by(texts, pattern_of(needles))


def said_by(texts: Sequence[str | bytes], pattern: list[str] | None) -> list[bool]:
    """The same by what ``pattern_of`` gave."""
    sql = "SELECT erasure_says(erasure_text(t), %s) FROM unnest(%s::bytea[]) WITH ORDINALITY u(t, n) ORDER BY n"
    raw = [t.encode(errors="replace") if isinstance(t, str) else t for t in texts]
    with connection.cursor() as cursor:
        cursor.execute(sql, [pattern, raw])
        return [row[0] for row in cursor.fetchall()]


def refs_of_facts(ids: Collection[int]) -> dict[int, list[tuple[int, str, str]]]:
    """By fact: its refs as (id, scheme, value), in their order."""
    sql = """SELECT r.fact_id, v.id, v.scheme, v.value FROM host_factref r JOIN host_refvalue v ON v.id = r.ref_id
        WHERE r.fact_id = ANY (%s) ORDER BY r.fact_id, r.place"""
    found: dict[int, list[tuple[int, str, str]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(sql, [list(ids)])
        for fact, *ref in cursor.fetchall():
            found.setdefault(fact, []).append((ref[0], ref[1], ref[2]))
    return found


def _loaded(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value
