"""The work on deliveries: claimed under a lease, done with the facts in one transaction, never lost, never twice."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby, islice

from django.db import connection, transaction
from django.utils import timezone

from connectors.host.errors import HostError
from connectors.host.models import Inbound, InboundWork, Source
from connectors.host.services.deliveries_log import log_seldom
from connectors.host.services.drift import drift_note
from connectors.host.services.gathering.lanes import lane_of
from connectors.host.services.gathering.opening import connector_open
from connectors.host.services.readings import rows_read
from connectors.host.services.recording import Batch, Recorded, facts_record_all
from connectors.sdk import Connector, Delivery, Row, SourceError, TryAgain
from connectors.sdk.calls import call
from connectors.sdk.secrets import told
from connectors.sdk.transport import Busy, NotNow

log = logging.getLogger(__name__)
AT_ONCE = 50
ATTEMPTS = 8
LEASE_S = 9.0
"""A worker that is killed leaves its deliveries to others after this time."""
RECEIVE_S = 6.0
"""Whatever a source's own limit, looking up what a delivery rings for must end before the lease does."""
STORE_AFTER_S = 2.0
STOP_AFTER_S = 6.0
"""What a claim has not come to by then is free again at once: no worker keeps deliveries from idle ones."""
MAX_ROWS = 10_000
FIRST_WAIT_S, LONGEST_WAIT_S = 10.0, 6 * 3600.0


@dataclass(frozen=True)
class Claim:
    """One delivery that is ours until ``until``, which is also how we know that it still is."""

    id: int
    source_id: int
    attempts: int
    until: datetime


@dataclass(frozen=True)
class Ready:
    """A delivery that was read; its rows are to be stored."""

    claim: Claim
    rows: Sequence[Row]
    started_at: datetime


def deliveries_work(*, at_most: int = AT_ONCE) -> int:
    """Claim deliveries that are due and work on them. Gives how many were claimed; 0 where nothing is due."""
    ends = time.monotonic() + STOP_AFTER_S
    claims = sorted(_claim(at_most), key=lambda c: c.source_id)
    for source_id, group in groupby(claims, key=lambda c: c.source_id):
        _Work(Source.objects.get(pk=source_id), list(group)).run(ends)
    return len(claims)


def delivery_work(*, inbound_id: int) -> bool:
    """Work on this one delivery, if it is due and nobody else does. True where it was ours."""
    claims = _claim(1, inbound_id)
    for claim in claims:
        _Work(Source.objects.get(pk=claim.source_id), [claim]).run(time.monotonic() + STOP_AFTER_S)
    return bool(claims)


def deliveries_due() -> bool:
    """True where a delivery waits to be worked on now."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT EXISTS ({_DUE})", {"only": None})
        return bool(cursor.fetchone()[0])


_DUE = """
SELECT w.inbound_id FROM host_inboundwork w JOIN host_source s ON s.id = w.source_id
WHERE w.state IN ('waiting', 'failed') AND w.due_at <= clock_timestamp() AND s.enabled AND NOT s.paused
  AND (%(only)s::bigint IS NULL OR w.inbound_id = %(only)s)
"""
# Claimed rows step back in the order of due times, so that the next claim need not look at them.
_CLAIM = f"""
UPDATE host_inboundwork w SET leased_until = n.until, due_at = n.until, attempts = w.attempts + 1, rung_at = NULL
FROM (SELECT inbound_id, clock_timestamp() + make_interval(secs => %(lease)s) AS until
      FROM ({_DUE} ORDER BY w.due_at LIMIT %(limit)s FOR UPDATE OF w SKIP LOCKED) due) n
WHERE w.inbound_id = n.inbound_id RETURNING w.inbound_id, w.source_id, w.attempts, w.leased_until
"""
_RENEW = """
UPDATE host_inboundwork w SET leased_until = n.until, due_at = n.until
FROM (SELECT id, was, clock_timestamp() + make_interval(secs => %s) AS until
      FROM unnest(%s::bigint[], %s::timestamptz[]) AS given (id, was)) n
