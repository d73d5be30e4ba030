"""A second call where the first takes longer than this source's calls do: the first good answer wins, the other is cut.

Only for reads, after the source's own 95th percentile, and never for more than a twentieth of its calls.
"""

from __future__ import annotations

import math
import statistics
import threading
import time
from collections import deque
from collections.abc import Callable

from connectors.sdk.budget import Budget
from connectors.sdk.calls import Call, at
from connectors.sdk.errors import SourceError
from connectors.sdk.exchange import Reply, Request, Transport, Trouble

LEAST = 20
"""Calls from which a source's pace is known."""
_GRID_S = 0.002
LEAST_PATIENCE_S = 0.02
"""Nobody waits less for a second call to be worth it."""
_WINDOW = 400
_EVERY = 10
_MARGIN = 0.25
"""Of the median, beyond the 95th percentile: what is late by a hair answers sooner than a second call would."""


class Pace:
    """How long the last good reads of one source took."""

    def __init__(self) -> None:
        self._took: deque[float] = deque(maxlen=_WINDOW)
        self._since = 0
        self._points: tuple[float, float] | None = None
        self._lock = threading.Lock()

    def note(self, seconds: float) -> None:
        with self._lock:
            self._took.append(seconds)
            self._since += 1
            if self._points is None or self._since >= _EVERY:
                self._points, self._since = _points(self._took), 0

    @property
    def points(self) -> tuple[float, float] | None:
        """The median and the 95th percentile in seconds; None until enough is known."""
        return self._points

    @property
    def patience_s(self) -> float | None:
        """After how long a read is late; None until enough is known."""
        points = self._points
        return max(LEAST_PATIENCE_S, points[1] + _MARGIN * points[0]) if points else None


def _points(took: deque[float]) -> tuple[float, float] | None:
    if len(took) < LEAST:
        return None
    ordered = sorted(took)
    return statistics.median(ordered), ordered[int(0.95 * len(ordered))]


class Hedged:
    """A Transport over another. ``may`` takes a place for one more call, or says no; ``leave`` gives it back."""

    def __init__(self, under: Transport, may: Callable[[], bool], leave: Callable[[], None]) -> None:
        self.pace = Pace()
        self.reads = self.hedges = 0
        self._under, self._may, self._leave = under, may, leave
        self._budget = Budget(ratio=0.05, start=0.0, most=5.0)

    def send(self, request: Request, within: Call, max_bytes: int) -> Reply:
        if request.method != "GET":
            return self._under.send(request, within, max_bytes)
        self._budget.earn()
        self.reads += 1
        return _Race(self, request, within, max_bytes).run()

    def once(self, request: Request, within: Call, max_bytes: int) -> Reply:
        """One exchange; how long a good one took is learned."""
        began = time.monotonic()
        reply = self._under.send(request, within, max_bytes)
        if reply.good and not within.expired:
            self.pace.note(time.monotonic() - began)
        return reply

    def enter(self) -> bool:
        """True where a second call may be made now: a place and a token are then taken."""
        if not self._may():
            return False
        if not self._budget.take():
            self._leave()
            return False
        self.hedges += 1
        return True

    def leave(self) -> None:
        self._leave()

    def close(self) -> None:
        self._under.close()


class _Race:
    """One read, and the second one that may be sent after it."""

    def __init__(self, lane: Hedged, request: Request, first: Call, max_bytes: int) -> None:
        self._lane, self._request, self._first, self._max_bytes = lane, request, first, max_bytes
        self._second: Call | None = None
        self._won: Reply | None = None
        self._over = False
        self._ended: threading.Event | None = None
        self._lock = threading.Lock()

    def run(self) -> Reply:
        patience = self._lane.pace.patience_s
        if patience is not None and patience < self._first.left_s:
            # On a grid, so that calls which began together wake the thread of deadlines once.
            at(_GRID_S * math.ceil((time.monotonic() + patience) / _GRID_S), self._late)
        own: Reply | Exception
        try:
            own = self._lane.once(self._request, self._first, self._max_bytes)
        except (Trouble, SourceError, OSError, ValueError) as error:
            own = error
        found = self._settle(own)
        if isinstance(found, Reply):
            return found
        raise found

    def _settle(self, own: Reply | Exception) -> Reply | Exception:
        """The first call ended: its good answer stands, else the second one's where there is one."""
        good = isinstance(own, Reply) and own.good
        with self._lock:
            second, ended = self._second, self._ended
            self._over = good or second is None
        if second is None or ended is None:
            return own
        if good:
            second.cut()
        else:
            ended.wait(self._first.left_s)
        with self._lock:
            self._over = True
        self._first.go_on()
        return own if good else self._won or own

    def _late(self) -> None:
        """On the thread of deadlines."""
        with self._lock:
            if self._over or self._first.expired or not self._lane.enter():
                return
            self._second = mine = Call(self._first.left_s)
            self._ended = ended = threading.Event()
        try:
            threading.Thread(target=self._again, args=(mine, ended), name="hedge", daemon=True).start()
        except RuntimeError:  # no more threads, or the process is stopping
            self._end(mine, ended)

    def _again(self, mine: Call, ended: threading.Event) -> None:
        try:
            reply = self._lane.once(self._request, mine, self._max_bytes)
            with self._lock:
                if reply.good and not self._over and not mine.expired:
                    self._won = reply
                    self._first.cut()
        except (Trouble, SourceError, OSError, ValueError):
            pass  # the first call is still under way, and speaks for both
        finally:
            self._end(mine, ended)

    def _end(self, mine: Call, ended: threading.Event) -> None:
        mine.stop()
        ended.set()
        self._lane.leave()
