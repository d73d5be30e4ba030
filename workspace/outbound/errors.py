"""What can be wrong with a subscription, in a sentence that says what to do."""

from __future__ import annotations


class BadSubscription(Exception):
    """``field`` names what can't be taken."""

    def __init__(self, sentence: str, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field


class UnknownSubscription(Exception):
    """There is no such subscription or notice."""
