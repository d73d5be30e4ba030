"""Gathering: ask every source about every ref of a matter, until nothing new appears.

Opening a page never waits here. Each source's answer is stored when it comes, and what it leads to is asked at
once, so that one slow source costs the others nothing. A round goes: plan (a few statements for all sources), take
all its leases (one statement), call the sources (threads that touch no database), and hand what each says to the
writer, which stores whatever has come and returns the leases in one transaction. What came leads to the next round.
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
from connectors.host.services.gathering import lanes, planning
from connectors.host.services.gathering.asking import Heard, Question, question_put
from connectors.host.services.gathering.leases import Pair, leases_return, leases_take
from connectors.host.services.gathering.planning import Due
from connectors.host.services.gathering.writer import Word, writer
from connectors.host.services.recording import Asked, Batch, Recorded, RefOutcome
from connectors.sdk import Ref
from connectors.sdk.spans import span_begin
from connectors.sdk.transport import Busy, NotNow, Place

log = logging.getLogger(__name__)

LEASE_SLACK_S = 5
GATHER_LIMIT_S = 10.0
"""After this many seconds no new question is asked; what is under way may still end and is stored."""
FULL = "Too many questions are under way."


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
        self._seen: set[Pair] = set()
        self._known: set[int] = set()
        self._sources: Sequence[Source] = ()
        self._pending = 0
        self._lock = threading.Lock()
        self._untold = 0
        self._settled, self._told = threading.Event(), threading.Event()
        self.span = span_begin("gather", seeds=len(self.seeds), forced=force)

    @property
    def settled(self) -> bool:
        return self._settled.is_set()

    def wait(self, seconds: float) -> bool:
        """True where everything that can be known now is stored, within ``seconds``."""
        return self._settled.wait(seconds)

    def wait_told(self, seconds: float) -> bool:
        """True where it is stored and those who are told of news have made of it what they do, within ``seconds``."""
        return self._told.wait(seconds)

    def start(self) -> None:
        """Hand the first round to the pool. Where the pool is full, nothing is asked and that is said."""
        self._plan_soon()

    def stored(self, recorded: Sequence[Recorded]) -> None:
        """Answers are committed: what they lead to is asked next."""
        leads = {id_: ref for one in recorded for id_, ref in one.leads.items() if id_ not in self._known}
        if leads and planning.leads_matter(leads.values(), self._sources):
            self._plan_soon()

    def done(self, times: int = 1, *, untold: bool = False) -> None:
        """So many parts of it are through; ``untold`` where their news is still being told."""
        with self._lock:
            self._pending -= times
            self._untold += times if untold else 0
            if self._pending <= 0:
                self.span.end(asked=self.asked, rejected=len(self.rejected))
                self._settled.set()
                if self._untold <= 0:
                    self._told.set()

    def told(self, times: int) -> None:
        """So many words have been told of."""
        with self._lock:
            self._untold -= times
            if self._untold <= 0 and self._pending <= 0:
                self._told.set()

    def _plan_soon(self) -> None:
        with self._lock:
            self._pending += 1
        if not lanes.desk_submit(self._plan):
            self.rejected["*"] = f"{FULL[:-1]}; stored facts are shown."
            self.done()

    def _plan(self) -> None:
        """On the desk: one round."""
        try:
            close_old_connections()
            if time.monotonic() <= self.ends:
                self._round()
        except Exception:
            log.exception("Gathering for %s failed", ", ".join(map(str, self.seeds)))
        finally:
            close_old_connections()
            self.done()

    def _round(self) -> None:
        """Ask what has not been asked yet and is due."""
        now = planning.standing(self.seeds, [*self.seeds, *self.labels])
        self._sources = now.sources
        self._known |= set(now.refs)
        found = planning.due(now, force=self.force)
        asked = [planning.capped(one) for one in map(self._first_sight, found) if one.refs]
        for one in asked:
            self._tell_cut(one)
        self._ask([one for one in asked if one.refs])

    def _first_sight(self, one: Due) -> Due:
        """Without what this gathering has already asked about, or tried to."""
        with self._lock:
            new = {id_: ref for id_, ref in one.refs.items() if (one.source.pk, id_) not in self._seen}
            self._seen |= {(one.source.pk, id_) for id_ in new}
        return Due(one.source, new)

    def _tell_cut(self, one: Due) -> None:
        """What the cap cuts off is stored as refused, so that it shows as a gap."""
        if one.over:
            why = f"Not asked: more than {planning.MAX_PER_SCHEME} references of one kind belong to this case."
            outcomes = tuple(RefOutcome(ref, "refused", reason=why) for ref in one.over.values())
            asked = Asked(took_ms=0, outcome="refused", reason=why, refs=outcomes)
            self._put(one.source, (), Batch(one.source, (), "lookup", timezone.now(), asked))

    def _ask(self, found: list[Due]) -> None:
        """Places first, then all leases at once: whoever can't be asked now keeps nobody else from asking."""
        places = {one.source.pk: place for one in found if (place := self._place(one.source))}
        try:
            at = timezone.now()
            mine = self._lease([one for one in found if one.source.pk in places], at)
        except Exception:
            for place in places.values():
                place.leave()
            raise
        late_after = self.started_at + timedelta(seconds=settings.PAGE_DEADLINE_S)
        for one in found:
            place = places.get(one.source.pk)
            refs = {id_: ref for id_, ref in one.refs.items() if (one.source.pk, id_) in mine}
            if place and refs:
                self._call(Question(one.source, refs, place, at, late_after, self.span))
            elif place:
                place.leave()

    def _place(self, source: Source) -> Place | None:
        if source.paused:
            self.rejected[source.name] = f"{source.title} is paused."
            return None
        try:
            return lanes.lane_of(source).admit()
        except (Busy, NotNow) as error:
            self.rejected[source.name] = error.sentence
            return None

    def _lease(self, found: list[Due], at: datetime) -> set[Pair]:
        """What nobody else asks about now, or has asked about since this gathering began."""
        wanted = {(one.source.pk, id_): one.source.source_limit_s + LEASE_SLACK_S for one in found for id_ in one.refs}
        mine, done = leases_take(wanted, self.holder, self.started_at, at, forced=self.force)
        leases_return(((source_id, ref_id, self.holder) for source_id, ref_id in done), heard=True)
        return mine

    def _call(self, question: Question) -> None:
        def heard(found: Heard | None) -> None:
            self._put(question.source, tuple(question.refs), found.batch if found else None, counted=True)

        with self._lock:
            self._pending += 1
            self.asked += 1
        writer().expect()
        if not question_put(question, heard):
            self.asked -= 1
            self.rejected[question.source.name] = FULL
            heard(None)

    def _put(self, source: Source, ref_ids: Sequence[int], batch: Batch | None, *, counted: bool = False) -> None:
        if not counted:
            with self._lock:
                self._pending += 1
            writer().expect()
        writer().put(Word(self, source.pk, ref_ids, batch))


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
    """``gather``, waiting up to ``timeout`` seconds (default: the page's deadline) until all is stored and its news
    told. Never call it in a page."""
    gathering = gather(seeds=seeds, labels=labels, force=force)
    gathering.wait_told(settings.PAGE_DEADLINE_S if timeout is None else timeout)
    return gathering
