"""What every connector is made of."""

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
from connectors.sdk.rows import ActionSpec, Delivery, Done, Fact, Found, Page, Row, Undone
from connectors.sdk.signatures import Hmac, StandardWebhooks, StripeScheme

__all__ = [
    "ActionSpec", "BadCredentials", "BadSettings", "Connector", "Delivery", "Done", "Fact", "Found", "Hmac", "Missing",
    "Page", "Ref", "Refused", "Row", "Settings", "SourceError", "StandardWebhooks", "StripeScheme", "TryAgain",
    "Undone", "Unreadable", "action",
]  # fmt: skip
