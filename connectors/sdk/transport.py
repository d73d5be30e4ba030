"""What keeps one slow or broken source from slowing the rest: all that the calls of one source share.

The host keeps one ``SourceLane`` per source and process, and asks through it::

    with lane.admit(), call(limit_s) as this:       # raises Busy or NotNow, at once
        rows = connector(settings, lane.http(...)).lookup(refs)
    this.took_ms, this.expired
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections import deque
from collections.abc import Callable, Hashable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from connectors.sdk.budget import RetryBudget
from connectors.sdk.calls import Call, call, counted, current_call
from connectors.sdk.errors import SourceError, TryAgain
from connectors.sdk.exchange import Transport
from connectors.sdk.pooled import PooledTransport

if TYPE_CHECKING:
    from connectors.sdk.auth import Auth
    from connectors.sdk.http import Http

__all__ = [
    "Breaker", "Bulkhead", "Busy", "Call", "NotNow", "RetryBudget", "SourceLane", "call", "current_call",
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


class Bulkhead:
    """So many calls at once and no more; whoever comes then is turned away, never queued."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._places = threading.BoundedSemaphore(size)

    def enter(self) -> bool:
        return self._places.acquire(blocking=False)

    def leave(self) -> None:
        self._places.release()


class Breaker:
    """Opens when, of the calls in the last ``window_s`` seconds (at least ``least``), ``rate`` failed.

    While open nothing is let through. After ``rest_s`` seconds one probe is; it closes the breaker or
    opens it again.
    """

    def __init__(self, rate: float = 0.5, least: int = 5, window_s: float = 30.0, rest_s: float = 5.0) -> None:
        self._rate, self._least, self._window_s, self._rest_s = rate, least, window_s, rest_s
        self._outcomes: deque[tuple[float, bool]] = deque(maxlen=1000)
        self._opened: float | None = None
        self._probing: float | None = None
        self._lock = threading.Lock()

    def closed_in_s(self) -> float:
        """0 where a call may go now (it is the probe where the breaker was open), else seconds to wait."""
        now = time.monotonic()
        with self._lock:
            if self._opened is None:
                return 0.0
            since = self._opened if self._probing is None else self._probing
            wait = since + self._rest_s - now
            if wait > 0:
                return wait
            self._probing = now  # a probe that never reports back is followed by another
            return 0.0

    def succeeded(self) -> None:
        with self._lock:
            if self._opened is not None:
                self._opened = self._probing = None
                self._outcomes.clear()
            self._note(True)

    def failed(self) -> None:
        with self._lock:
            self._note(False)
            failures = sum(not fine for _, fine in self._outcomes)
            many = len(self._outcomes) >= self._least and failures >= self._rate * len(self._outcomes)
            if self._opened is not None or many:
                self._opened, self._probing = time.monotonic(), None

    def learned_nothing(self) -> None:
        """The call asked the source nothing: if it was the probe, the next one is."""
        with self._lock:
            self._probing = None

    def _note(self, fine: bool) -> None:
        now = time.monotonic()
        self._outcomes.append((now, fine))
        while self._outcomes and self._outcomes[0][0] < now - self._window_s:
            self._outcomes.popleft()


class SourceLane:
    """The way to one source in this process: connections, places, breaker, retry budget, and "not before".

    ``size`` is both the number of calls at once and of connections kept open. Make a new lane when
    ``size`` or ``internal`` change, and ``close`` the old one.
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
        self.transport: Transport = transport or PooledTransport(internal, size)
        self.budget = RetryBudget()
        self.breaker = breaker or Breaker()
        self.bulkhead = Bulkhead(size)
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

    @contextlib.contextmanager
    def admit(self) -> Iterator[None]:
        """One place for one call. Raises Busy or NotNow at once, before anything is asked.

        How the body ends is learned from: TryAgain with ``after`` (429, a planned pause) sets the time before
        which nothing is asked, TryAgain without counts as a failure, any other answer as a success, and an
        error of the connector's own, or a body that asked the source nothing, as neither.
        """
        wait = self._not_before - time.monotonic()
        if wait > 0:
            raise NotNow(f"{self.name} asked us to wait.", wait)
        if not self.bulkhead.enter():
            raise Busy(f"{self.name} is being asked as often as it may be: try again in a moment.")
        try:
            wait = self.breaker.closed_in_s()
            if wait > 0:
                raise NotNow(f"{self.name} keeps failing and is left alone for a moment.", wait)
            yield from self._learning()
        finally:
            self.bulkhead.leave()

    def close(self) -> None:
        """Let go of the connections that are kept open."""
        self.transport.close()

    def _learning(self) -> Iterator[None]:
        fine = False
        with counted() as inside:
            try:
                yield
                fine = True
            except TryAgain as error:
                self._failed(error)
                raise
            except SourceError:
                fine = True
                raise
            finally:
                if fine and inside.requests:
                    self.breaker.succeeded()
                elif not inside.requests:
                    self.breaker.learned_nothing()

    def _failed(self, error: TryAgain) -> None:
        if error.after is None:
            self.breaker.failed()
        else:
            self._not_before = max(self._not_before, time.monotonic() + min(error.after, MAX_WAIT_S))
