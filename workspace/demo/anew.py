"""A demo of another day begins anew: its world is dated from today backwards, and so is all that was told of it."""

from __future__ import annotations

from django.apps import apps
from django.conf import settings
from django.db import connections, transaction
from django.db.backends.utils import CursorWrapper

from connectors.host.services.forgetting import OWNER

OURS = ("host", "customers", "cases", "access", "outbound", "api")
KEPT = "host_clock"


def demo_begins_anew() -> bool:
    """Empty the database of a demo, as its owner; people and their passwords stay.

    False, and nothing is touched, outside a demo and where any source is not the demo's own: real history is never
    deleted.
    """
    if not settings.DEMO:
        return False
    tables = sorted(m._meta.db_table for label in OURS for m in apps.get_app_config(label).get_models())
    tables = [f'"{name}"' for name in tables if name != KEPT]
    owner = connections[OWNER]
    try:
        with transaction.atomic(using=OWNER), owner.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '5s'")
            cursor.execute("SELECT count(*) FROM host_source WHERE NOT demo")
            if cursor.fetchone()[0]:
                return False
            _guards(cursor, tables, "DISABLE")
            cursor.execute(f"TRUNCATE {', '.join(tables)} RESTART IDENTITY")
            _guards(cursor, tables, "ENABLE")
    finally:
        owner.close()
    return True


def _guards(cursor: CursorWrapper, tables: list[str], verb: str) -> None:
    for table in tables:
        cursor.execute(f"ALTER TABLE {table} {verb} TRIGGER USER")
