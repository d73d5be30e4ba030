"""What keeps history provable: digests and anchors, keys, and runs of the verification."""

from cases.services.ledger.exporting import case_export
from cases.services.ledger.keeping import ledger_key, ledger_problem, ledger_rotate
from cases.services.ledger.running import ledger_keep, ledger_run, ledger_runs_go
from cases.services.ledger.sealing import ledger_seal

__all__ = [
    "case_export", "ledger_keep", "ledger_key", "ledger_problem", "ledger_rotate", "ledger_run", "ledger_runs_go",
    "ledger_seal",
]  # fmt: skip
