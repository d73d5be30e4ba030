"""Dates of the seed: counted in business days back from today, so that every story keeps its meaning."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays

ZONE = ZoneInfo("Europe/Helsinki")


class Days:
    """Business days in Finland, counted backwards; ``at(1, 9, 40)`` is 09:40 on the last one before today."""

    def __init__(self, today: date) -> None:
        self.today = today
        self._closed = holidays.country_holidays("FI")
        self.back = cache(self._back)

    def _back(self, ago: int) -> date:
        if ago < 1:
            raise ValueError("The seed lies in the past: count at least one business day back.")
        day = self.today if ago == 1 else self.back(ago - 1)
        day -= timedelta(days=1)
        while day.weekday() > 4 or day in self._closed:
            day -= timedelta(days=1)
        return day

    def at(self, ago: int, hour: int, minute: int) -> datetime:
        return datetime.combine(self.back(ago), time(hour, minute), ZONE)
