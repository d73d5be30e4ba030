"""What leaves as it came, or whole by its purpose, can't be masked: it is for who may see all that it may hold."""

from __future__ import annotations

from email import message_from_bytes
from typing import Any

from django.core.exceptions import PermissionDenied

from connectors.sdk.personal import CARD, cards
from workspace.access.fields import hidden


class NeedsAccess(PermissionDenied):
    """A file that can't be masked. ``case`` is its case's reference, empty for what belongs to none."""

    def __init__(self, case: Any = None) -> None:
        super().__init__("What is in this can’t be masked, so it is for who may see all of it.")
        self.case = str(getattr(case, "pk", case) or "")


def whole_only(user: Any, case: Any = None, *, card: bool = True, own: bool | None = None) -> None:
    """Raises NeedsAccess for who sees masked what this may hold: any class; whole cards only where ``card`` says so.
    ``own`` is as in ``fields.hidden``."""
    if hidden(user, case, own=own) - (frozenset() if card else {"card"}):
        raise NeedsAccess(case)


def card_in(content: bytes) -> bool:
    """Whether a text, or a text part of a letter, holds a whole card number. What is no text is not looked into."""
    parts = [part.get_payload(decode=True) for part in message_from_bytes(content).walk()]
    return any(_card(part) for part in (content, *parts) if isinstance(part, bytes))


def _card(content: bytes) -> bool:
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return False
    return any(True for run in CARD.finditer(text) for _ in cards(run.group()))
