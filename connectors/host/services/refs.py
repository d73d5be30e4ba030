"""Each reference is stored once; everything else holds its id."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from typing import Any

from django.db import connection

from connectors.sdk import Ref

_INTERN = """
WITH n AS MATERIALIZED (
    SELECT n.*, (SELECT r.id FROM host_refvalue r WHERE r.scheme = n.scheme AND r.value = n.value)
    FROM json_to_recordset(%s::json) n(scheme text, value text)
), made AS (
    INSERT INTO host_refvalue (scheme, value) SELECT scheme, value FROM n WHERE id IS NULL
    ORDER BY scheme, value ON CONFLICT DO NOTHING RETURNING scheme, value, id
)
SELECT scheme, value, id FROM n WHERE id IS NOT NULL UNION ALL SELECT * FROM made
"""


def refs_intern(refs: Iterable[Ref]) -> dict[Ref, int]:
    """Ids of these refs, made where new. Sorted, so that two writers never wait for each other in a ring."""
    wanted = set(refs)
    return refs_take(wanted, []) if wanted else {}


def refs_statement(refs: Iterable[Ref]) -> tuple[str, list[Any]]:
    """The statement that names these refs, for those who send several at once; then ``refs_take`` its rows."""
    return _INTERN, [json.dumps([{"scheme": r.scheme, "value": r.value} for r in refs])]


def refs_take(refs: Collection[Ref], rows: Iterable[tuple[str, str, int]]) -> dict[Ref, int]:
    """Ids by ref. Those that the rows lack (somebody else made them at this very moment) are read again."""
    ids = {(scheme, value): id_ for scheme, value, id_ in rows}
    while left := [ref for ref in refs if (ref.scheme, ref.value) not in ids]:
        with connection.cursor() as cursor:
            cursor.execute(*refs_statement(left))
            ids.update({(scheme, value): id_ for scheme, value, id_ in cursor.fetchall()})
    return {ref: ids[ref.scheme, ref.value] for ref in refs}
