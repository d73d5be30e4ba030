"""Beat, on a machine whose clock is put back: it would else wait for the time that it has already had."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from celery.beat import PersistentScheduler

SLACK = timedelta(seconds=2)


class SteadyScheduler(PersistentScheduler):
    """Celery's own, but for what was last done in the future: that counts as done now."""

    def tick(self, *args: Any, **kwargs: Any) -> float:
        now = self.app.now()
        ahead = [entry for entry in self.schedule.values() if entry.last_run_at and entry.last_run_at > now + SLACK]
        for entry in ahead:
            entry.last_run_at = now
        if ahead:
            self._heap = None  # it is ordered by those times
        return float(super().tick(*args, **kwargs))
