"""Reading the times that sources send: always to an aware instant or to a plain day, never a guess.

Every function raises ValueError with a sentence that holds the text in question; ``read`` may let it out.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal, InvalidOperation
from typing import Any

_DAY = re.compile(r"^\d{4}-\d{2}-\d{2}$")
_EARLIEST, _LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)


def instant(text: Any, zone: tzinfo | None = None) -> datetime:
    """``2026-03-02T09:12:00Z``, with or without a zone; ``zone`` is what a time without one is meant in.

    Raises ValueError where there is no zone at all, where only a day is given, and for a local time that
    the clocks skipped.
    """
    if not isinstance(text, str) or not text.strip():
        raise ValueError(f"{_short(text)} is not a time; it should look like 2026-03-02T09:12:00Z.")
    if _DAY.match(text.strip()):
        raise ValueError(f"{_short(text)} is a day without a time; read it with times.day.")
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(f"{_short(text)} is not a time; it should look like 2026-03-02T09:12:00Z.") from None
    if found.tzinfo is None:
        if zone is None:
            raise ValueError(f"The time {_short(text)} has no time zone, and none is set for this source.")
        found = found.replace(tzinfo=zone)
        if found.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != found.replace(tzinfo=None):
            raise ValueError(f"The time {_short(text)} never was: the clocks of {zone} skipped it.")
    return _sane(found, text)


def day(text: Any) -> date:
    """``2026-03-02``: only the day is known. Raises ValueError for anything else, times included."""
    if isinstance(text, str) and _DAY.match(text.strip()):
        try:
            return date.fromisoformat(text.strip())
        except ValueError:
            pass
    raise ValueError(f"{_short(text)} is not a day; it should look like 2026-03-02.")


def day_or_instant(text: Any, zone: tzinfo | None = None) -> date | datetime:
    """A day where only a day is given, else an instant."""
    return day(text) if isinstance(text, str) and _DAY.match(text.strip()) else instant(text, zone)


def epoch(seconds: Any) -> datetime:
    """Seconds since 1970 as a number or its text, fractions allowed. Milliseconds are refused, not guessed."""
    try:
        if isinstance(seconds, bool):
            raise ValueError
        number = Decimal(str(seconds))
        found = datetime.fromtimestamp(float(number), UTC)
    except (ValueError, InvalidOperation, OverflowError, OSError):
        raise ValueError(f"{_short(seconds)} is not a time in seconds since 1970.") from None
    return _sane(found, seconds)


def epoch_ms(milliseconds: Any) -> datetime:
    """Milliseconds since 1970."""
    try:
        return epoch(Decimal(str(milliseconds)) / 1000)
    except InvalidOperation:
        raise ValueError(f"{_short(milliseconds)} is not a time in milliseconds since 1970.") from None


def _sane(found: datetime, text: Any) -> datetime:
    try:
        if _EARLIEST <= found <= _LATEST:
            return found
    except OverflowError:
        pass
    raise ValueError(f"The time {_short(text)} is out of all proportion.")


def _short(value: Any) -> str:
    return repr(value)[:40]
