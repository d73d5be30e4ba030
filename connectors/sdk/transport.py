"""What keeps one slow or broken source from slowing the rest: all that the calls of one source share.

The host keeps one ``SourceLane`` per source and process, and asks through it::

    with lane.admit(), call(limit_s) as this:       # raises Busy or NotNow, at once
        rows = connector(settings, lane.http(...)).lookup(refs)
    this.took_ms, this.expired
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal, Self

from connectors.sdk.budget import RetryBudget
from connectors.sdk.calls import Call, call, counted, current_call
from connectors.sdk.errors import SourceError, TryAgain
from connectors.sdk.exchange import Transport
from connectors.sdk.guards import Breaker, Bulkhead
from connectors.sdk.hedging import Hedged
from connectors.sdk.pooled import PooledTransport

if TYPE_CHECKING:
    from connectors.sdk.auth import Auth
    from connectors.sdk.http import Http

__all__ = [
    "Breaker", "Bulkhead", "Busy", "Call", "LaneState", "NotNow", "Place", "RetryBudget", "SourceLane", "call",
    "current_call",
]  # fmt: skip


MAX_WAIT_S = 3600.0
"""However long a source asks us to stay away, it is tried again after an hour."""


class Busy(TryAgain):
    """All places at this source are taken: it was not asked, and nobody waited."""


class NotNow(TryAgain):
    """The source is left alone until ``until`` (aware), because it asked for that or kept failing."""

    def __init__(self, sentence: str, after: float) -> None:
        super().__init__(sentence, after=after)
        self.until = datetime.now(UTC) + timedelta(seconds=after)


class Place:
    """One place at a source: use it in a ``with`` block for one call, or ``leave`` it unused."""

    def __init__(self, lane: SourceLane) -> None:
        self._lane = lane
        self._inside = counted()

    def __enter__(self) -> Self:
        self._call = self._inside.__enter__()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, where: Any) -> None:
        try:
            self._inside.__exit__(None, None, None)
            self._lane.learn(error, bool(self._call.requests))
        finally:
            self._lane.bulkhead.leave()

    def leave(self) -> None:
        """Nothing was asked: the place is another's, and a probe is still to be made."""
        self._lane.breaker.learned_nothing()
        self._lane.bulkhead.leave()


@dataclass(frozen=True)
class LaneState:
    """How one source stands in this process, for those who look after it."""

    name: str
    breaker: Literal["closed", "open", "half open"]
    rests_until: datetime | None
    """Aware; until then it is not asked, since it keeps failing or asked for that."""
    failed: int
    """So many of the last ``calls`` failed, of those that the breaker looks at."""
    calls: int
    in_flight: int
    size: int
    requests: int
    """Reads since the process began, hedges and retries left out."""
    hedges: int
    retries: int
    p50_ms: float | None
    p95_ms: float | None
    """Of the last good reads; None until there were twenty."""


class SourceLane:
    """The way to one source in this process: connections, places, breaker, budgets, pace, and "not before".

    ``size`` is both the number of calls at once and of connections kept open. Make a new lane when
    ``size`` or ``internal`` change, and ``close`` the old one. ``transport`` takes the place of its connections.
    """

    def __init__(
        self,
        name: str,
        size: int = 4,
        *,
        internal: bool = False,
        breaker: Breaker | None = None,
        transport: Transport | None = None,
    ) -> None:
        self.name, self.size, self.internal = name, size, internal
        self.budget = RetryBudget()
        self.breaker = breaker or Breaker()
        self.bulkhead = Bulkhead(size)
        under = transport or PooledTransport(internal, size)
        self.transport = Hedged(under, self._may_hedge, self.bulkhead.leave)
        self.opened: tuple[type, str, Any] | None = None
        """The host's: the connector class, and what its settings were last made from and into."""
        self._not_before = 0.0
        self._auth: tuple[Hashable, Auth | None] | None = None
        self._lock = threading.Lock()

    def http(
        self,
        base_url: str,
        *,
        headers: Mapping[str, str] | None = None,
        limit_s: float = 10.0,
        max_requests: int = 200,
        auth: Auth | None = None,
    ) -> Http:
        """The connector's ``self.http``: cheap to make for each call, over this lane's connections."""
        from connectors.sdk.http import Http  # it needs this module for its budget

        return Http(base_url, headers=headers, internal=self.internal, limit_s=limit_s, name=self.name,
                    max_requests=max_requests, transport=self.transport, budget=self.budget, auth=auth)  # fmt: skip

    def auth_for(self, settings: Hashable, make: Callable[[], Auth | None]) -> Auth | None:
        """The source's Auth, made once for these settings, so that what it fetched serves every call."""
        with self._lock:
            if self._auth is None or self._auth[0] != settings:
                self._auth = (settings, make())
            return self._auth[1]

    def admit(self) -> Place:
        """One place for one call. Raises Busy or NotNow at once, before anything is asked.

        How the body of its ``with`` block ends is learned from: TryAgain with ``after`` (429, a planned pause) sets
        the time before which nothing is asked, TryAgain without counts as a failure, any other answer as a success,
        and an error of the connector's own, or a body that asked the source nothing, as neither.
        """
        wait = self._not_before - time.monotonic()
        if wait > 0:
            raise NotNow(f"{self.name} asked us to wait.", wait)
        if not self.bulkhead.enter():
            raise Busy(f"{self.name} is being asked as often as it may be: try again in a moment.")
        wait = self.breaker.closed_in_s()
        if wait > 0:
            self.bulkhead.leave()
            raise NotNow(f"{self.name} keeps failing and is left alone for a moment.", wait)
        return Place(self)

    def learn(self, error: BaseException | None, asked: bool) -> None:
        """How a call ended; ``asked`` says whether the source was asked anything."""
        if isinstance(error, TryAgain):
            if error.after is None:
                self.breaker.failed()
            else:
                self._not_before = max(self._not_before, time.monotonic() + min(error.after, MAX_WAIT_S))
        elif asked and (error is None or isinstance(error, SourceError)):
            self.breaker.succeeded()
        if not asked:
            self.breaker.learned_nothing()

    def state(self) -> LaneState:
        """A snapshot; asks nobody."""
        rests = max(self.breaker.rests_s, self._not_before - time.monotonic())
        half = "half open" if self.breaker.rests_s <= 0 else "open"
        points = self.transport.pace.points
        failed, calls = self.breaker.tally()
        return LaneState(
            name=self.name, breaker="closed" if self.breaker.closed else half,  # type: ignore[arg-type]
            rests_until=datetime.now(UTC) + timedelta(seconds=rests) if rests > 0 else None,
            failed=failed, calls=calls, in_flight=self.bulkhead.inside, size=self.size, requests=self.transport.reads,
            hedges=self.transport.hedges, retries=self.budget.taken,
            p50_ms=points and round(1000 * points[0], 1), p95_ms=points and round(1000 * points[1], 1),
        )  # fmt: skip

    def close(self) -> None:
        """Let go of the connections that are kept open."""
        self.transport.close()

    def _may_hedge(self) -> bool:
        return self.breaker.closed and self._not_before <= time.monotonic() and self.bulkhead.enter()
