"""One writer per process: whatever answers have arrived, of whichever gatherings, are stored in one transaction.

Every transaction that stores waits for the one clock of what is known, so many small ones queue behind each other
while one for all of them costs hardly more than one of them. Nobody waits for an answer that has not come.
"""

from __future__ import annotations

import contextlib
import logging
import os
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from django.db import DatabaseError, close_old_connections, connection, transaction

from connectors.host.services.drift import drift_glance
from connectors.host.services.gathering.lanes import desk_submit
from connectors.host.services.gathering.leases import Held, leases_return, return_statements
from connectors.host.services.recording import Batch, Recorded, facts_record_all
from connectors.sdk.spans import span

log = logging.getLogger(__name__)
MOST_AT_ONCE = 64
"""Words in one transaction."""
LINGER_S, PAUSE_S = 0.005, 0.0015
"""How long the first word of a group waits for others at most, and after what silence it waits no longer."""


class Owner(Protocol):
    """Whoever wants to hear what became of its words."""

    holder: str

    def stored(self, recorded: Sequence[Recorded]) -> None:
        """They are committed; those that could not be are missing."""

    def done(self, times: int, *, untold: bool) -> None:
        """So many words are dealt with; their news is told next."""

    def told(self, times: int) -> None:
        """It has been."""


@dataclass(frozen=True)
class Word:
    """What one asking brought, and the leases that go back with it. Without a batch there was no answer."""

    owner: Owner
    source_id: int
    ref_ids: Sequence[int]
    batch: Batch | None


class Writer:
    """Takes words from any thread; stores them in groups, in the order in which they came."""

    def __init__(self) -> None:
        self._waiting: list[Word] = []
        self._writing = False
        self._asked = 0
        self._change = threading.Condition()

    def expect(self, more: int = 1) -> None:
        """So many questions were put, whose words will come."""
        with self._change:
            self._asked += more

    def put(self, word: Word) -> None:
        """Store it soon; it was expected."""
        with self._change:
            self._asked -= 1
            self._waiting.append(word)
            if self._writing:
                self._change.notify()
                return
            self._writing = True
        self._begin()

    def _begin(self) -> None:
        if not desk_submit(self._write):
            # The threads that could do it are busy with others' words; a word that was heard is never dropped.
            threading.Thread(target=self._write, name="desk-more", daemon=True).start()

    def _write(self) -> None:
        """One group, up to its commit; who comes next is another thread's, while this one tells the news of it."""
        with contextlib.suppress(DatabaseError):
            close_old_connections()
            connection.cursor().close()  # its health is asked about now, while others' words may still come
        words = self._group()
        try:
            self._together(words)
        except Exception as error:  # noqa: BLE001 one word may spoil the group; alone it spoils itself
            log.warning("%s answers could not be stored together (%s): one by one", len(words), type(error).__name__)
            close_old_connections()  # it may have been the connection: a new one is taken then
            for word in words:
                self._alone(word)
            self._next()
        try:
            for batch in [word.batch for word in words if word.batch]:
                drift_glance(source=batch.source, rows=batch.rows)
        finally:
            for owner in dict.fromkeys(word.owner for word in words):
                owner.told(sum(word.owner is owner for word in words))
        close_old_connections()

    def _group(self) -> list[Word]:
        """What has come, and what comes within a moment: sources that were asked together answer together."""
        with self._change:
            ends = time.monotonic() + LINGER_S
            while self._asked > 0 and len(self._waiting) < MOST_AT_ONCE:
                before, left = len(self._waiting), ends - time.monotonic()
                if left <= 0 or (not self._change.wait(min(left, PAUSE_S)) and len(self._waiting) == before):
                    break
            words, self._waiting = self._waiting[:MOST_AT_ONCE], self._waiting[MOST_AT_ONCE:]
            return words

    def _next(self) -> None:
        """The group is dealt with: the next may be written."""
        with self._change:
            self._writing = bool(self._waiting)
            if not self._writing:
                return
        self._begin()

    def _together(self, words: Sequence[Word], *, more: bool = True) -> None:
        """All are stored and their leases given back, or none. Their gatherings go on as soon as it is committed,
        before anybody else makes something of the news."""
        told = [word for word in words if word.batch]
        found: dict[int, Recorded] = {}

        def committed() -> None:
            _go_on(words, found)
            if more:
                self._next()

        under = getattr(words[0].owner, "span", None) if words else None
        with span("record", under, batches=len(told)), transaction.atomic():
            transaction.on_commit(committed, robust=True)
            leases_return(_held(word for word in words if not word.batch), heard=False)
            if told:
                batches = [word.batch for word in told if word.batch]
                recorded = facts_record_all(batches, also=return_statements(_held(told), heard=True))
                found.update({id(word): one for word, one in zip(told, recorded, strict=True)})

    def _alone(self, word: Word) -> None:
        try:
            return self._together([word], more=False)
        except Exception:
            log.exception("What %s said could not be stored", word.batch.source.name if word.batch else "a source")
        try:
            leases_return(_held([word]), heard=False)
        except DatabaseError:
            log.warning("Its leases could not be given back; they run out by themselves")
        return _go_on([word], {})


def _held(words: Iterable[Word]) -> list[Held]:
    return [(word.source_id, ref_id, word.owner.holder) for word in words for ref_id in word.ref_ids]


def _go_on(words: Sequence[Word], found: Mapping[int, Recorded]) -> None:
    """Their owners hear what became of them. Raises nothing: what is committed is not to be stored again."""
    for owner in dict.fromkeys(word.owner for word in words):
        mine = [id(word) for word in words if word.owner is owner]
        try:
            owner.stored([found[key] for key in mine if key in found])
        except Exception:
            log.exception("A gathering could not go on")
        finally:
            owner.done(len(mine), untold=True)


_writers: dict[int, Writer] = {}
_making = threading.Lock()


def writer() -> Writer:
    """This process's writer."""
    with _making:
        return _writers.setdefault(os.getpid(), Writer())
