"""Each reference is stored once; everything else holds its id."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

from connectors.sdk import Ref


def refs_intern(refs: Iterable[Ref]) -> dict[Ref, int]:
    """Ids of these refs, made where new. Sorted, so that two writers never wait for each other in a ring."""
    wanted = sorted(set(refs))
    if not wanted:
        return {}
    schemes, values = [r.scheme for r in wanted], [r.value for r in wanted]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO host_refvalue (scheme, value)"
            " SELECT n.scheme, n.value FROM unnest(%s::text[], %s::text[]) n(scheme, value)"
            " LEFT JOIN host_refvalue r ON r.scheme = n.scheme AND r.value = n.value WHERE r.id IS NULL"
            " ORDER BY n.scheme, n.value ON CONFLICT DO NOTHING",
            [schemes, values],
        )
        cursor.execute(
            "SELECT r.id, r.scheme, r.value FROM host_refvalue r"
            " JOIN unnest(%s::text[], %s::text[]) n(scheme, value) ON r.scheme = n.scheme AND r.value = n.value",
            [schemes, values],
        )
        return {Ref(scheme, value): id_ for id_, scheme, value in cursor.fetchall()}