WHERE w.inbound_id = n.id AND w.leased_until = n.was RETURNING w.inbound_id, w.source_id, w.attempts, w.leased_until
"""
_MINE = """
SELECT w.inbound_id FROM host_inboundwork w JOIN unnest(%s::bigint[], %s::timestamptz[]) AS mine (id, until)
ON w.inbound_id = mine.id AND w.leased_until = mine.until ORDER BY w.inbound_id FOR UPDATE OF w
"""

_FREE = """
UPDATE host_inboundwork w SET leased_until = NULL, due_at = clock_timestamp(), attempts = w.attempts - 1
FROM unnest(%s::bigint[], %s::timestamptz[]) AS mine (id, until)
WHERE w.inbound_id = mine.id AND w.leased_until = mine.until
"""
_DONE = """
UPDATE host_inboundwork w SET new = w.new + n.new, malformed = n.malformed, reason = n.reason,
    state = CASE WHEN w.rung_at IS NULL THEN 'done' ELSE 'waiting' END,
    due_at = CASE WHEN w.rung_at IS NOT NULL THEN clock_timestamp() + make_interval(secs => 10) END,
    attempts = CASE WHEN w.rung_at IS NULL THEN w.attempts ELSE 0 END,
    done_at = clock_timestamp(), leased_until = NULL, learned_at = coalesce(n.learned_at, w.learned_at)
