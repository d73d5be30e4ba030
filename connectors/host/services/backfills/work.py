"""The work of a backfill: page after page, each stored together with the cursor that it leads to."""

from __future__ import annotations

import time
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from connectors.host.models import Backfill, SourceCursor
from connectors.host.services.polling.alone import BACKFILL, alone
from connectors.host.services.polling.pages import Pages, Taken, cursor_at
from connectors.host.services.polling.schedule import backoff_s, is_due, soon_s, source_not_before
from connectors.host.services.recording import facts_record
from connectors.host.services.sources_log import source_note
from connectors.sdk import BadSettings, SourceError, TryAgain
from connectors.sdk.transport import Busy, NotNow

PIECE_S = 10.0
"""A piece of work takes about this long; between two, others get their turn."""
STUCK_S = 45.0
NAP_S = 3.0
"""A shorter wait between two pages is slept through; before a longer one the piece ends."""
MAX_FAILURES = 10
"""So many in a row pause it."""


def backfills_due() -> list[int]:
    """Ids of the backfills that have work now. Those of sources that are paused have none."""
    rows = Backfill.objects.filter(
        state__in=("waiting", "running"), source__enabled=True, source__paused=False
    ).order_by("due_at")  # fmt: skip
    return [pk for pk, due_at in rows.values_list("pk", "due_at") if is_due(due_at)]


def backfill_work(*, backfill_id: int) -> bool:
    """One piece of the work on a backfill, where it is due and nobody else is at it. True where it goes on at once.

    A page and the cursor behind it are stored in one transaction, so a process may be killed at any instant: the
    next one asks for the page again, and what is stored already is no news.
    """
    with alone(BACKFILL, backfill_id) as mine:
        if not mine or backfill_id not in backfills_due():
            return False
        return _Piece(Backfill.objects.select_related("source").get(pk=backfill_id)).run()


class _Stopped(Exception):
    """Somebody paused or cancelled it, or has read on: what is in hand is dropped, and asked for again."""


class _Piece:
    def __init__(self, backfill: Backfill) -> None:
        self.row, self.source = backfill, backfill.source
        self.mine = Backfill.objects.filter(pk=backfill.pk)
        self.began = time.monotonic()
        self.first = backfill.cursor

    def run(self) -> bool:
        try:
            if self._is_held():
                return False
            if self.row.cursor is None:
                self._begin()
            return self._read(Pages(self.source, self.row.cursor))
        except _Stopped:
            return False
        except (Busy, NotNow) as error:
            self.mine.update(due_at=timezone.now() + timedelta(seconds=soon_s(error)))
            return False
        except SourceError as error:
            source_not_before(self.source, error)
            self._failed(error)
            return False

    def _is_held(self) -> bool:
        """A source that fails, or asked to be left alone, is left alone by its backfill too."""
        until = SourceCursor.objects.filter(
            source=self.source, failures__gt=0, due_at__gt=timezone.now()
        ).values_list("due_at", flat=True).first()  # fmt: skip
        if until and self.source.poll_s is not None:
            self.mine.update(due_at=until)
        return bool(until and self.source.poll_s is not None)

    def _begin(self) -> None:
        self.row.cursor = self.first = cursor_at(self.source, self.row.since)
        if not self.mine.filter(cursor=None).update(cursor=self.row.cursor):
            raise _Stopped

    def _read(self, pages: Pages) -> bool:
        pace = 60.0 / self.row.pages_a_minute
        while (taken := pages.take()) is not None:
            asked_at = time.monotonic() - taken.took_ms / 1000
            if self._store(pages, taken):
                return self._end("It has caught up with polling.")
            left = asked_at + pace - time.monotonic()
            if self._is_time(taken, left):
                self.mine.update(due_at=timezone.now() + timedelta(seconds=max(left, 0)))
                return left <= 0
            time.sleep(max(left, 0))
        return self._end("The source has no more.")

    def _is_time(self, taken: Taken, left: float) -> bool:
        """Time for others to get their turn. Only a cursor that has moved can be read on from."""
        took = time.monotonic() - self.began
        if taken.page.cursor == self.first:
            if took > STUCK_S:
                raise TryAgain(f"{self.source.title} has more than can be read at once: its cursor does not move.")
            return False
        return left > NAP_S or took + max(left, 0) > PIECE_S

    @transaction.atomic
    def _store(self, pages: Pages, taken: Taken) -> bool:
        """Keep a page and move on. True where that has caught up with polling."""
        before, page, now = self.row.cursor, taken.page, timezone.now()
        alive = self.mine.filter(state__in=("waiting", "running"), cursor=before)
        if not alive.select_for_update().exists():
            raise _Stopped
        recorded = facts_record(
            source=self.source, rows=page.rows, how="poll", started_at=taken.started_at, connector=pages.connector
        )
        self.mine.update(
            state="running", cursor=page.cursor, pages=F("pages") + 1, rows=F("rows") + len(page.rows),
            new=F("new") + recorded.new, malformed=F("malformed") + recorded.malformed, failures=0, reason="",
            progressed_at=now, due_at=now,
        )  # fmt: skip
        self.row.cursor = page.cursor
        polled = SourceCursor.objects.filter(source=self.source).values_list("cursor", flat=True).first()
        return page.cursor != before and page.cursor == polled

    @transaction.atomic
    def _end(self, why: str) -> bool:
        alive = self.mine.filter(state__in=("waiting", "running"))
        if alive.update(state="done", reason="", ended_at=timezone.now(), due_at=None):
            row = self.mine.get()
            sentence = f"The backfill is done: {row.pages} pages, {row.rows} rows, {row.new} new facts. {why}"
            source_note(source=self.source, what="backfill done", sentence=sentence)
        return False

    @transaction.atomic
    def _failed(self, error: SourceError) -> None:
        """Try again later; stop and say so where that is no use, or was none so often."""
        row = self.mine.select_for_update().get()
        row.failures += 1
        row.reason = error.sentence
        row.due_at = timezone.now() + timedelta(seconds=backoff_s(error, row.failures, 1.0))
        hopeless = isinstance(error, BadSettings)
        if row.state in ("waiting", "running") and (hopeless or row.failures >= MAX_FAILURES):
            row.state = "paused"
            tries = "" if hopeless else f" It failed {row.failures} times in a row."
            row.reason = f"Paused: {error.sentence}{tries} Nothing is lost: resumed, it goes on where it stopped."
            source_note(source=self.source, what="backfill paused", sentence=row.reason, level="error")
        row.save(update_fields=["failures", "reason", "due_at", "state"])
