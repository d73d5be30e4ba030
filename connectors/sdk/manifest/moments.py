"""Times as sources write them: ``iso``, ``unix``, ``unix_ms``, ``rfc2822``, or a pattern such as ``%d.%m.%Y %H:%M``."""

from __future__ import annotations

import email.utils
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from connectors.sdk import times

NAMED = ("iso", "unix", "unix_ms", "rfc2822")
_CLOCK = re.compile(r"%[HIMScX]")
_NO_ZONE = re.compile(r":\d\d\s*$")
_SECONDS = re.compile(r"-?\d{1,15}(\.\d{1,9})?")


@dataclass(frozen=True)
class TimeFormat:
    """How a source writes times. ``zone`` is that of times without one; empty means the source's own zone."""

    format: str = "iso"
    zone: str = ""

    def read(self, value: Any, zone: tzinfo) -> datetime | date:
        """An aware instant, or a day where only a day is given. Raises ValueError with a sentence."""
        return _READERS.get(self.format, self._by_pattern)(value, ZoneInfo(self.zone) if self.zone else zone)

    def write(self, when: datetime, zone: tzinfo) -> str:
        """The same instant as the source would write it, to ask what changed since."""
        if self.format == "unix":
            return str(int(when.timestamp()))
        if self.format == "unix_ms":
            return str(int(when.timestamp() * 1000))
        local = when.astimezone(ZoneInfo(self.zone) if self.zone else UTC if self.format in NAMED else zone)
        if self.format == "rfc2822":
            return email.utils.format_datetime(local)
        if self.format == "iso":
            return local.replace(microsecond=0).isoformat().replace("+00:00", "Z")
        return local.strftime(self.format)

    def _by_pattern(self, value: Any, zone: tzinfo) -> datetime | date:
        try:
            found = datetime.strptime(value.strip(), self.format)  # noqa: DTZ007 its zone is looked at below
        except (ValueError, AttributeError, TypeError, OverflowError, re.error):
            raise ValueError(f"{repr(value)[:40]} is not a time like {self.format}.") from None
        if not _CLOCK.search(self.format):
            return times.day(found.date().isoformat())
        return times.instant(found.isoformat(), zone)


def format_problem(text: str) -> str:
    """Why this can't be a format, in a sentence; empty where it can."""
    if text in NAMED:
        return ""
    if "%" not in text:
        return f"{text[:40]!r} is no format of times; write {', '.join(NAMED)} or a pattern such as %d.%m.%Y %H:%M."
    if "%Z" in text:
        return "Names of zones (%Z) mean different things in different places; use %z, or zone = beside the format."
    sample = datetime(2026, 11, 22, 14, 5, 6, tzinfo=UTC)
    try:
        again = datetime.strptime(sample.strftime(text), text)  # noqa: DTZ007 only its parts are compared
    except (ValueError, re.error):
        return f"{text[:40]!r} is a pattern that can't be read back; write e.g. %d.%m.%Y %H:%M."
    if again.date() != sample.date() or (_CLOCK.search(text) and again.hour != sample.hour):
        return f"{text[:40]!r} leaves out a part of the day or of the hour, which would have to be guessed."
    return ""


def _iso(value: Any, zone: tzinfo) -> datetime | date:
    return times.day_or_instant(value, zone)


def _unix(value: Any, zone: tzinfo) -> datetime:
    return times.epoch(_digits(value))


def _unix_ms(value: Any, zone: tzinfo) -> datetime:
    return times.epoch_ms(_digits(value))


def _digits(value: Any) -> Any:
    """Only plain digits: what Python would also take for a number (``1e9``, ``1_000``) was never meant as one."""
    if isinstance(value, str) and not _SECONDS.fullmatch(value.strip()):
        raise ValueError(f"{repr(value)[:40]} is not a time in seconds or milliseconds since 1970.")
    return value.strip() if isinstance(value, str) else value


def _rfc2822(value: Any, zone: tzinfo) -> datetime:
    try:
        found = email.utils.parsedate_to_datetime(value)
    except (ValueError, TypeError, AttributeError, IndexError, OverflowError):
        raise ValueError(f"{repr(value)[:40]} is not a time like Mon, 02 Mar 2026 09:12:00 +0200.") from None
    if found.tzinfo is None and not _NO_ZONE.search(value):
        if not value.rstrip().endswith("-0000"):
            raise ValueError(f"{repr(value)[:40]} has a time zone that is not known.")
        found = found.replace(tzinfo=UTC)
    return times.instant(found.isoformat(), zone)


_READERS: dict[str, Callable[[Any, tzinfo], datetime | date]] = {
    "iso": _iso, "unix": _unix, "unix_ms": _unix_ms, "rfc2822": _rfc2822,
}  # fmt: skip