FROM unnest(%s::bigint[], %s::int[], %s::int[], %s::text[], %s::timestamptz[]) n(id, new, malformed, reason, learned_at)
WHERE w.inbound_id = n.id
"""


def _claim(limit: int, only: int | None = None) -> list[Claim]:
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"limit": limit, "only": only, "lease": LEASE_S})
        return [Claim(*row) for row in cursor.fetchall()]


class _Work:
    """The claimed deliveries of one source. What could be read is stored together, and alone where that fails."""

    def __init__(self, source: Source, claims: list[Claim]) -> None:
        self.source = source
        self.claims = {c.id: c for c in claims}
        self.ready: list[Ready] = []
        self.connector: Connector | None = None
        self.renewed = time.monotonic()

    def run(self, ends: float) -> None:
        try:
            self.connector = connector_open(self.source)
        except (SourceError, HostError) as error:
            for claim in list(self.claims.values()):
                self._failed(claim, str(error))
            return
        for delivery in self._in_order():
            if time.monotonic() > ends:
                break
            self._renew()
            if still := self.claims.get(delivery.pk):
                self._read(still, delivery)
                # What outlived a worker may be what killed it: it takes no others with it.
                if still.attempts > 1 or time.monotonic() - self.renewed > STORE_AFTER_S:
                    self._store()
        self._store()
        if self.claims:
            with connection.cursor() as cursor:
                cursor.execute(_FREE, [[c.id for c in self.claims.values()], [c.until for c in self.claims.values()]])

    def _in_order(self) -> list[Inbound]:
        """As they came; but those tried before in no order, so that one which kills its worker spares the others."""
        found = list(Inbound.objects.filter(pk__in=list(self.claims)).order_by("received_at", "pk"))
        again = [d for d in found if self.claims[d.pk].attempts > 1]
        random.shuffle(again)
        return [d for d in found if self.claims[d.pk].attempts == 1] + again

    def _renew(self) -> None:
        """Keep the lease of what is still to be done; what another worker has taken meanwhile is theirs."""
        if time.monotonic() - self.renewed < STORE_AFTER_S or not self.claims:
            return
        mine = list(self.claims.values())
        with connection.cursor() as cursor:
            cursor.execute(_RENEW, [LEASE_S, [c.id for c in mine], [c.until for c in mine]])
            self.claims = {c.id: c for c in (Claim(*row) for row in cursor.fetchall())}
        self.renewed = time.monotonic()

    def _read(self, claim: Claim, delivery: Inbound) -> None:
        if claim.attempts > ATTEMPTS:
            return self._failed(claim, "The worker ended each time while it worked on this delivery.")
        try:
            rows, asked_at = _rows(self.source, self.connector, delivery)
        except (Busy, NotNow) as error:
            return self._put_off(claim, error)
        except SourceError as error:
            return self._failed(claim, error.sentence, getattr(error, "after", None))
        except Exception as error:  # noqa: BLE001 an author's mistake costs no delivery
            log.warning("The delivery %s of %s can't be read", claim.id, self.source.name, exc_info=True)
            return self._failed(claim, f"It can't be read: {type(error).__name__}: {_words(error)}")
        self.ready.append(Ready(claim, rows, asked_at or delivery.received_at))
        if asked_at:  # what was looked up is as old as the looking up, and is stored before more of it is
            self._store()
        return None

    def _store(self) -> None:
        ready, self.ready = self.ready, []
        if not ready:
            return
        try:
            self._finish(ready)
        except Exception as error:  # one of them; the others shall not wait for it
            if len(ready) > 1:
                for one in ready:
                    self.ready = [one]
                    self._store()
                return
            log.exception("The delivery %s of %s can't be stored", ready[0].claim.id, self.source.name)
            self._failed(ready[0].claim, f"It can't be stored: {type(error).__name__}.")

    def _finish(self, ready: Sequence[Ready]) -> None:
        """Facts and "done" in one transaction, of those that are still ours."""
        claims = [self.claims.get(one.claim.id, one.claim) for one in ready]
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(_MINE, [[c.id for c in claims], [c.until for c in claims]])
                ours = {row[0] for row in cursor.fetchall()}
            mine = [one for one in ready if one.claim.id in ours]
            batches = [Batch(self.source, one.rows, "push", one.started_at, connector=self.connector) for one in mine]
            self._done(mine, facts_record_all(batches))
        for one in ready:
            self.claims.pop(one.claim.id, None)
        drift_note(source=self.source, rows=[row for one in mine for row in one.rows])

    def _done(self, ready: Sequence[Ready], recorded: Sequence[Recorded]) -> None:
        rows = [
            (one.claim.id, found.new, found.malformed, self._unread(one) if found.malformed else "",
             found.learned_at if found.new or found.closed else None)
            for one, found in zip(ready, recorded, strict=True)
        ]  # fmt: skip
        if rows:
            with connection.cursor() as cursor:
                cursor.execute(_DONE, [list(column) for column in zip(*rows, strict=True)])

    def _unread(self, one: Ready) -> str:
        assert self.connector is not None
        reasons = [reason for r in rows_read(self.connector, one.rows) for _, reason in r.problems]
        return f"Part of it can't be read: {reasons[0][:500]}" if reasons else "Part of it can't be read."

    def _failed(self, claim: Claim, reason: str, after: float | None = None) -> None:
        """Tried again after a growing while; after the last attempt only by hand."""
        claim = self.claims.pop(claim.id, claim)
        dead = claim.attempts >= ATTEMPTS
        wait = min(LONGEST_WAIT_S, FIRST_WAIT_S * 4 ** (claim.attempts - 1)) * random.uniform(0.8, 1.2)
        due = None if dead else timezone.now() + timedelta(seconds=max(wait, min(after or 0, LONGEST_WAIT_S)))
        reason = told(reason)[:2000]
        InboundWork.objects.filter(pk=claim.id, leased_until=claim.until).update(
            state="dead" if dead else "failed", due_at=due, leased_until=None, reason=reason
        )
        if dead:
            said = f"A delivery was given up after {ATTEMPTS} attempts; it is kept. {reason}"
            log_seldom(self.source.pk, "delivery given up", said, "error")

    def _put_off(self, claim: Claim, error: TryAgain) -> None:
        """The source was not asked at all: that is no attempt."""
        claim = self.claims.pop(claim.id, claim)
        due = timezone.now() + timedelta(
            seconds=max(2.0, min(error.after or 0, LONGEST_WAIT_S)) * random.uniform(1, 1.3)
        )
        InboundWork.objects.filter(pk=claim.id, leased_until=claim.until).update(
            due_at=due, leased_until=None, attempts=claim.attempts - 1, reason=error.sentence[:2000]
        )


def _words(error: Exception) -> str:
    try:
        return str(error)[:500]
    except Exception:  # noqa: BLE001 an author's own error may fail even at telling what it is
        return ""


def _rows(source: Source, connector: Connector | None, kept: Inbound) -> tuple[list[Row], datetime | None]:
    """The rows that a delivery carries, and when the source was asked for them, if it was."""
    assert connector is not None
    delivery = Delivery(kept.key, kept.headers, bytes(kept.body), kept.received_at)
    asked_at = timezone.now()
    with lane_of(source).admit(), call(min(source.source_limit_s, RECEIVE_S)) as this:
        rows = list(islice(connector.receive(delivery), MAX_ROWS + 1))
    if len(rows) > MAX_ROWS or not all(isinstance(row, Row) for row in rows):
        raise TypeError(f"receive gives at most {MAX_ROWS:,} Rows and nothing else.")
    return rows, asked_at if this.requests else None
