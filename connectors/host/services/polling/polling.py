"""Reading what is new at a source. The cursor moves only in the transaction that stores what it covers."""

from __future__ import annotations

import time
from collections.abc import Iterator

from django.db import transaction
from django.utils import timezone

from connectors.host.models import Source, SourceCursor
from connectors.host.services.drift import drift_note
from connectors.host.services.gathering.lanes import lane_of
from connectors.host.services.gathering.opening import connector_open
from connectors.host.services.polling.alone import POLL, alone
from connectors.host.services.polling.pages import Pages, Taken
from connectors.host.services.polling.schedule import poll_put_off, source_get, sources_due
from connectors.host.services.recording import Asked, facts_record
from connectors.sdk import SourceError, TryAgain
from connectors.sdk.calls import call
from connectors.sdk.transport import Busy, NotNow

PIECE_S = 20.0
"""A long poll is cut into pieces of about this many seconds, so that other work of the worker gets its turn."""
STUCK_S = 45.0
"""Past this a poll is given up whose cursor has not moved: a worker's task may take 60 seconds."""


def source_poll(*, name: str) -> int:
    """Read a source's changes from its cursor on, and return how many new fact versions came.

    Two polls of one source never run at once: the second returns 0, and so does one of a source that is paused. A
    source's failure is stored as a check, puts the next poll off, and does not raise.
    """
    source = source_get(name)
    with alone(POLL, source.pk) as mine:
        if not mine or source.paused or not source.enabled:
            return 0
        return _Poll(source).run()


def source_poll_due(*, name: str) -> bool:
    """``source_poll`` where it is due. True where more waits than one piece of work may read: go on at once."""
    source = source_get(name)
    with alone(POLL, source.pk) as mine:
        if not mine or name not in sources_due():
            return False
        poll = _Poll(source)
        poll.run()
        return poll.more


def source_check(*, name: str) -> str:
    """Do the settings of this source work? Returns the connector's sentence, or raises its SourceError."""
    source = source_get(name)
    with lane_of(source).admit(), call(source.source_limit_s):
        return connector_open(source).check()


class _Overtaken(Exception):
    """Somebody reset the cursor or paused the source meanwhile: what was read beyond is theirs to read again."""


class _Poll:
    def __init__(self, source: Source) -> None:
        state, _ = SourceCursor.objects.get_or_create(source=source)
        self.source, self.cursor, self.first = source, state.cursor, state.cursor
        self.pages = Pages(source, state.cursor)
        self.began = time.monotonic()
        self.asking_since = timezone.now()
        self.more = False
        self.new = 0

    def run(self) -> int:
        error: SourceError | None = None
        try:
            for taken, last in self._ahead():
                self._store(taken, last)
        except _Overtaken:
            return self.new
        except (Busy, NotNow) as refusal:
            error = refusal  # nothing was asked; the cursor stays
        except SourceError as problem:
            error = problem
            self._failed(problem)
        poll_put_off(self.source, error, self.more)
        return self.new

    def _ahead(self) -> Iterator[tuple[Taken, bool]]:
        """Each page, and whether it is the last: only that one proves that all is known up to now."""
        held = None
        try:
            held = self.pages.take()
            if held is None:
                self._confirm()
            while held is not None:
                self.more = self._time_is_up(held)
                following = None if self.more else self.pages.take()
                now, held = held, following
                yield now, following is None and not self.more
        except SourceError:
            if held is not None:
                yield held, False
            raise

    def _time_is_up(self, taken: Taken) -> bool:
        took = time.monotonic() - self.began
        if took > STUCK_S and taken.page.cursor == self.first:
            raise TryAgain(f"{self.source.title} has more news than can be read at once: its cursor does not move.")
        return took > PIECE_S and taken.page.cursor != self.first

    def _store(self, taken: Taken, last: bool) -> None:
        page = taken.page
        with transaction.atomic():
            state = SourceCursor.objects.select_for_update().get(source=self.source)
            if state.cursor != self.cursor or Source.objects.filter(pk=self.source.pk, paused=True).exists():
                raise _Overtaken
            self.new += facts_record(
                source=self.source, rows=page.rows, how="poll", started_at=taken.started_at, cursor=page.cursor,
                asked=Asked(took_ms=taken.took_ms) if last else None, connector=self.pages.connector,
            ).new  # fmt: skip
            SourceCursor.objects.filter(source=self.source).update(moved_at=timezone.now())
        self.cursor = page.cursor
        drift_note(source=self.source, rows=page.rows)

    def _confirm(self) -> None:
        """The source has nothing at all to say: that too is an answer."""
        asked = Asked(took_ms=round(1000 * (time.monotonic() - self.began)))
        facts_record(source=self.source, rows=(), how="poll", started_at=self.asking_since, asked=asked)
        SourceCursor.objects.filter(source=self.source).update(moved_at=timezone.now())

    def _failed(self, error: SourceError) -> None:
        outcome = error.outcome if error.outcome != "nothing" else "malformed"
        took = round(1000 * (time.monotonic() - self.began))
        asked = Asked(took_ms=took, outcome=outcome, reason=error.sentence, detail=error.detail)
        facts_record(source=self.source, rows=(), how="poll", started_at=self.asking_since, asked=asked)
