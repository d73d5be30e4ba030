"""The whole of what an integrator must learn. No Django in here, and nothing of the product's own."""

from connectors.sdk.connector import Connector, Settings, action
from connectors.sdk.errors import (
    BadCredentials,
    BadSettings,
    Missing,
    Refused,
    SourceError,
    TryAgain,
    Unreadable,
)
from connectors.sdk.refs import Ref
from connectors.sdk.rows import ActionSpec, Delivery, Fact, Found, Page, Row, Undone

__all__ = [
    "ActionSpec", "BadCredentials", "BadSettings", "Connector", "Delivery", "Fact", "Found", "Missing",
    "Page", "Ref", "Refused", "Row", "Settings", "SourceError", "TryAgain", "Undone", "Unreadable", "action",
]  # fmt: skip
