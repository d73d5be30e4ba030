"""Gathering: ask every source about every ref of a matter, until nothing new appears.

Opening a page never waits here. Each source's answer is stored when it comes, and what it leads to is asked at
once, so that one slow source costs the others nothing.
"""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import close_old_connections
from django.utils import timezone

from connectors.host.models import Source
from connectors.host.selectors.askings import checks_latest, confirmed_at, source_rows
from connectors.host.selectors.closure import closure
from connectors.host.selectors.moments import moment
from connectors.host.services.gathering import lanes
from connectors.host.services.gathering.asking import source_ask
from connectors.host.services.gathering.leases import leases_asked_since, leases_return, leases_take
from connectors.host.services.recording import Asked, RefOutcome, facts_record
from connectors.host.services.refs import refs_intern
from connectors.sdk import Ref, SourceError
from connectors.sdk.transport import Busy, NotNow

log = logging.getLogger(__name__)

MAX_PER_SCHEME = 50
"""Refs of one scheme that one gathering asks one source about; what is cut off is a visible gap."""
LEASE_SLACK_S = 5
GATHER_LIMIT_S = 10.0
"""After this many seconds no new question is asked; what is under way may still end and is stored."""


class Gathering:
    """One gathering under way. ``wait`` until it is settled; ``asked`` counts calls of sources."""

    def __init__(self, seeds: Sequence[Ref], labels: Sequence[Ref], force: bool) -> None:
        self.seeds, self.labels, self.force = tuple(seeds), tuple(labels), force
        self.started_at = datetime.now(UTC)
        self.holder = secrets.token_hex(12)
        self.asked = 0
        self.rejected: dict[str, str] = {}
        """Sources that could not be asked now, and why."""
        self.ends = time.monotonic() + GATHER_LIMIT_S
        self._seen: set[tuple[int, int]] = set()
        self._known: set[int] = set()
        self._pending = 0
        self._lock = threading.Lock()
        self._settled = threading.Event()

    @property
    def settled(self) -> bool:
        return self._settled.is_set()

    def wait(self, seconds: float) -> bool:
        """True where everything that can be known now is stored, within ``seconds``."""
        return self._settled.wait(seconds)

    def start(self) -> None:
        """Hand the first round to the pool. Where the pool is full, nothing is asked and that is said."""
        self._pending = 1
        if not lanes.pool_submit(self._first):
            self.rejected["*"] = "Too many questions are under way; stored facts are shown."
            self._done()

    def _first(self) -> None:
        try:
            self._round()
        except Exception:
            log.exception("Gathering for %s failed", ", ".join(map(str, self.seeds)))
        finally:
            close_old_connections()
            self._done()

    def _done(self) -> None:
        with self._lock:
            self._pending -= 1
            if self._pending == 0:
                self._settled.set()

    def _round(self) -> None:
        """Ask what has not been asked yet and is due."""
        if time.monotonic() > self.ends:
            return
        as_of, at = moment()
        refs = {**closure(self.seeds, as_of).refs, **self._own_refs()}
        self._known |= set(refs)
        checks = {} if self.force else checks_latest(refs, as_of)
        rows = {row.id: row for row in source_rows(as_of)}
        for source in Source.objects.filter(enabled=True):
            row = rows[source.pk]
            due = {}
            for id_, ref in refs.items():
                seen = confirmed_at(row, checks.get((source.name, id_), ()))
                fresh = seen is not None and at - seen <= row.limit
                if ref.scheme in row.accepts and not fresh and self._first_sight(source.pk, id_):
                    due[id_] = ref
            self._ask(source, due)

    def _own_refs(self) -> dict[int, Ref]:
        return {id_: ref for ref, id_ in refs_intern([*self.seeds, *self.labels]).items()}

    def _first_sight(self, source_id: int, ref_id: int) -> bool:
        with self._lock:
            if (source_id, ref_id) in self._seen:
                return False
            self._seen.add((source_id, ref_id))
            return True

    def _ask(self, source: Source, due: dict[int, Ref]) -> None:
        due = self._capped(source, due)
        if not due:
            return
        with self._lock:
            self._pending += 1
        if not lanes.pool_submit(self._call, source, due):
            self.rejected[source.name] = "Too many questions are under way."
            self._done()

    def _capped(self, source: Source, due: dict[int, Ref]) -> dict[int, Ref]:
        by_scheme: dict[str, list[int]] = {}
        for id_, ref in sorted(due.items()):
            by_scheme.setdefault(ref.scheme, []).append(id_)
        over = [id_ for ids in by_scheme.values() for id_ in ids[MAX_PER_SCHEME:]]
        if over:
            why = f"Not asked: more than {MAX_PER_SCHEME} references of one kind belong to this case."
            outcomes = tuple(RefOutcome(due[id_], "refused", reason=why) for id_ in over)
            asked = Asked(took_ms=0, outcome="refused", reason=why, refs=outcomes)
            facts_record(source=source, rows=(), how="lookup", started_at=timezone.now(), asked=asked)
        return {id_: ref for id_, ref in due.items() if id_ not in set(over)}

    def _call(self, source: Source, due: dict[int, Ref]) -> None:
        """In the pool: one call of one source, then whatever it leads to."""
        try:
            if self._ask_leased(source, due) - self._known:
                self._round()
        except Exception:
            log.exception("What %s said could not be stored", source.name)
        finally:
            close_old_connections()
            self._done()

    def _ask_leased(self, source: Source, due: dict[int, Ref]) -> set[int]:
        """Ask about those refs that nobody else asks about; gives the refs that the answer leads to."""
        mine: set[int] = set()
        leads: set[int] = set()
        try:
            with lanes.lane_of(source).admit():
                mine = self._lease(source, due)
                if mine:
                    self.asked += 1
                    late_after = self.started_at + timedelta(seconds=settings.PAGE_DEADLINE_S)
                    refs = [due[id_] for id_ in sorted(mine)]
                    recorded, error = source_ask(source=source, refs=refs, late_after=late_after)
                    leads = recorded.leads
                    if error is not None:
                        raise error  # the lane learns from it; what it said is stored in the check
        except (Busy, NotNow) as error:
            self.rejected[source.name] = error.sentence
        except SourceError:
            pass
        finally:
            leases_return(source, mine, self.holder)
        return leads

    def _lease(self, source: Source, due: dict[int, Ref]) -> set[int]:
        """Refs that nobody else asks about now, or has asked about since this gathering began."""
        mine = leases_take(source, due, self.holder, source.source_limit_s + LEASE_SLACK_S)
        done = leases_asked_since(source, mine, self.started_at)
        leases_return(source, done, self.holder)
        return mine - done


def gather(*, seeds: Sequence[Ref], labels: Sequence[Ref] = (), force: bool = False) -> Gathering:
    """Ask what is due about these refs and all that they lead to. Returns at once; results are stored and
    announced as they come. ``force`` asks also what is still fresh. Sources already being asked by somebody
    else about a ref are not asked again: their result is announced to all."""
    gathering = Gathering(seeds, labels, force)
    gathering.start()
    return gathering


def gather_now(
    *, seeds: Sequence[Ref], labels: Sequence[Ref] = (), force: bool = False, timeout: float | None = None
) -> Gathering:
    """``gather``, waiting up to ``timeout`` seconds (default: the page's deadline). Never call it in a page."""
    gathering = gather(seeds=seeds, labels=labels, force=force)
    gathering.wait(settings.PAGE_DEADLINE_S if timeout is None else timeout)
    return gathering
