"""What people do to a backfill. Its work is done elsewhere, and stops at its next page where they say so."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from connectors.host.errors import BadBackfill
from connectors.host.models import Backfill
from connectors.host.registry import connector_class
from connectors.host.services.polling import source_get
from connectors.host.services.sources_log import source_note

OPEN = ("waiting", "running", "paused")
MAX_RATE = 6000


def backfill_get(*, source: str) -> Backfill:
    """The newest backfill of this source. Raises UnknownSource, and BadBackfill where there was none."""
    found = Backfill.objects.filter(source=source_get(source)).select_related("source").order_by("-id").first()
    if found is None:
        raise BadBackfill(f"No backfill of {source!r} was ever started.")
    return found


def backfill_start(*, source: str, since: datetime | None, pages_a_minute: int = 60, by: str = "") -> Backfill:
    """Begin to read what a source tells since ``since`` (aware; None: from the beginning), page by page.

    It has a cursor of its own: polling goes on as ever. Facts that are known already are no news. Raises BadBackfill
    where the connector can't, where one is under way, and for a time or a rate that can't be.
    """
    row = source_get(source)
    cls = connector_class(row.connector)
    if not (cls.can("changes") and cls.can("cursor_at")):
        raise BadBackfill(f"{row.title} can't be backfilled: its connector needs changes() and cursor_at().")
    if since is not None and (since.tzinfo is None or since >= timezone.now()):
        raise BadBackfill("since: give a past time with its zone, e.g. 2026-01-01T00:00:00+02:00.")
    if not 0 < pages_a_minute <= MAX_RATE:
        raise BadBackfill(f"pages_a_minute: give 1 to {MAX_RATE} pages a minute.")
    now = timezone.now()
    try:
        with transaction.atomic():
            made = Backfill.objects.create(
                source=row, since=since, pages_a_minute=pages_a_minute, by=by[:150], created_at=now, due_at=now
            )
            start = "the beginning" if since is None else f"{since:%Y-%m-%d}"
            source_note(source=row, what="backfill started", sentence=f"Its past is read from {start} on.", by=by)
    except IntegrityError:
        raise BadBackfill(f"A backfill of {row.title} is under way already. Cancel it, or let it end.") from None
    return made


@transaction.atomic
def backfill_pause(*, source: str, by: str = "") -> Backfill:
    """Read no further until it is resumed. Raises BadBackfill where none is under way."""
    return _move(source, ("waiting", "running"), "paused", "paused", by, reason=f"Paused by {by}." if by else "Paused.")


@transaction.atomic
def backfill_resume(*, source: str, by: str = "") -> Backfill:
    """Go on behind the last page that was stored. Raises BadBackfill where none is paused."""
    now = timezone.now()
    return _move(source, ("paused",), "waiting", "resumed", by, reason="", failures=0, due_at=now)


@transaction.atomic
def backfill_cancel(*, source: str, by: str = "") -> Backfill:
    """Read no further, for good. What was stored stays. Raises BadBackfill where none is open."""
    return _move(source, OPEN, "cancelled", "cancelled", by, ended_at=timezone.now(), due_at=None)


def _move(source: str, of: tuple[str, ...], to: str, verb: str, by: str, **more: object) -> Backfill:
    row = source_get(source)
    found = Backfill.objects.select_for_update(of=("self",)).filter(source=row, state__in=of).first()
    if found is None:
        raise BadBackfill(f"No backfill of {row.title} can be {verb}: none is {' or '.join(of)}.")
    found.state = to
    for name, value in more.items():
        setattr(found, name, value)
    found.save(update_fields=["state", *more])
    sentence = f"The backfill was {verb} after {found.pages} pages."
    source_note(source=row, what=f"backfill {verb}", sentence=sentence, by=by)
    return found
