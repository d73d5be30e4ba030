"""What this process shares between gatherings: one lane per source, and one bounded pool of threads."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.conf import settings

from connectors.host.models import Source
from connectors.sdk.transport import SourceLane

CALLS_AT_ONCE = 4
"""Calls that one process makes of one source at once; whoever comes then is turned away, never queued."""
MAX_WAITING = 200
"""Short pieces of work that may wait for a thread. Past that nothing is asked, and stored facts are shown."""

_lock = threading.Lock()
_lanes: dict[tuple[int, int, str, bool], SourceLane] = {}
_pools: dict[int, tuple[ThreadPoolExecutor, threading.BoundedSemaphore]] = {}


def lane_of(source: Source) -> SourceLane:
    """The lane of this source in this process (a forked child has lanes of its own)."""
    internal = bool(source.settings.get("internal", False))
    key = (os.getpid(), source.pk, source.title, internal)
    with _lock:
        if key not in _lanes:
            _lanes[key] = SourceLane(source.title, CALLS_AT_ONCE, internal=internal)
        return _lanes[key]


def pool_submit(work: Callable[..., None], *arguments: Any) -> bool:
    """Run this soon on the pool. False, at once, where too much waits already."""
    pool, places = _pool()
    if not places.acquire(blocking=False):
        return False
    try:
        pool.submit(work, *arguments).add_done_callback(lambda _: places.release())
    except RuntimeError:  # the process is stopping
        places.release()
        return False
    return True


def _pool() -> tuple[ThreadPoolExecutor, threading.BoundedSemaphore]:
    with _lock:
        if os.getpid() not in _pools:
            threads: int = settings.GATHER_THREADS
            pool = ThreadPoolExecutor(threads, thread_name_prefix="gather")
            _pools[os.getpid()] = (pool, threading.BoundedSemaphore(threads + MAX_WAITING))
        return _pools[os.getpid()]
