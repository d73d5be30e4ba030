"""What stands before a source: so many places at once, and a rest while it keeps failing."""

from __future__ import annotations

import threading
import time
from collections import deque


class Bulkhead:
    """So many calls at once and no more; whoever comes then is turned away, never queued."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.inside = 0
        self._lock = threading.Lock()

    def enter(self) -> bool:
        with self._lock:
            if self.inside >= self.size:
                return False
            self.inside += 1
            return True

    def leave(self) -> None:
        with self._lock:
            self.inside -= 1


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

    @property
    def closed(self) -> bool:
        """True while calls go through as usual."""
        return self._opened is None

    @property
    def rests_s(self) -> float:
        """Seconds until the next probe may go; 0 where it may, or where the breaker is closed."""
        with self._lock:
            if self._opened is None:
                return 0.0
            since = self._opened if self._probing is None else self._probing
            return max(0.0, since + self._rest_s - time.monotonic())

    def tally(self) -> tuple[int, int]:
        """How many of the calls it looks at failed, and how many there are."""
        with self._lock:
            return sum(not fine for _, fine in self._outcomes), len(self._outcomes)

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
