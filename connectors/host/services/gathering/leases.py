"""Single flight across processes: whoever holds the lease asks, the others hear of the result."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import connection

from connectors.host.models import Source


def leases_take(source: Source, ref_ids: Collection[int], holder: str, seconds: float) -> set[int]:
    """Those of the refs that nobody asks this source about now; they are ours for ``seconds`` at most."""
    if not ref_ids:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO host_lease (source_id, ref_id, holder, started_at, expires_at)"
            " SELECT %(source)s, n, %(holder)s, clock_timestamp(),"
            " clock_timestamp() + %(seconds)s * interval '1 second'"
            " FROM unnest(%(refs)s::bigint[]) n ORDER BY n"
            " ON CONFLICT (source_id, ref_id) DO UPDATE SET holder = EXCLUDED.holder,"
            " started_at = EXCLUDED.started_at, expires_at = EXCLUDED.expires_at"
            " WHERE host_lease.expires_at <= clock_timestamp() RETURNING ref_id",
            {"source": source.pk, "holder": holder, "seconds": seconds, "refs": sorted(ref_ids)},
        )
        return {row[0] for row in cursor.fetchall()}


def leases_return(source: Source, ref_ids: Collection[int], holder: str) -> None:
    """Give back what is still ours."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM host_lease WHERE source_id = %s AND ref_id = ANY(%s) AND holder = %s",
            [source.pk, sorted(ref_ids), holder],
        )


def leases_asked_since(source: Source, ref_ids: Collection[int], since: datetime) -> set[int]:
    """Refs that somebody finished asking this source about after ``since``: no need to ask again."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT cr.ref_id FROM host_checkref cr JOIN host_check c ON c.id = cr.check_row_id"
            " WHERE cr.source_id = %s AND cr.ref_id = ANY(%s) AND c.started_at >= %s AND cr.learned_at >= %s",
            [source.pk, sorted(ref_ids), since, since],
        )
        return {row[0] for row in cursor.fetchall()}
