"""Daily Merkle digests over what was recorded: made once, verified at any time, and with a path from each row."""

from connectors.host.services.digests.kinds import Kind, by_day
from connectors.host.services.digests.merkle import canonical, content_digest, plain
from connectors.host.services.digests.proving import digest_proofs
from connectors.host.services.digests.said import CHECKS, CLOSINGS, FACTS, RAW_ROWS
from connectors.host.services.digests.said import KINDS as SAID_KINDS
from connectors.host.services.digests.sealing import (
    GRACE,
    digest_days,
    digest_last,
    digest_seal,
    digested_days,
    digests_since,
    rows_by_ids,
    start_of,
)
from connectors.host.services.digests.verifying import Counted, Erased, Fault, Paused, day_verify, earlier_fault

__all__ = [
    "CHECKS", "CLOSINGS", "FACTS", "GRACE", "RAW_ROWS", "SAID_KINDS", "Counted", "Erased", "Fault", "Kind", "Paused",
    "by_day", "canonical", "content_digest", "day_verify", "digest_days", "digest_last", "digest_proofs", "digest_seal",
    "digested_days", "digests_since", "earlier_fault", "plain", "rows_by_ids", "start_of",
]  # fmt: skip
