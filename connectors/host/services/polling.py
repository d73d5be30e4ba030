"""Reading what is new at a source. The cursor moves only in the transaction that stores what it covers."""

from __future__ import annotations

import logging
import random
import time
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from connectors.host.errors import UnknownSource
from connectors.host.models import Source, SourceCursor
from connectors.host.services.gathering.lanes import lane_of
from connectors.host.services.gathering.opening import connector_open
from connectors.host.services.recording import Asked, facts_record
from connectors.sdk import SourceError, Unreadable
from connectors.sdk.calls import call
from connectors.sdk.transport import Busy, NotNow

log = logging.getLogger(__name__)
MAX_PAGES = 200
MAX_BACKOFF_S = 300.0


def source_get(name: str) -> Source:
    """The source of this name. Raises UnknownSource, naming those there are."""
    source = Source.objects.filter(name=name).first()
    if source is None:
        known = ", ".join(Source.objects.order_by("name").values_list("name", flat=True)) or "none"
        raise UnknownSource(f"There is no source {name!r}. Set up: {known}.")
    return source


def source_poll(*, name: str) -> int:
    """Read a source's changes from its cursor on, and return how many new fact versions came.

    Two polls of one source never run at once (an advisory lock): the second returns 0. A source's failure is
    stored as a check, puts the next poll off, and does not raise.
    """
    source = source_get(name)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(74205, %s)", [source.pk])
        if not cursor.fetchone()[0]:
            return 0
        try:
            return _poll(source)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(74205, %s)", [source.pk])


def sources_due() -> list[str]:
    """Names of the sources whose next poll is due."""
    now = timezone.now()
    rows = SourceCursor.objects.filter(source__enabled=True, source__poll_s__isnull=False)
    due = rows.filter(due_at__lte=now) | rows.filter(due_at=None)
    return list(due.values_list("source__name", flat=True))


def source_check(*, name: str) -> str:
    """Do the settings of this source work? Returns the connector's sentence, or raises its SourceError."""
    source = source_get(name)
    with lane_of(source).admit(), call(source.source_limit_s):
        return connector_open(source).check()


def _poll(source: Source) -> int:
    new, error = 0, None
    try:
        with lane_of(source).admit():
            new, error = _pages(source)
            if error is not None:
                raise error
    except (Busy, NotNow):
        pass  # nothing was asked; the cursor stays, and the next poll is due as ever
    except SourceError:
        pass  # stored as a check by _pages
    _put_off(source, error)
    return new


def _pages(source: Source) -> tuple[int, SourceError | None]:
    """Store page after page, each with its cursor. Gives new versions and what stopped it, if anything."""
    state, _ = SourceCursor.objects.get_or_create(source=source)
    new, started_at, began = 0, timezone.now(), time.monotonic()
    with call(source.source_limit_s):
        try:
            connector = connector_open(source)
            for n, page in enumerate(connector.changes(state.cursor)):
                took = round(1000 * (time.monotonic() - began))
                new += facts_record(
                    source=source, rows=page.rows, how="poll", started_at=started_at, asked=Asked(took_ms=took),
                    cursor=page.cursor, connector=connector,
                ).new  # fmt: skip
                if n + 1 >= MAX_PAGES:
                    break
            return new, None
        except SourceError as problem:
            error = problem
        except Exception as problem:  # noqa: BLE001 an author's mistake is the source's failure, never ours
            log.exception("Polling %s failed", source.name)
            error = Unreadable(f"{source.title} sends changes that its connector can't read.", type(problem).__name__)
    took = round(1000 * (time.monotonic() - began))
    outcome = error.outcome if error.outcome != "nothing" else "malformed"
    asked = Asked(took_ms=took, outcome=outcome, reason=error.sentence, detail=error.detail)
    facts_record(source=source, rows=(), how="poll", started_at=started_at, asked=asked)
    return new, error


@transaction.atomic
def _put_off(source: Source, error: SourceError | None) -> None:
    """The next poll: after the period, jittered, or after a growing while where the source fails."""
    state = SourceCursor.objects.select_for_update().get(source=source)
    period = source.poll_s or 60.0
    state.failures = state.failures + 1 if error else 0
    wait = min(MAX_BACKOFF_S, period * 2 ** min(state.failures, 10)) if error and period >= 30 else period
    state.due_at = timezone.now() + timedelta(seconds=wait * random.uniform(0.9, 1.0))
    state.save(update_fields=["failures", "due_at"])
