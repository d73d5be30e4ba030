"""Erasure on request, by two people; retention by age; legal holds; and what is held about a person, for themselves."""

from cases.services.retention.asking import (
    erasure_ask,
    erasure_decide,
    erasure_refuse,
    erasure_withdraw,
    legal_hold_lift,
    legal_hold_set,
)
from cases.services.retention.erasing import erasure_approve
from cases.services.retention.exporting import customer_export, customer_held
from cases.services.retention.sweeping import retention_sweep

__all__ = [
    "customer_export", "customer_held", "erasure_approve", "erasure_ask", "erasure_decide", "erasure_refuse",
    "erasure_withdraw", "legal_hold_lift", "legal_hold_set", "retention_sweep",
]  # fmt: skip
