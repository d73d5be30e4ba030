"""When work on one case must not go on to the next: what has failed there would fail everywhere."""

from __future__ import annotations

from celery.exceptions import SoftTimeLimitExceeded
from django.db import InterfaceError, OperationalError, connection


def ends_all(error: Exception) -> bool:
    """Whether a task's time is up, or the database can't be asked any more. What is left waits for the next tick.

    A time limit strikes in the middle of whatever is being done: a connection that waited for an answer then is of no
    use either.
    """
    if isinstance(error, SoftTimeLimitExceeded):
        return True
    return isinstance(error, (InterfaceError, OperationalError)) and not connection.is_usable()
