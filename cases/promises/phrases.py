"""Reading due times."""

from __future__ import annotations

from datetime import datetime

from cases.promises.shapes import Due, Unread


def due_read(text: str, at: datetime, zone: str, calendar: str = "") -> Due | Unread | None:
    """The first time that ``text`` names, what it names without saying when, or None."""
    return None


def due_in(text: str, at: datetime, zone: str, calendar: str = "") -> Due | None:
    """The first time that ``text`` names, where it names one that can be held to."""
    found = due_read(text, at, zone, calendar)
    return found if isinstance(found, Due) else None
