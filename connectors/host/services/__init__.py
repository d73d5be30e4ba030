"""Writes of the host. Each verb is one function, one transaction."""

from connectors.host.led import clock_led
from connectors.host.services.acting import (
    action_find,
    arguments_plain,
    arguments_read,
    confirmation,
    source_act,
)
from connectors.host.services.backfills import (
    backfill_cancel,
    backfill_get,
    backfill_pause,
    backfill_resume,
    backfill_start,
    backfill_work,
    backfills_due,
)
from connectors.host.services.clock import clock_tick
from connectors.host.services.deliveries import Stored, delivery_store
from connectors.host.services.deliveries_again import deliveries_rerun, deliveries_wake, delivery_rerun
from connectors.host.services.deliveries_working import deliveries_due, deliveries_work, delivery_work
from connectors.host.services.drift import drift_accept, drift_note
from connectors.host.services.gathering import Gathering, gather, gather_now
from connectors.host.services.imports import (
    Preview,
    PreviewLine,
    import_cancel,
    import_create,
    import_pause,
    import_preview,
    import_resume,
    import_work,
    imports_due,
    mapping_read,
    mapping_sketch,
)
from connectors.host.services.polling import (
    source_check,
    source_cursor_reset,
    source_get,
    source_poll,
    source_poll_due,
    sources_due,
)
from connectors.host.services.pushing import Pushed, facts_push
from connectors.host.services.recording import Asked, Batch, Recorded, RefOutcome, facts_record, facts_record_all
from connectors.host.services.refs import refs_intern
from connectors.host.services.secret_places import references_allowed
from connectors.host.services.sources import demo_sources_keep, source_save
from connectors.host.services.sources_asking import Asking, pool_wait, source_retry, source_try
from connectors.host.services.sources_log import source_note
from connectors.host.services.sources_verbs import source_pause, source_resume, source_secret_rotate

__all__ = [
    "Asked", "Asking", "Batch", "Gathering", "Preview", "PreviewLine", "Pushed", "Recorded", "RefOutcome", "Stored",
    "action_find", "arguments_plain", "arguments_read", "backfill_cancel", "backfill_get", "backfill_pause",
    "backfill_resume", "backfill_start", "backfill_work", "backfills_due", "clock_led", "clock_tick", "confirmation",
    "deliveries_due", "deliveries_rerun", "deliveries_wake", "deliveries_work", "delivery_rerun", "delivery_store",
    "delivery_work", "demo_sources_keep", "drift_accept", "drift_note", "facts_push", "facts_record",
    "facts_record_all", "gather", "gather_now", "import_cancel", "import_create", "import_pause", "import_preview",
    "import_resume", "import_work", "imports_due", "mapping_read", "mapping_sketch", "pool_wait", "references_allowed",
    "refs_intern", "source_act", "source_check", "source_cursor_reset", "source_get", "source_note", "source_pause",
    "source_poll", "source_poll_due", "source_resume", "source_retry", "source_save", "source_secret_rotate",
    "source_try", "sources_due",
]  # fmt: skip
