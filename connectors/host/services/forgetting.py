"""Forgetting what demo sources said. History of real sources is never deleted, and this refuses to try."""

from __future__ import annotations

import time
from collections.abc import Sequence

from django.db import OperationalError, connections, transaction
from django.db.backends.utils import CursorWrapper

from connectors.host.models import Source

OWNER = "owner"
GUARDED = (
    "host_factref", "host_factpayload", "host_malformed", "host_fact", "host_rawrow", "host_checkref", "host_check",
    "host_unheard",
)  # fmt: skip
"""History tables with rows of a source; their guard lets nobody delete, so the owner lifts it for the moment."""
OF_FACT = "fact_id IN (SELECT id FROM host_fact WHERE source_id = ANY(%s))"
OF_RECORD = "record_id IN (SELECT id FROM host_record WHERE source_id = ANY(%s))"
DELETES = (
    f"DELETE FROM host_facthead WHERE {OF_RECORD}",
    f"DELETE FROM host_factref WHERE {OF_FACT}",
    f"DELETE FROM host_factpayload WHERE {OF_FACT}",
    "DELETE FROM host_malformed WHERE source_id = ANY(%s)",
    "DELETE FROM host_fact WHERE source_id = ANY(%s)",
    f"DELETE FROM host_rawrow WHERE {OF_RECORD}",
    "DELETE FROM host_record WHERE source_id = ANY(%s)",
    "DELETE FROM host_checkref WHERE source_id = ANY(%s)",
    "DELETE FROM host_check WHERE source_id = ANY(%s)",
    "DELETE FROM host_lease WHERE source_id = ANY(%s)",
    "DELETE FROM host_unheard WHERE source_id = ANY(%s)",
    "UPDATE host_sourcecursor SET cursor = NULL, due_at = NULL, failures = 0 WHERE source_id = ANY(%s)",
)
TRIES = 5


def facts_forget(*, demo_only: bool) -> int:
    """Forget facts, records and checks of the demo sources, as the owning role; returns how many facts went.

    Raises ValueError unless ``demo_only``. Polling then begins again from now.
    """
    if not demo_only:
        raise ValueError("What real sources said is history; only demo sources can be forgotten.")
    ids = list(Source.objects.filter(demo=True).values_list("pk", flat=True))
    for left in reversed(range(TRIES)):
        try:
            return _forget(ids)
        except OperationalError:
            # Somebody is writing facts in another order of tables; they end, or the database ends us.
            if not left:
                raise
            time.sleep(0.5)
    return 0


def _forget(ids: Sequence[int]) -> int:
    owner = connections[OWNER]
    try:
        with transaction.atomic(using=OWNER), owner.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '5s'")
            # Checked at once, so that no check is pending when the guards go back.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            _guards(cursor, "DISABLE")
            cursor.execute("SELECT count(*) FROM host_fact WHERE source_id = ANY(%s)", [list(ids)])
            found = int(cursor.fetchone()[0])
            for delete in DELETES:
                cursor.execute(delete, [list(ids)])
            _guards(cursor, "ENABLE")
    finally:
        owner.close()
    return found


def _guards(cursor: CursorWrapper, verb: str) -> None:
    for table in GUARDED:
        cursor.execute(f"ALTER TABLE {table} {verb} TRIGGER history_rows")
