"""The clock of what is known, led through the past: how the demo tells months of history by the same verbs.

Only a demo's clock can be led, only in an empty history, and only forward; an installation in use refuses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction

from connectors.host.errors import BadMoment

_TICK = timedelta(microseconds=1)


@dataclass
class Led:
    """Where this thread's clock stands: ``at`` is the moment it is led to, ``last`` its latest tick.

    It is kept here while it is led: its row, changed thousands of times in one transaction, would be read through all
    of its versions each time.
    """

    at: datetime
    last: datetime

    def tick(self) -> datetime:
        self.last = max(self.at, self.last + _TICK)
        return self.last


_LED: ContextVar[Led | None] = ContextVar("led", default=None)


def led() -> Led | None:
    """This thread's clock where it is led; None everywhere but in a demo that tells its past."""
    return _LED.get()


@contextmanager
def clock_led(at: datetime) -> Iterator[Callable[[datetime], None]]:
    """Within this block ``clock_tick`` and ``moment`` of this thread begin at ``at`` and stand still there, but for a
    microsecond a tick; the function that it gives leads them on to a later moment.

    The block is one transaction: what is told of the past is told whole or not at all, and nobody sees half of it.
    Raises BadMoment outside a demo, for a moment without a zone, in the future or before the one led to, and where
    history was recorded already.
    """
    if not settings.DEMO:
        raise BadMoment("Only a demo's clock can be led through the past. Here what is known has the time it has.")
    with transaction.atomic():
        now = _clock_held()
        _whole(at, now)
        _nothing_recorded()
        clock = Led(at, at)
        token = _LED.set(clock)

        def to(later: datetime) -> None:
            _whole(later, now)
            if later < clock.at:
                raise BadMoment("The clock is led forward only: what is recorded is not behind what comes.")
            clock.at = later

        try:
            yield to
        finally:
            _LED.reset(token)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE host_clock SET last = %s WHERE id = 1", [clock.last])


def _clock_held() -> datetime:
    """The database's time, with the clock's row held until the block ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp() FROM host_clock WHERE id = 1 FOR UPDATE")
        row = cursor.fetchone()
    return row[0]  # type: ignore[no-any-return]


def _whole(at: datetime, now: datetime) -> None:
    if at.tzinfo is None:
        raise BadMoment("The clock is led to a moment with a time zone.")
    if at > now:
        raise BadMoment("The clock can't be led into the future.")


def _nothing_recorded() -> None:
    """Whatever is recorded has had its time: the clock would else step behind it."""
    for model in apps.get_models():
        if hasattr(model, "history_updates") and model._default_manager.exists():
            name = model._meta.verbose_name_plural
            raise BadMoment(f"The clock is led only where nothing is recorded yet; there are {name} already.")
