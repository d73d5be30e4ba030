"""The doorbell: each task calls one service. The rows are the record of work, so ringing twice does no harm."""

from __future__ import annotations

import time

from celery import shared_task

from cases import services
from cases.services import ledger, retention

MEASURES_S = 30


@shared_task(ignore_result=True)
def outbox_send() -> int:
    """Send letters that are due, and settle those whose sender died."""
    return services.outbox_send()


@shared_task(ignore_result=True)
def cases_sweep() -> int:
    """Read again cases whose answer changes with time alone."""
    return services.cases_sweep()


@shared_task(ignore_result=True)
def promises_sweep() -> int:
    """Tell whoever must hear of promises that are due."""
    return services.promises_sweep()


@shared_task(ignore_result=True)
def handovers_expire() -> int:
    """Let offers that nobody has answered come back to their owners."""
    services.presences_forget()
    return services.handovers_expire()


@shared_task(ignore_result=True)
def reviews_sweep() -> int:
    """Let what the rules of review ask for wait for a reviewer."""
    return services.reviews_sweep()


@shared_task(ignore_result=True)
def measures_follow() -> int:
    """Count what has happened since, for the measures of trust: for at most half a minute at once."""
    until, counted = time.monotonic() + MEASURES_S, 0
    while (news := services.measures_follow()) and time.monotonic() < until:
        counted += news
    return counted + news


@shared_task(ignore_result=True)
def trust_letters_send() -> int:
    """Send last week's measures to whoever wants them."""
    return services.trust_letters_send()


@shared_task(ignore_result=True)
def retention_sweep() -> int:
    """Take what is older than its rule of retention keeps it."""
    return sum(retention.retention_sweep().values())


@shared_task(ignore_result=True)
def actions_run() -> int:
    """Do what was asked for of sources and is due."""
    return services.actions_run()


@shared_task(ignore_result=True)
def ledger_keep() -> int:
    """Digest and anchor days that are over, for as long as a task may last."""
    return ledger.ledger_keep()


@shared_task(ignore_result=True)
def ledger_runs_go() -> int:
    """Go on with a verification that somebody asked for."""
    return ledger.ledger_runs_go()
