"""Where reading goes on, set by hand."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from connectors.host.errors import BadMoment, BadSource
from connectors.host.models import Source, SourceCursor
from connectors.host.registry import connector_class
from connectors.host.services.polling.pages import cursor_at
from connectors.host.services.polling.schedule import source_get
from connectors.host.services.sources_log import source_note


def source_cursor_reset(*, name: str, cursor: str | datetime | None, by: str) -> Source:
    """Read on from another place: a cursor, an aware time, or None for "from now on", as for a new source.

    A poll that is under way stops at its next page. What is read twice is no news, so stepping back costs only time;
    what lies between the old place and a later new one is not read. Raises BadSource where the source is not polled
    or its connector can't find a time, BadMoment, and SourceError where the source had to be asked and failed.
    """
    source = source_get(name)
    if source.poll_s is None:
        raise BadSource(f"{source.title} is not polled, so it has no cursor.")
    to = cursor_at(*_known(source, cursor)) if isinstance(cursor, datetime) else cursor
    with transaction.atomic():
        state, _ = SourceCursor.objects.select_for_update().get_or_create(source=source)
        before, now = state.cursor, timezone.now()
        state.cursor, state.due_at, state.failures, state.moved_at = to, now, 0, now
        state.save(update_fields=["cursor", "due_at", "failures", "moved_at"])
        when = f", where {cursor.isoformat()} is" if isinstance(cursor, datetime) else ""
        told = f"Cursor set from {_short(before)} to {_short(to)}{when}."
        source_note(source=source, what="cursor reset", sentence=told, by=by, level="warn")
    return source


def _known(source: Source, since: datetime) -> tuple[Source, datetime]:
    if since.tzinfo is None or since > timezone.now():
        raise BadMoment("Give a past time with its zone, e.g. 2026-01-01T00:00:00+02:00.")
    if not connector_class(source.connector).can("cursor_at"):
        raise BadSource(f"{source.title} can't be read from a time on: its connector has no cursor_at().")
    return source, since


def _short(cursor: str | None) -> str:
    return "from now on" if cursor is None else repr(cursor if len(cursor) <= 80 else f"{cursor[:77]}…")
