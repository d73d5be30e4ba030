"""News of cases for the floors above."""

from django.dispatch import Signal

content_erased = Signal()
"""Sent inside the transaction that erases, with ``events`` (ids whose words go), ``cases`` (references) and ``needles``
(what identifies the person; empty where only age decided): receivers erase what they keep of it."""
