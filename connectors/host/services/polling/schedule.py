"""When a source is asked next. Due times stand in rows: a message only rings."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from connectors.host.errors import UnknownSource
from connectors.host.models import Source, SourceCursor
from connectors.sdk import SourceError, TryAgain
from connectors.sdk.transport import MAX_WAIT_S, Busy, NotNow

MAX_BACKOFF_S = 300.0


def source_get(name: str) -> Source:
    """The source of this name. Raises UnknownSource, naming those there are."""
    source = Source.objects.filter(name=name).first()
    if source is None:
        known = ", ".join(Source.objects.order_by("name").values_list("name", flat=True)) or "none"
        raise UnknownSource(f"There is no source {name!r}. Set up: {known}.")
    return source


def sources_due() -> list[str]:
    """Names of the sources whose next poll is due. Those that are paused are not."""
    rows = SourceCursor.objects.filter(
        source__enabled=True, source__paused=False, source__poll_s__isnull=False
    ).order_by("due_at")  # fmt: skip
    found = rows.values_list("source__name", "due_at", "source__poll_s")
    return [name for name, due_at, poll_s in found if is_due(due_at, poll_s or 0)]


def is_due(due_at: datetime | None, period_s: float = 0) -> bool:
    """True where it is time. What lies further ahead than it can have been set was set by a clock that has been put
    back since, and is due too."""
    now = timezone.now()
    longest = timedelta(seconds=1.2 * max(MAX_WAIT_S, period_s))
    return due_at is None or due_at <= now or due_at > now + longest


def backoff_s(error: SourceError, failures: int, first_s: float, most_s: float = MAX_BACKOFF_S) -> float:
    """Seconds to wait after so many failures in a row: twice as long each time, jittered, and never less than the
    source asked for."""
    wait = min(most_s, first_s * 2.0 ** min(failures, 12)) * random.uniform(0.8, 1.0)
    after = (isinstance(error, TryAgain) and error.after) or 0.0
    return max(wait, min(after, MAX_WAIT_S) * random.uniform(1.0, 1.1))


def soon_s(error: Busy | NotNow) -> float:
    """Seconds to wait where nothing was asked, because others are asking or the source is left alone."""
    return random.uniform(1.0, 3.0) if error.after is None else min(error.after, MAX_WAIT_S) * random.uniform(1.0, 1.1)


@transaction.atomic
def poll_put_off(source: Source, error: SourceError | None, more: bool) -> None:
    """The next poll: at once where more waits, after the period, or after a growing while where the source fails."""
    state = SourceCursor.objects.select_for_update().get(source=source)
    period = source.poll_s or 60.0
    if isinstance(error, Busy | NotNow):
        wait = soon_s(error)
    elif error is not None:
        # A source that is polled often is also tried again soon: ten periods, and half a minute at least.
        wait = backoff_s(error, state.failures, period, min(MAX_BACKOFF_S, max(30.0, 10 * period)))
        state.failures += 1
    else:
        wait = 0.0 if more else period * random.uniform(0.9, 1.0)
        state.failures = 0
    state.due_at = timezone.now() + timedelta(seconds=wait)
    state.save(update_fields=["failures", "due_at"])


def source_not_before(source: Source, error: SourceError) -> None:
    """A source that asked one of us to wait is left alone by the others too."""
    if isinstance(error, TryAgain) and error.after and not isinstance(error, Busy | NotNow):
        at = timezone.now() + timedelta(seconds=min(error.after, MAX_WAIT_S))
        later = SourceCursor.objects.filter(source=source).filter(Q(due_at=None) | Q(due_at__lt=at))
        later.update(due_at=at)
