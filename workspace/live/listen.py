"""One database connection per process that hears what any process has committed, and comes back when it is cut."""

from __future__ import annotations

import asyncio
import json
import logging
from typing import Any

import psycopg
from django.conf import settings

from workspace.live.hub import PRESENCE_CHANGED, QUEUE_CHANGED, Hub
from workspace.live.work import CHANNEL, concerned, on_thread

log = logging.getLogger(__name__)
AGAIN_S = 1.0


async def listen(hub: Hub) -> None:
    """Forever: LISTEN, tell; after a lost connection tell everybody, since something may have been missed."""
    lost = False
    while not hub.closing:
        try:
            async with await psycopg.AsyncConnection.connect(settings.LISTEN_URL, autocommit=True) as connection:
                await connection.execute(f"LISTEN {CHANNEL}")
                if lost:
                    hub.tell_cases(hub.open_cases())
                lost = False
                hub.hearing.set()
                async for notice in connection.notifies():
                    await heard(hub, notice.payload)
        except (psycopg.Error, OSError) as error:
            if not lost:
                log.warning("Live updates wait for the database: %s", error)
            lost = True
            hub.hearing.clear()
            await asyncio.sleep(AGAIN_S)


async def heard(hub: Hub, payload: str) -> None:
    """One notification: ``{"case": reference}``, ``{"present": reference}``, ``{"refs": [ids], "source": …}`` or
    ``{"signed_out": …}``."""
    news = _read(payload)
    if isinstance(news.get("case"), str):
        hub.tell_cases([news["case"]])
        hub.tell_all(QUEUE_CHANGED)
    if isinstance(news.get("present"), str):
        hub.tell_cases([news["present"]], PRESENCE_CHANGED)
    if isinstance(news.get("signed_out"), str):
        hub.signed_out(news["signed_out"])
    refs = news.get("refs")
    if isinstance(refs, list) and len(hub):
        ids = [r for r in refs if isinstance(r, int)]
        hub.tell_all(QUEUE_CHANGED)
        hub.tell_cases(await on_thread(concerned, hub.open_cases(), ids))


def _read(payload: str) -> dict[str, Any]:
    try:
        found = json.loads(payload)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
