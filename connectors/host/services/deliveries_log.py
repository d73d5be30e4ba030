"""What goes into a source's log at most once a minute, however often it happens."""

from __future__ import annotations

import threading
import time

from django.db import connection, connections

from connectors.host.services.sources_log import Level

EVERY_S = 60.0
_ONCE = """
INSERT INTO host_sourcelog (source_id, at, level, what, sentence, by)
SELECT %(source)s, clock_timestamp(), %(level)s, %(what)s, %(sentence)s, ''
WHERE NOT EXISTS (SELECT 1 FROM host_sourcelog WHERE source_id = %(source)s
                  AND at > clock_timestamp() - make_interval(secs => %(every)s) AND what = %(what)s)
"""

_lock = threading.Lock()
_refused: dict[int, int] = {}
_next: dict[int, float] = {}


def log_seldom(source_id: int, what: str, sentence: str, level: Level = "warn") -> bool:
    """Write a line, unless one of this ``what`` was written within the last minute by any process. True if written."""
    values: dict[str, str | int | float | None] = {
        "source": source_id, "what": what, "sentence": sentence[:2000], "level": level, "every": EVERY_S,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_ONCE, values)
        return bool(cursor.rowcount)


def refused_count(source_id: int) -> None:
    """Count a delivery whose signature does not fit. The log says how many, at once and then once a minute."""
    with _lock:
        _refused[source_id] = _refused.get(source_id, 0) + 1
        now, due = time.monotonic(), _next.get(source_id, 0.0)
        first_to_wait = now < due and _refused[source_id] == 1
        if now >= due:
            _next[source_id] = now + EVERY_S
    if now >= due:
        _tell(source_id)
    elif first_to_wait:
        later = threading.Timer(due - now, _tell_later, [source_id])
        later.daemon = True
        later.start()


def _tell(source_id: int) -> None:
    with _lock:
        count = _refused.pop(source_id, 0)
    if not count:
        return
    what = "delivery was" if count == 1 else "deliveries were"
    said = (
        f"{count} {what} refused: the signature does not fit. Where the source is not being imitated, "
        "compare its webhook secret with ours."
    )
    if not log_seldom(source_id, "delivery refused", said):  # another process has just written
        with _lock:
            _refused[source_id] = _refused.get(source_id, 0) + count


def _tell_later(source_id: int) -> None:
    try:
        with _lock:
            _next[source_id] = time.monotonic() + EVERY_S
        _tell(source_id)
    finally:
        connections.close_all()
