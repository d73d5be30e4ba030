"""A worker that outlives its broker.

A worker that loses its broker in the middle of a task has a message to acknowledge on a connection that is gone. With
Celery 5.7 and Redis, closing that connection and acknowledging that message both end the whole worker. The message
need not be given back: beat rings again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from celery.worker.consumer import Consumer

log = logging.getLogger(__name__)


class SteadyConsumer(Consumer):
    """Reconnects for as long as it takes, and leaves what belongs to a connection that is gone."""

    def on_connection_error_after_connected(self, exc: Exception) -> None:
        try:
            super().on_connection_error_after_connected(exc)
        except Exception as error:
            log.warning("A lost connection to the broker did not close (%s); another is made.", error)
            self.connection: Any = None

    def call_soon_ack(self, p: Callable[..., object], *args: Any, **kwargs: Any) -> Any:
        def settled(*values: Any, **named: Any) -> object:
            try:
                return p(*values, **named)
            except Exception as error:
                log.warning("A message of a lost connection was not acknowledged (%s); it may come again.", error)
                return None

        return super().call_soon_ack(settled, *args, **kwargs)
