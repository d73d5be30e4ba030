"""``answer/?wait=``: a request that waits for the sources holds no thread; the answer itself is made by the API."""

from __future__ import annotations

import asyncio
import math
import re
from typing import Any
from urllib.parse import parse_qs

from cases import selectors, services
from workspace.live.sse import Receive, Scope, Send
from workspace.live.work import admitted, on_thread

ANSWER = re.compile(r"/api/v1/cases/(?P<reference>[^/]{1,40})/answer/")
MAX_WAIT_S = 10.0
TURN_S = 0.05


async def answer(scope: Scope, receive: Receive, send: Send) -> None:
    """ASGI application: waits where asked to and allowed, then hands the request on, whatever it is."""
    from workspace.asgi import on_threads

    reference = ANSWER.fullmatch(scope["path"])["reference"]  # type: ignore[index]
    seconds = waiting(scope)
    if seconds > 0:
        status, _ = await on_thread(admitted, scope["headers"], reference, "api_answer")
        if status == 200:
            await await_settled(reference, seconds)
    await on_threads(scope, receive, send)  # type: ignore[arg-type]


def waiting(scope: Scope) -> float:
    """Seconds to wait: 0 for the past, for other methods and for what the API refuses anyway."""
    asked = parse_qs(scope.get("query_string", b"").decode("latin-1"))
    if scope["method"] != "GET" or "as_of" in asked:
        return 0.0
    try:
        seconds = float(asked.get("wait", ["0"])[-1])
    except ValueError:
        return 0.0
    return seconds if math.isfinite(seconds) and 0 <= seconds <= MAX_WAIT_S else 0.0


async def await_settled(reference: str, seconds: float) -> bool:
    """Start gathering and wait until it is settled, here and in every other process. False where time ran out."""
    loop = asyncio.get_running_loop()
    ends = loop.time() + seconds
    gathering = await on_thread(_start, reference)
    while not gathering.settled:
        if loop.time() >= ends:
            return False
        await asyncio.sleep(TURN_S)
    while await on_thread(_reading, reference):
        if loop.time() >= ends:
            return False
        await asyncio.sleep(2 * TURN_S)
    return True


def _start(reference: str) -> Any:
    return services.case_gather(selectors.case_get(reference))


def _reading(reference: str) -> bool:
    """True while some process still waits for a source about this case."""
    view = selectors.case_view(case=reference)
    return any(source.status == "waiting" for source in view.evidence.sources)
