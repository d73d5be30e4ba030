"""One port for everything: pages and API on threads, what waits or streams on the event loop.

`workspace.live.asgi.routes` lists `(compiled pattern, ASGI application)`; a path that a pattern matches wholly goes
there, all else to the WSGI application on `WEB_THREADS` threads. Checks with errors refuse to start.
"""

import os
import re
import sys
import threading
from collections.abc import Awaitable, Callable
from io import StringIO
from typing import Any
from urllib.parse import quote

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "workspace.settings")

from a2wsgi import WSGIMiddleware
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from workspace.env import env
from workspace.wsgi import application as threaded

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

try:
    call_command("check", stdout=StringIO())
except SystemCheckError as error:
    sys.exit(str(error))

from workspace.live.asgi import routes  # noqa: E402  (after Django is set up and the checks have passed)

_SAFE = "".join(map(chr, range(33, 127)))

on_loop: list[tuple[re.Pattern[str], Any]] = list(routes)
on_threads = WSGIMiddleware(threaded, workers=env().web_threads)  # type: ignore[arg-type]


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Dispatches by path; answers the lifespan protocol itself."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    elif scope["type"] == "http":
        for pattern, app in on_loop:
            if pattern.fullmatch(scope["path"]):
                await app(scope, receive, send)
                return
        # WSGI knows ASCII alone; what a client sent raw means the same percent-encoded.
        scope = {**scope, "query_string": quote(scope["query_string"], safe=_SAFE).encode()}
        await on_threads(scope, receive, send)  # type: ignore[arg-type]
    else:
        # No WebSockets here: a refused handshake is the whole answer.
        await send({"type": "websocket.close", "code": 1000})


async def _lifespan(receive: Receive, send: Send) -> None:
    """Says that we are up. On shutdown, work on threads gets one more second and then the process ends.

    What is cut off then was not committed, and is asked for again: ending in time is worth more.
    """
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            last = threading.Timer(1.0, os._exit, (0,))
            last.daemon = True
            last.start()
            await send({"type": "lifespan.shutdown.complete"})
            return
