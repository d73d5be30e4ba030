"""In which zone clock times are shown."""

from __future__ import annotations

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import connection
from django.utils import timezone

_NAMED = """
SELECT coalesce(nullif(policy.zone, ''), s.zone) FROM host_source s
LEFT JOIN LATERAL (
    SELECT p.data ->> 'zone' AS zone FROM host_record r
    JOIN host_facthead h ON h.record_id = r.id AND h.kind LIKE 'policy.%'
    JOIN host_factpayload p ON p.fact_id = h.fact_id
    WHERE r.source_id = s.id LIMIT 1
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
