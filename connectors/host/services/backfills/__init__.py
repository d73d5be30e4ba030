"""Reading a source's past, page by page, beside its polling."""

from connectors.host.services.backfills.verbs import (
    backfill_cancel,
    backfill_get,
    backfill_pause,
    backfill_resume,
    backfill_start,
)
from connectors.host.services.backfills.work import backfill_work, backfills_due

__all__ = [
    "backfill_cancel", "backfill_get", "backfill_pause", "backfill_resume", "backfill_start", "backfill_work",
    "backfills_due",
]  # fmt: skip
