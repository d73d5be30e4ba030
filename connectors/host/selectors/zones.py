"""In which zone clock times are shown."""

from __future__ import annotations

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import connection
from django.utils import timezone

# One record after another: PostgreSQL takes every source for one of many records, and would look through all heads.
_NAMED = """
SELECT coalesce(nullif(policy.zone, ''), s.zone) FROM host_source s
LEFT JOIN LATERAL (
    SELECT said.zone FROM (
        SELECT id FROM host_record WHERE source_id = s.id ORDER BY record_type, record_id LIMIT 100
    ) r CROSS JOIN LATERAL (
        SELECT p.data ->> 'zone' AS zone FROM host_facthead h JOIN host_factpayload p ON p.fact_id = h.fact_id
        WHERE h.record_id = r.id AND h.kind LIKE 'policy.%' LIMIT 1
    ) said LIMIT 1
) policy ON true
WHERE s.domain = 'policy' AND s.enabled ORDER BY s.id LIMIT 1
"""


def house_zone() -> ZoneInfo:
    """The policies' zone, in which days are counted and cases are shown; UTC where there is no policy yet."""
    with connection.cursor() as cursor:
        row = cursor.execute(_NAMED).fetchone()
    try:
        return ZoneInfo(row[0] if row else timezone.get_default_timezone_name())
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")
