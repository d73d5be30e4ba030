"""Refs that are stored."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import connection

from connectors.host.models import RefValue
from connectors.sdk import Ref


def ref_ids(refs: Sequence[Ref]) -> dict[int, Ref]:
    """Ids of those of these refs that are stored."""
    if not refs:
        return {}
    wanted = set(refs)
    rows = RefValue.objects.filter(scheme__in={r.scheme for r in refs}, value__in={r.value for r in refs})
    return {id_: ref for id_, s, v in rows.values_list("pk", "scheme", "value") if (ref := Ref(s, v)) in wanted}


def refs_by_ids(ids: Iterable[int]) -> dict[int, Ref]:
    """The refs that have these ids."""
    with connection.cursor() as cursor:  # one array, since a batch may name thousands
        cursor.execute("SELECT id, scheme, value FROM host_refvalue WHERE id = ANY(%s)", [list(ids)])
        return {id_: Ref(s, v) for id_, s, v in cursor.fetchall()}


def refs_search(q: str, limit: int = 20) -> list[Ref]:
    """Joining refs whose value is ``q``, or else starts with it: orders, returns, e-mails …"""
    q = q.strip().replace("\x00", "")
    if not q:
        return []
    rows = list(RefValue.objects.filter(value__in={q, q.lower(), q.upper()})[:limit])
    if not rows and len(q) >= 3:
        rows = list(RefValue.objects.filter(value__startswith=q).order_by("value")[:limit])
    return [ref for r in rows if (ref := Ref(r.scheme, r.value)).joins and r.scheme != "policy"]
