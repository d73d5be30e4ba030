"""The doorbell: rings for work that nobody waits for. What is to be done stands in PostgreSQL, not in messages.

So a message may be lost or come twice: tasks are thin and idempotent, and beat rings again. Acknowledged late and
redelivered when a worker's child is killed; results are not kept.
"""

import os
import warnings

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "workspace.settings")

from celery.platforms import SecurityWarning

from workspace.env import env

ENV = env()
if ENV.demo:
    # Root may look at the demo; that a worker should not be root there need not fill the screen.
    warnings.simplefilter("ignore", SecurityWarning)

app = Celery("throughline")
app.conf.update(
    broker_url=ENV.broker_url or "memory://",
    broker_connection_retry_on_startup=True,
    broker_connection_timeout=2,
    broker_connection_max_retries=None,
    # What a worker that was killed whole held is given to another after this time; no task may last longer.
    broker_transport_options={"visibility_timeout": 120, "socket_connect_timeout": 2},
    # A page that rings while the broker is away goes on: beat rings again.
    task_publish_retry=False,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_ignore_result=True,
    task_soft_time_limit=60,
    task_time_limit=75,
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    worker_consumer="workspace.consumer:SteadyConsumer",
    worker_max_tasks_per_child=1000,
    timezone="UTC",
    beat_scheduler="workspace.beat:SteadyScheduler",
    beat_schedule_filename=str(ENV.var_dir / "beat-schedule"),
)
ENV.var_dir.mkdir(parents=True, exist_ok=True)


def _every(task: str, seconds: float) -> dict[str, object]:
    """A tick that is worthless once the next has come."""
    return {"task": task, "schedule": seconds, "options": {"expires": max(2 * seconds, 5)}}


app.conf.beat_schedule = {
    "poll": _every("connectors.host.tasks.sources_poll_due", ENV.poll_tick_s),
    "backfills": _every("connectors.host.tasks.backfills_ring", ENV.outbox_tick_s),
    "imports": _every("connectors.host.tasks.imports_ring", ENV.outbox_tick_s),
    "sweep": _every("cases.tasks.cases_sweep", ENV.sweep_tick_s),
    "deliveries": _every("connectors.host.tasks.deliveries_sweep", ENV.outbox_tick_s),
    "outbox": _every("cases.tasks.outbox_send", ENV.outbox_tick_s),
    "promises": _every("cases.tasks.promises_sweep", ENV.outbox_tick_s),
    "inbox": _every("workspace.mail.tasks.inbox_read", ENV.inbox_tick_s),
    "handovers": _every("cases.tasks.handovers_expire", ENV.outbox_tick_s),
    "retention": _every("cases.tasks.retention_sweep", ENV.retention_tick_s),
    "actions": _every("cases.tasks.actions_run", ENV.outbox_tick_s),
    "measures": _every("cases.tasks.measures_follow", ENV.measures_tick_s),
    "trustletters": _every("cases.tasks.trust_letters_send", ENV.measures_tick_s),
    "reviews": _every("cases.tasks.reviews_sweep", ENV.review_tick_s),
    "outbound": _every("workspace.outbound.tasks.notices_go", ENV.outbox_tick_s),
    "ledger": _every("cases.tasks.ledger_keep", ENV.ledger_tick_s),
    "verification": _every("cases.tasks.ledger_runs_go", ENV.outbox_tick_s),
}
app.autodiscover_tasks()
