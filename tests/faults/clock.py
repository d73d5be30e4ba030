"""A wrong clock for one process and its children: so many seconds ahead or behind as a file says, at any moment.

``sitecustomize`` of a house calls ``follow`` where ``CLOCK_FILE`` is set. What measures durations is left alone, as it
is on a machine whose clock is put right.
"""

from __future__ import annotations

import contextlib
import os
import threading
import time
from pathlib import Path

import time_machine


def follow(file: str) -> None:
    """Keep this process's clock as the file says, and that of each child that it forks."""
    os.register_at_fork(after_in_child=lambda: _begin(Path(file)))
    _begin(Path(file))


def _begin(file: Path) -> None:
    threading.Thread(target=_keep, args=(file,), daemon=True, name="wrong-clock").start()


def _keep(file: Path) -> None:
    shown, travel = 0.0, None
    while True:
        with contextlib.suppress(OSError, ValueError):
            wanted = float(file.read_text())
            if wanted != shown:
                if travel is not None:
                    travel.stop()
                travel = time_machine.travel(time.time() + wanted, tick=True)
                travel.start()
                shown = wanted
        threading.Event().wait(0.1)
