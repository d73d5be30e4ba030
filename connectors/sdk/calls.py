"""One call of one source, with a deadline that holds even while a socket trickles.

A timeout of a client library counts silence between two bytes; a source that sends a byte now and then
outlives it for ever, in the body as in the headers. So one watchdog thread shuts down the socket of every
call whose time is up.
"""

from __future__ import annotations

import contextlib
import heapq
import itertools
import math
import os
import socket
import threading
import time
from collections.abc import Callable
from contextvars import ContextVar


class Cutter:
    """A second handle on a connection, so that it can be shut down from elsewhere, also under TLS and
    after its owner let go of it while the body is still being read."""

    def __init__(self, sock: socket.socket) -> None:
        self._fd = os.dup(sock.fileno())

    def cut(self) -> None:
        """End both directions now: whoever reads or writes gets the end of the stream."""
        twin = socket.socket(fileno=os.dup(self._fd))
        with contextlib.suppress(OSError), twin:
            twin.shutdown(socket.SHUT_RDWR)

    def __del__(self) -> None:
        with contextlib.suppress(OSError, AttributeError):
            os.close(self._fd)


class Call:
    """What one call may take and took. ``limit_s`` is the limit that binds: its own or that of the call around it."""

    def __init__(self, limit_s: float, outer: Call | None = None) -> None:
        self.started = time.monotonic()
        self.ends = self.started + limit_s
        self.limit_s = limit_s
        if outer and outer.ends <= self.ends:
            self.ends, self.limit_s = outer.ends, outer.limit_s
        self.outer = outer
        self.requests = 0
        self._stopped: float | None = None
        self._was_cut = self._watched = False
        self._cutter: Cutter | None = None
        self._lock = threading.Lock()

    @property
    def took_ms(self) -> int:
        """Milliseconds from its start until it ended, or until now."""
        return round(1000 * ((self._stopped or time.monotonic()) - self.started))

    @property
    def left_s(self) -> float:
        """Seconds left; 0 where the time is up."""
        return max(0.0, self.ends - time.monotonic())

    @property
    def expired(self) -> bool:
        """True where its time was up before it ended."""
        return (self._stopped or time.monotonic()) >= self.ends

    def count_request(self) -> int:
        """A request is made: how many that makes in the outermost call around this one."""
        self.requests += 1
        return self.outer.count_request() if self.outer else self.requests

    def uses(self, cutter: Cutter | None) -> None:
        """Says which connection the call now reads from. From the first one on its deadline is watched."""
        with self._lock:
            self._cutter = cutter
            if cutter is None:
                return
            if not self._watched:
                self._watched = True
                _watchdog.at(self.ends, self.cut)
            if self._was_cut or time.monotonic() >= self.ends:
                cutter.cut()

    def cut(self) -> None:
        """Shut down the connection in use, or the next one, unless the call has ended."""
        with self._lock:
            if self._stopped is None:
                self._was_cut = True
                if self._cutter:
                    self._cutter.cut()

    def go_on(self) -> None:
        """It was cut for another reason than its time, and more is asked within it."""
        with self._lock:
            self._was_cut = False

    def stop(self) -> None:
        """It ended; nothing is cut any more."""
        with self._lock:
            self._stopped = time.monotonic()
            self._cutter = None


class _Watchdog:
    """One daemon thread for all calls; it sleeps until something is due. What is due must be short."""

    def __init__(self) -> None:
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._wake = threading.Condition()
        self._number = itertools.count()
        self._thread: threading.Thread | None = None

    def at(self, when: float, what: Callable[[], None]) -> None:
        with self._wake:
            heapq.heappush(self._due, (when, next(self._number), what))
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="deadlines", daemon=True)
                self._thread.start()
            elif self._due[0][2] is what:
                self._wake.notify()

    def _run(self) -> None:
        while True:
            with self._wake:
                while not self._due:
                    self._wake.wait()
                left = self._due[0][0] - time.monotonic()
                if left > 0:
                    self._wake.wait(left)
                    continue
                what = heapq.heappop(self._due)[2]
            with contextlib.suppress(Exception):  # one that fails must not end the watch over the others
                what()


_watchdog = _Watchdog()
_current: ContextVar[Call | None] = ContextVar("call", default=None)


def _after_fork() -> None:
    """A child process has no watchdog thread of its parent's: it starts its own."""
    global _watchdog  # noqa: PLW0603
    _watchdog = _Watchdog()


os.register_at_fork(after_in_child=_after_fork)


def at(when: float, what: Callable[[], None]) -> None:
    """Do something short at this instant of ``time.monotonic``, on the thread that watches the deadlines."""
    _watchdog.at(when, what)


def current_call() -> Call | None:
    """The innermost call of this thread, if any."""
    return _current.get()


def call(limit_s: float) -> Inside:
    """Everything asked of a source inside ends within ``limit_s`` seconds; calls may be nested.

    A request that runs out of time raises TryAgain. ``took_ms`` and ``expired`` may be read afterwards.
    """
    return Inside(limit_s)


def counted() -> Inside:
    """A call without a limit of its own, to learn from ``requests`` whether anything was asked inside."""
    return Inside(math.inf)


class Inside:
    """A block that is one call, within that of the block around it. A class, since it is entered for every request."""

    __slots__ = ("_limit_s", "_this", "_token")

    def __init__(self, limit_s: float) -> None:
        self._limit_s = limit_s

    def __enter__(self) -> Call:
        self._this = Call(self._limit_s, _current.get())
        self._token = _current.set(self._this)
        return self._this

    def __exit__(self, *_: object) -> None:
        self._this.stop()
        _current.reset(self._token)
