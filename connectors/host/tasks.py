"""Work that need not happen while somebody waits. Celery rings; PostgreSQL knows what is due."""

from __future__ import annotations

from celery import shared_task

from connectors.host.services import source_poll_due, sources_due


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]
def sources_poll_due() -> None:
    """Ring for every source whose poll is due. Ringing twice does no harm."""
    for name in sources_due():
        source_poll_one.delay(name)


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]
def source_poll_one(name: str) -> None:
    if source_poll_due(name=name):
        source_poll_one.delay(name)
