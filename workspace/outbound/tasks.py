"""The doorbell: rows are the record of work, so ringing twice does no harm."""

from __future__ import annotations

import time

from celery import shared_task

from workspace.outbound import services

ENOUGH_S = 20.0


@shared_task(ignore_result=True)
def notices_go() -> None:
    """Turn new events into notices, and send what is due."""
    services.notices_collect()
    began = time.monotonic()
    while services.notices_send() and time.monotonic() - began < ENOUGH_S:
        pass
