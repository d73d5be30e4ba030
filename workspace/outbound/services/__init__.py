"""What can be done with subscriptions. One verb, one function, one transaction."""

from workspace.outbound.services.collecting import notices_collect
from workspace.outbound.services.sending import notices_send
from workspace.outbound.services.subscribing import (
    BY_HAND,
    notice_again,
    notices_again,
    subscription_change,
    subscription_delete,
    subscription_rotate,
    subscription_save,
    subscription_try,
)

__all__ = [
    "BY_HAND", "notice_again", "notices_again", "notices_collect", "notices_send", "subscription_change",
    "subscription_delete", "subscription_rotate", "subscription_save", "subscription_try",
]  # fmt: skip
