"""Finding promises in a letter."""

from __future__ import annotations

from datetime import datetime

from cases.promises.shapes import PromiseFound


def promises_in(text: str, at: datetime, zone: str, calendar: str = "") -> tuple[PromiseFound, ...]:
    """Everything that ``text`` promises its reader, in its order.

    ``at`` (aware) and ``zone`` are those in which its times are read; ``calendar`` names the holidays, e.g. ``FI``.
    """
    return ()
