"""One writer per process: whatever answers have arrived, of whichever gatherings, are stored in one transaction.

Every transaction that stores waits for the one clock of what is known, so many small ones queue behind each other
while one for all of them costs hardly more than one of them. Nobody waits for an answer that has not come.
"""

from __future__ import annotations

import contextlib
import logging
import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from django.db import DatabaseError, close_old_connections

from connectors.host.services.gathering.lanes import desk_submit
from connectors.host.services.gathering.leases import leases_return
from connectors.host.services.recording import Batch, Recorded, facts_record_all

log = logging.getLogger(__name__)
MOST_AT_ONCE = 64
"""Words in one transaction."""


class Owner(Protocol):
    """Whoever wants to hear what became of its words."""

    holder: str

    def stored(self, recorded: Sequence[Recorded]) -> None:
        """They are committed; those that could not be are missing."""

    def done(self, times: int) -> None:
        """So many words are dealt with."""


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
        self._lock = threading.Lock()

    def put(self, word: Word) -> None:
        """Store it soon."""
        with self._lock:
            self._waiting.append(word)
            if self._writing:
                return
            self._writing = True
        if not desk_submit(self._write):
            # The threads that could do it are busy with others' words; a word that was heard is never dropped.
            threading.Thread(target=self._write, name="desk-more", daemon=True).start()

    def _write(self) -> None:
        with contextlib.suppress(DatabaseError):
            close_old_connections()
        while words := self._next():
            self._store(words)
        close_old_connections()

    def _next(self) -> list[Word]:
        with self._lock:
            words, self._waiting = self._waiting[:MOST_AT_ONCE], self._waiting[MOST_AT_ONCE:]
            self._writing = bool(words)
            return words

    def _store(self, words: list[Word]) -> None:
        found: dict[int, Recorded] = {}
        try:
            found = _together(words)
        except Exception as error:  # noqa: BLE001 one word may spoil the group; alone it spoils itself
            log.warning("%s answers could not be stored together (%s): one by one", len(words), type(error).__name__)
            for word in words:
                found.update(_alone(word))
        for owner in dict.fromkeys(word.owner for word in words):
            mine = [id(word) for word in words if word.owner is owner]
            try:
                owner.stored([found[key] for key in mine if key in found])
            except Exception:
                log.exception("A gathering could not go on")
            finally:
                owner.done(len(mine))


def _together(words: Sequence[Word]) -> dict[int, Recorded]:
    """By word: what was recorded of it. All are stored, and their leases given back, or none."""
    held = [(word.source_id, ref_id, word.owner.holder) for word in words for ref_id in word.ref_ids]
    told = [word for word in words if word.batch]
    if not told:
        leases_return(held)
        return {}
    recorded = facts_record_all([word.batch for word in told if word.batch], also=lambda: leases_return(held))
    return {id(word): one for word, one in zip(told, recorded, strict=True)}


def _alone(word: Word) -> dict[int, Recorded]:
    try:
        return _together([word])
    except Exception:
        log.exception("What %s said could not be stored", word.batch.source.name if word.batch else "a source")
    try:
        leases_return((word.source_id, ref_id, word.owner.holder) for ref_id in word.ref_ids)
    except DatabaseError:
        log.warning("Its leases could not be given back; they run out by themselves")
    return {}


_writers: dict[int, Writer] = {}
_making = threading.Lock()


def writer() -> Writer:
    """This process's writer."""
    with _making:
        return _writers.setdefault(os.getpid(), Writer())
