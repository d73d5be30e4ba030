"""One at a time: work that no two processes may do at once."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from django.db import Error, connection

POLL, BACKFILL, IMPORT = 74205, 74206, 74207
"""The kinds of work that are done one at a time, as the first half of the key of their lock."""


@contextlib.contextmanager
def alone(kind: int, key: int) -> Iterator[bool]:
    """True where nobody else does this work now; nobody else begins it until the block ends.

    The lock belongs to the database connection, so it goes when its process is killed. The keepalives make the
    database notice within a minute also where the whole machine went. It needs session pooling, as LISTEN does.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('tcp_keepalives_idle', '20', false), set_config('tcp_keepalives_interval', '5', false),"
            " set_config('tcp_keepalives_count', '4', false), pg_try_advisory_lock(%s, %s)",
            [kind, key],
        )
        mine: bool = cursor.fetchone()[-1]
    try:
        yield mine
    finally:
        if mine:
            with contextlib.suppress(Error), connection.cursor() as cursor:  # a connection that broke let go of it
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [kind, key])
