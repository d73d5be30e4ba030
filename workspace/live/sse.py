"""The stream of one case: names of events, a heartbeat, and an end as soon as the right to it ends."""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from workspace.api.problems import MEDIA_TYPE, Problem, document
from workspace.live.hub import CLOSE, HUB, MAX_STREAMS, Stream
from workspace.live.keep import Keeper
from workspace.live.work import admitted, beat, on_thread
from workspace.live.work import gone as left

log = logging.getLogger(__name__)
Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
HEARTBEAT_S = 15.0
RIGHTS_S = 60.0
BEAT_S = 25.0
HEARING_S = 3.0
STREAM = re.compile(r"(?:/api/v1)?/cases/(?:(?P<reference>[^/]{1,40})/)?stream")
KEEPER = Keeper(HUB)
REFUSALS = {
    401: "not-signed-in", 403: "not-allowed", 404: "not-found", 405: "bad-method", 503: "unavailable",
}  # fmt: skip
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]


async def stream(scope: Scope, receive: Receive, send: Send) -> None:
    """ASGI application. 401, 403, 404, 405 and 503 end at once with a sentence."""
    reference = STREAM.fullmatch(scope["path"])["reference"] or ""  # type: ignore[index]
    if scope["method"] != "GET":
        return await refuse(scope, send, 405, "A stream is read with GET.")
    if HUB.closing or len(HUB) >= MAX_STREAMS:
        return await refuse(scope, send, 503, "No stream can be opened now. Try again in a moment.")
    status, who = await on_thread(admitted, scope["headers"], reference, route_of(reference))
    if status != 200 or who is None:
        words = {401: "Sign in first.", 403: "Your account may not see cases.", 404: "There is no such case."}
        return await refuse(scope, send, status, words[status])
    KEEPER.start()
    with suppress(TimeoutError):
        await asyncio.wait_for(HUB.hearing.wait(), HEARING_S)
    mine = Stream(reference, who.session, who.user if reference and who.session else None)
    HUB.add(mine)
    try:
        await _here(mine)
        await _serve(scope, receive, send, mine)
    finally:
        HUB.remove(mine)
        await _left(mine)
    return None


async def _here(mine: Stream) -> None:
    """A page that is open says that its person is there. Where that can't be written, the page goes on all the same."""
    if mine.person is not None:
        try:
            await on_thread(beat, mine.reference, mine.person)
        except Exception as error:
            log.warning("Who has case %s open could not be written: %s", mine.reference, error)


async def _left(mine: Stream) -> None:
    if mine.person is not None and not HUB.closing and not HUB.holds(mine.reference, mine.person):
        with suppress(Exception):
            await asyncio.shield(on_thread(left, mine.reference, mine.person))


async def _serve(scope: Scope, receive: Receive, send: Send, mine: Stream) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    await _write(send, ": open\nretry: 1000\n\n")
    gone = asyncio.ensure_future(_gone(receive))
    loop = asyncio.get_running_loop()
    check_at, beat_at = loop.time() + RIGHTS_S, loop.time() + BEAT_S
    try:
        while not gone.done():
            news = asyncio.ensure_future(mine.news.wait())
            await asyncio.wait({news, gone}, timeout=HEARTBEAT_S, return_when=asyncio.FIRST_COMPLETED)
            news.cancel()
            if gone.done():
                return
            if loop.time() >= beat_at:
                beat_at = loop.time() + BEAT_S
                await _here(mine)
            if loop.time() >= check_at:
                check_at = loop.time() + RIGHTS_S
                status, _ = await on_thread(admitted, scope["headers"], mine.reference, route_of(mine.reference))
                if status != 200:
                    break
            names = mine.take()
            if CLOSE in names:
                break
            await _write(send, "".join(f"event: {n}\ndata: {mine.reference}\n\n" for n in names) or ": still here\n\n")
        with suppress(Exception):
            await send({"type": "http.response.body", "body": b"", "more_body": False})
    finally:
        gone.cancel()


def route_of(reference: str) -> str:
    """The row of the permissions' table that holds for this stream."""
    return "case_stream" if reference else "cases_stream"


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _write(send: Send, text: str) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})


async def refuse(scope: Scope, send: Send, status: int, words: str) -> None:
    """A sentence for people, a problem document for programs."""
    kind, body = "text/plain; charset=utf-8", f"{words}\n"
    if scope["path"].startswith("/api/"):
        kind, body = MEDIA_TYPE, json.dumps(document(Problem(REFUSALS[status], words), scope["path"]))
    headers = [(b"content-type", kind.encode()), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body.encode()})
