"""Work that need not happen while somebody waits. Celery rings; PostgreSQL knows what is due."""

from __future__ import annotations

import time

from celery import shared_task

from connectors.host.services import (
    backfill_work,
    backfills_due,
    deliveries_due,
    deliveries_work,
    import_work,
    imports_due,
    source_poll_due,
    sources_due,
)

DELIVERIES_FOR_S = 20
"""One ring works no longer than this: a task that takes long is one that may be cut off."""


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]
def sources_poll_due() -> None:
    """Ring for every source whose poll is due. Ringing twice does no harm."""
    for name in sources_due():
        source_poll_one.delay(name)


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]
def source_poll_one(name: str) -> None:
    if source_poll_due(name=name):
        source_poll_one.delay(name)


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]
def deliveries_do() -> None:
    """Work on the deliveries that are due, some at a time, and ring again while there are more."""
    ends = time.monotonic() + DELIVERIES_FOR_S
    while deliveries_work():
        if time.monotonic() > ends:
            deliveries_do.delay()
            return


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]
def deliveries_sweep() -> None:
    """Ring for deliveries that wait although their bell was lost, their worker died or their time has come again."""
    if deliveries_due():
        deliveries_do.delay()


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]
def backfills_ring() -> None:
    """Ring for every backfill that has work now."""
    for id_ in backfills_due():
        backfill_step.delay(id_)


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]
def backfill_step(backfill_id: int) -> None:
    if backfill_work(backfill_id=backfill_id):
        backfill_step.delay(backfill_id)


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]
def imports_ring() -> None:
    """Ring for every import that has work now."""
    for id_ in imports_due():
        import_step.delay(id_)


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]
def import_step(import_id: int) -> None:
    if import_work(import_id=import_id):
        import_step.delay(import_id)
