"""Asking a source because somebody wants to know now: whether settings work before they are saved, and again after a
failure. It runs in the bounded pool of gathering, so nobody who waits for a page waits for a source."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

from django.db import connections
from django.utils import timezone

from connectors.host.errors import BadSource, UnknownConnector
from connectors.host.models import Source, SourceCursor
from connectors.host.selectors.health import source_health
from connectors.host.services.gathering.lanes import pool_submit
from connectors.host.services.polling import source_check, source_get, source_poll
from connectors.host.services.recording import Asked, facts_record
from connectors.host.services.sources_log import source_note
from connectors.host.services.trying import connector_bound
from connectors.sdk import SourceError
from connectors.sdk.calls import call
from connectors.sdk.secrets import mask
from connectors.sdk.transport import Busy, NotNow

log = logging.getLogger(__name__)
T = TypeVar("T")
AT_ONCE = threading.BoundedSemaphore(4)
"""Whoever waits for one of these holds a thread of the web server: the others are for pages."""
FULL = "Too many questions are under way. Try again in a moment."


class Asking:
    """One asking under way. ``wait`` for it; then ``fine`` and ``sentence`` say how it went."""

    def __init__(self) -> None:
        self.fine = False
        self.sentence = ""
        self.took_ms = 0
        self._began = time.monotonic()
        self._done = threading.Event()

    def wait(self, seconds: float) -> bool:
        """True where it ended within ``seconds``."""
        return self._done.wait(seconds)

    def end(self, fine: bool, sentence: str) -> None:
        self.fine, self.sentence = fine, mask(sentence)
        self.took_ms = round(1000 * (time.monotonic() - self._began))
        self._done.set()


def source_try(*, title: str, connector: str, settings: dict[str, Any], limit_s: float = 5) -> Asking:
    """Do these settings work? Asks the connector's ``check`` for ``limit_s`` seconds at most; saves nothing."""

    def check(asking: Asking) -> None:
        try:
            bound = connector_bound(connector=connector, settings=settings, title=title, limit_s=limit_s)
            with call(limit_s):
                asking.end(True, bound.check())
        except (SourceError, UnknownConnector) as error:
            asking.end(False, str(error))

    return _begin(check, title or "the source")


def source_retry(*, name: str, by: str) -> Asking:
    """Ask this source now: a polled one is read on from its cursor, another is asked whether its settings work.
    Either way the result is stored as a check, and its log says who wanted it. Returns at once.

    Raises UnknownSource, and BadSource where it is paused or only tells by itself.
    """
    source = source_get(name)
    if source.paused:
        raise BadSource(f"{source.title} is paused. Resume it first.")
    health = source_health(name)
    if health.tells and not health.error:
        raise BadSource(f"{source.title} tells us by itself and is never asked. Try its settings on their page.")
    SourceCursor.objects.filter(source=source).update(due_at=timezone.now())
    source_note(source=source, what="asked again", sentence=f"{by} had it asked at once.", by=by)
    work = _poll if source.poll_s is not None else _probe
    return _begin(lambda asking: work(source, asking), source.title)


def pool_wait(work: Callable[[], T], seconds: float) -> T | str | None:
    """Run ``work`` in the bounded pool of gathering and wait for it; None where it takes longer, and a sentence where
    too much is under way. What it raises is logged and counts as no result."""
    found: list[T] = []

    def run(asking: Asking) -> None:
        found.append(work())
        asking.end(True, "")

    asking = _begin(run, "a source")
    if not asking.wait(seconds):
        return None
    return found[0] if found else asking.sentence


def _begin(work: Callable[[Asking], None], title: str) -> Asking:
    asking = Asking()

    def run() -> None:
        try:
            work(asking)
        except Exception:
            log.exception("Asking %s failed", title)
            asking.end(False, f"Asking {title} failed in its connector. The log of the web server says where.")
        finally:
            AT_ONCE.release()
            connections.close_all()  # the pool's threads keep none

    if not AT_ONCE.acquire(blocking=False):
        asking.end(False, FULL)
    elif not pool_submit(run):
        AT_ONCE.release()
        asking.end(False, FULL)
    return asking


def _poll(source: Source, asking: Asking) -> None:
    new = source_poll(name=source.name)
    if SourceCursor.objects.filter(source=source, failures__gt=0).exists():
        asking.end(False, f"{source.title} still fails.")
    else:
        fresh = f"{new} new fact{'' if new == 1 else 's'}" if new else "nothing new"
        asking.end(True, f"{source.title} answered: {fresh}.")


def _probe(source: Source, asking: Asking) -> None:
    """``check`` as an asking of its own: it ends or begins a time of failure as any other does."""
    started_at = timezone.now()
    error: SourceError | None = None
    said = ""
    try:
        said = source_check(name=source.name)
    except (Busy, NotNow) as problem:  # nothing was asked
        asking.end(False, problem.sentence)
        return
    except SourceError as problem:
        error = problem
    took = round(1000 * (timezone.now() - started_at).total_seconds())
    outcome = "ok" if error is None else error.outcome if error.outcome != "nothing" else "malformed"
    why, detail = (error.sentence, mask(error.detail)) if error else ("", "")
    asked = Asked(took_ms=took, outcome=outcome, reason=why, detail=detail)
    facts_record(source=source, rows=(), how="check", started_at=started_at, asked=asked)
    asking.end(error is None, error.sentence if error else said)
