"""The two instants of every view."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from connectors.host.errors import BadMoment
from connectors.host.led import led


def moment(as_of: datetime | None = None) -> tuple[datetime, datetime]:
    """``(as_of, at)``: what is known, and the instant at which ages and due dates are computed.

    For a live view ``as_of`` is the clock of what is known, as this reader can see it, and ``at`` is the
    database's time; for a past view both are the moment asked for. Raises BadMoment for a moment in the
    future or without a zone.
    """
    known, now = _now()
    if as_of is None:
        return known, max(now, known)
    if as_of.tzinfo is None:
        raise BadMoment("as_of needs a time zone, e.g. 2026-11-19T14:06:00+02:00.")
    if as_of > max(now, known):
        raise BadMoment("as_of lies in the future; only what is known can be shown.")
    return as_of, as_of


def _now() -> tuple[datetime, datetime]:
    """What is known until when, and the time."""
    clock = led()
    if clock is not None:
        return clock.last, clock.at
    with connection.cursor() as cursor:
        cursor.execute("SELECT last, clock_timestamp() FROM host_clock WHERE id = 1")
        known, now = cursor.fetchone()
    return known, now
