"""The clock of what is known."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

from connectors.host.led import led

_TICK = (
    "UPDATE host_clock SET last = greatest(clock_timestamp(), last + interval '1 microsecond')"
    " WHERE id = 1 RETURNING last"
)


def tick_statement() -> tuple[str, list[datetime]]:
    """What moves the clock and gives its time, for whoever sends it along with other statements."""
    clock = led()
    return (_TICK, []) if clock is None else ("SELECT %s::timestamptz", [clock.tick()])


def clock_tick() -> datetime:
    """The time at which this transaction's rows are learned: aware, UTC, microseconds.

    Call it inside a transaction, as its last lock, just before inserting. The clock's row stays locked to
    commit, so ticks agree with commit order, and what a reader can't see yet never has an earlier time
    than what it can see. Raises TransactionManagementError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("clock_tick() needs a transaction around it.")
    clock = led()
    if clock is not None:
        return clock.tick()
    with connection.cursor() as cursor:
        cursor.execute(_TICK)
        row = cursor.fetchone()
    return row[0]  # type: ignore[no-any-return]
