"""Refs that are stored."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from django.db import connection

from connectors.host.models import RefValue
from connectors.sdk import Ref

_IDS = """
SELECT DISTINCT v.id, v.scheme, v.value FROM unnest(%s::text[], %s::text[]) AS n (scheme, value)
JOIN host_refvalue v ON v.scheme = n.scheme AND v.value = n.value
"""


def ref_ids(refs: Sequence[Ref]) -> dict[int, Ref]:
    """Ids of those of these refs that are stored."""
    if not refs:
        return {}
    with connection.cursor() as cursor:  # written out: every view of a case asks this
        cursor.execute(_IDS, [[r.scheme for r in refs], [r.value for r in refs]])
        return {id_: Ref(s, v) for id_, s, v in cursor.fetchall()}


def refs_by_ids(ids: Iterable[int]) -> dict[int, Ref]:
    """The refs that have these ids."""
    with connection.cursor() as cursor:  # one array, since a batch may name thousands
        cursor.execute("SELECT id, scheme, value FROM host_refvalue WHERE id = ANY(%s)", [list(ids)])
        return {id_: Ref(s, v) for id_, s, v in cursor.fetchall()}


# In the order of the index of values, so that a beginning which a million share is as quick as a rare one.
_BEGINS = """
SELECT scheme, value FROM host_refvalue WHERE value LIKE %s ORDER BY value USING ~<~ LIMIT %s
"""


def refs_search(q: str, limit: int = 20) -> list[Ref]:
    """Joining refs whose value is ``q``, or else starts with it: orders, returns, e-mails …"""
    q = q.strip().replace("\x00", "")
    if not q:
        return []
    same = RefValue.objects.filter(value__in={q, q.lower(), q.upper()})
    rows = list(same.values_list("scheme", "value")[:limit])
    if not rows and len(q) >= 3:
        with connection.cursor() as cursor:
            cursor.execute(_BEGINS, [re.sub(r"([\\%_])", r"\\\1", q) + "%", limit])
            rows = cursor.fetchall()
    return [ref for scheme, value in rows if (ref := Ref(scheme, value)).joins and scheme != "policy"]
