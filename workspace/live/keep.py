"""While somebody has a case open: its sources are asked again at their limits, and what changes is told."""

from __future__ import annotations

import asyncio
import logging
import signal
import threading
from types import FrameType
from typing import Any

from workspace.live.hub import PRESENCE_CHANGED, Hub
from workspace.live.listen import listen
from workspace.live.work import around, look, on_thread

log = logging.getLogger(__name__)
EVERY_S = 2.0


class Keeper:
    """The listener and the regular look of one process; starts with its first stream."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self._stamps: dict[str, str] = {}
        self._around: dict[str, frozenset[str]] = {}
        self._under_way: set[str] = set()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None

    def start(self) -> None:
        """Idempotent; must run on the event loop."""
        loop = asyncio.get_running_loop()
        if self._loop is loop:
            return
        self._loop = loop
        self._spawn(listen(self.hub))
        self._spawn(self._looks())
        _before_signals(lambda: loop.call_soon_threadsafe(self.hub.close))

    def _spawn(self, coroutine: Any) -> None:
        task = asyncio.get_running_loop().create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _looks(self) -> None:
        while not self.hub.closing:
            await asyncio.sleep(EVERY_S)
            open_now = set(self.hub.open_cases())
            self._stamps = {r: s for r, s in self._stamps.items() if r in open_now}
            self._around = {r: a for r, a in self._around.items() if r in open_now}
            for reference in open_now - self._under_way:
                self._under_way.add(reference)
                self._spawn(self._look(reference))

    async def _look(self, reference: str) -> None:
        try:
            stamp = await on_thread(look, reference)
            if self._stamps.setdefault(reference, stamp) != stamp:
                self._stamps[reference] = stamp
                self.hub.tell_cases([reference])
            here = await on_thread(around, reference)
            # Who comes or begins to write is told at once; who is gone without a word or writes no more is found here.
            if self._around.get(reference, frozenset()) - here:
                self.hub.tell_cases([reference], PRESENCE_CHANGED)
            self._around[reference] = here
        except Exception:
            log.exception("The open case %s could not be looked after", reference)
        finally:
            self._under_way.discard(reference)


def _before_signals(stop: Any) -> None:
    """Streams end as soon as the process is told to stop; the server's own handler then finds nothing open."""
    if threading.current_thread() is not threading.main_thread():
        return
    for number in (signal.SIGTERM, signal.SIGINT):
        then = signal.getsignal(number)

        def handler(signum: int, frame: FrameType | None, then: Any = then) -> None:
            stop()
            if callable(then):
                then(signum, frame)
            elif then is signal.SIG_DFL:
                signal.signal(signum, signal.SIG_DFL)
                signal.raise_signal(signum)

        signal.signal(number, handler)
