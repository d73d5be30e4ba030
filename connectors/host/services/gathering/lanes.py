"""What this process shares between gatherings: one lane per source, and two bounded pools of threads."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.conf import settings

from connectors.host.models import Source
from connectors.sdk.transport import LaneState, SourceLane

CALLS_AT_ONCE = 4
"""Calls that one process makes of one source at once; whoever comes then is turned away, never queued."""
MAX_WAITING = 200
"""Short pieces of work that may wait for a thread. Past that nothing is asked, and stored facts are shown."""

DESK_THREADS = 6

_lock = threading.Lock()
_lanes: dict[tuple[int, int, str, bool], SourceLane] = {}
_pools: dict[tuple[int, str], tuple[ThreadPoolExecutor, threading.BoundedSemaphore]] = {}


def lane_of(source: Source) -> SourceLane:
    """The lane of this source in this process (a forked child has lanes of its own)."""
    internal = bool(source.settings.get("internal", False))
    key = (os.getpid(), source.pk, source.title, internal)
    with _lock:
        if key not in _lanes:
            _lanes[key] = SourceLane(source.title, CALLS_AT_ONCE, internal=internal)
        return _lanes[key]


def lane_states() -> dict[int, LaneState]:
    """How each source that this process has asked stands in it, by the id of the source."""
    with _lock:
        mine = [(key, lane) for key, lane in _lanes.items() if key[0] == os.getpid()]
    return {key[1]: lane.state() for key, lane in mine}


def pool_submit(work: Callable[..., None], *arguments: Any) -> bool:
    """Run this soon on the pool, which is for what waits for sources. False, at once, where too much waits already."""
    return _submit("gather", settings.GATHER_THREADS, work, arguments)


def desk_submit(work: Callable[..., None], *arguments: Any) -> bool:
    """Run this soon on the few threads that speak with the database and with no source. False where too much waits."""
    return _submit("desk", DESK_THREADS, work, arguments)


def _submit(name: str, threads: int, work: Callable[..., None], arguments: tuple[Any, ...]) -> bool:
    pool, places = _pool(name, threads)
    if not places.acquire(blocking=False):
        return False
    try:
        pool.submit(work, *arguments).add_done_callback(lambda _: places.release())
    except RuntimeError:  # the process is stopping
        places.release()
        return False
    return True


def _pool(name: str, threads: int) -> tuple[ThreadPoolExecutor, threading.BoundedSemaphore]:
    with _lock:
        key = (os.getpid(), name)
        if key not in _pools:
            pool = ThreadPoolExecutor(threads, thread_name_prefix=name)
            _pools[key] = (pool, threading.BoundedSemaphore(threads + MAX_WAITING))
        return _pools[key]
