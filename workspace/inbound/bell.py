"""Ringing for work on deliveries, so that nobody who delivers waits for a broker.

One ring serves every delivery since the last, and a ring that is lost costs seconds: beat looks by itself.
"""

from __future__ import annotations

import logging
import os
import threading
import time

from django.conf import settings

from workspace.celery import app
from workspace.env import env

log = logging.getLogger(__name__)
TASK = "connectors.host.tasks.deliveries_do"
PAUSE_S = 0.02


class _Bell:
    """A daemon thread that rings once for all who asked meanwhile."""

    def __init__(self) -> None:
        self.pid = os.getpid()
        self._asked = threading.Event()
        threading.Thread(target=self._run, name="bell", daemon=True).start()

    def ring(self) -> None:
        self._asked.set()

    def _run(self) -> None:
        while True:
            self._asked.wait()
            self._asked.clear()
            try:
                app.send_task(TASK, ignore_result=True, retry=False)
            except Exception as error:  # noqa: BLE001 whatever ails the broker, beat rings again
                log.warning("No bell for deliveries, they are worked on in a few seconds: %s", error)
            time.sleep(PAUSE_S)


_lock = threading.Lock()
_bell: _Bell | None = None


def ring() -> None:
    """Have deliveries worked on soon. Returns at once."""
    global _bell  # noqa: PLW0603
    if not env().broker_url or not getattr(settings, "RING", True):
        return
    with _lock:
        if _bell is None or _bell.pid != os.getpid():
            _bell = _Bell()
    _bell.ring()
