"""The state of the ledger: whether history holds, its anchors, and who looked at whose data."""

from cases.selectors.ledger.anchored import anchors_signed, keys_known
from cases.selectors.ledger.exported import anchors_export, anchors_read
from cases.selectors.ledger.kinds import kind_enter
from cases.selectors.ledger.looks import access_search
from cases.selectors.ledger.state import ledger_state
from cases.selectors.ledger.verdicts import Exported, Verdict
from cases.selectors.ledger.verifying import case_verify, ledger_verify

__all__ = [
    "Exported", "Verdict", "access_search", "anchors_export", "anchors_read", "anchors_signed", "case_verify",
    "keys_known", "kind_enter", "ledger_state", "ledger_verify",
]  # fmt: skip
