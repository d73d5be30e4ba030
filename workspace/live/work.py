"""What streams need of the database, on a few threads of their own: the event loop never waits for it."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from importlib import import_module
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.auth import get_user
from django.db import close_old_connections, connection
from django.http import HttpRequest
from rest_framework.exceptions import AuthenticationFailed

from cases import selectors, services
from cases.errors import CaseNotFound
from workspace.api.auth import Token
from workspace.permissions import lacks_second_step, may

T = TypeVar("T")
THREADS = 4
CHANNEL = "throughline"
_pool = ThreadPoolExecutor(THREADS, thread_name_prefix="live")


async def on_thread(job: Callable[..., T], *args: Any) -> T:
    """Run one short piece of blocking work; queues where all threads are busy."""
    return await asyncio.get_running_loop().run_in_executor(_pool, _clean, job, args)


def _clean(job: Callable[..., T], args: tuple[Any, ...]) -> T:
    close_old_connections()
    try:
        return job(*args)
    finally:
        close_old_connections()


@dataclass(frozen=True)
class Caller:
    """Whose request it is. ``session`` is a digest of the session's key, empty for tokens."""

    user: Any
    session: str = ""


def caller(headers: list[tuple[bytes, bytes]]) -> Caller | None:
    """Who the headers speak for: a token first, else a session; None for nobody."""
    found = {name.lower(): value.decode("latin-1") for name, value in headers}
    token = found.get(b"authorization", "")
    if token.lower().startswith("token "):
        try:
            user, _ = Token().authenticate_credentials(token[6:].strip())
        except AuthenticationFailed:
            return None
        return Caller(user)
    return _by_session(found.get(b"cookie", ""))


def _by_session(header: str) -> Caller | None:
    try:
        morsel = SimpleCookie(header).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        return None
    if morsel is None:
        return None
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(morsel.value)
    user = get_user(request)
    if not user.is_authenticated or lacks_second_step(user, request.session):
        return None
    return Caller(user, session_name(morsel.value))


def session_name(key: str) -> str:
    """What stands for a session in notifications: its key itself never leaves."""
    return hashlib.sha256(key.encode()).hexdigest()[:32]


def admitted(headers: list[tuple[bytes, bytes]], reference: str, route: str) -> tuple[int, Caller | None]:
    """The HTTP status with which a stream of this case (empty: of a queue) begins for this caller, and who it is."""
    who = caller(headers)
    if who is None:
        return 401, None
    if not may(who.user, route):
        return 403, who
    if not reference:
        return 200, who
    try:
        selectors.case_get(reference)
    except CaseNotFound:
        return 404, who
    return 200, who


def look(reference: str) -> str:
    """Ask the sources that are past their limit about an open case; returns a stamp that changes with the case."""
    services.case_gather(selectors.case_get(reference))
    return selectors.case_stamp(reference)


def around(reference: str) -> frozenset[str]:
    """Who has an open case open, and who is writing, as marks that can be compared."""
    here = selectors.present(reference)
    return frozenset(f"{one.id}{mark}" for one in here for mark in (("", " writes") if one.typing else ("",)))


def beat(reference: str, person: Any) -> None:
    """This person has the case open."""
    services.presence_beat(case=reference, person=person)


def gone(reference: str, person: Any) -> None:
    """This person has closed it."""
    services.presence_end(case=reference, person=person)


def concerned(references: list[str], ref_ids: list[int]) -> list[str]:
    """Which of these cases the news about these refs concerns."""
    return selectors.cases_concerned(references, ref_ids)


def signed_out_tell(key: str) -> None:
    """Let every process know that this session is over."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, json.dumps({"signed_out": session_name(key)})])
